"""A microphone that survives what happens to sound hardware: it notices, and listens again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic

import numpy as np

from recognizer.audio import Block
from recognizer.closing import Closing
from recognizer.errors import DeviceError, DigitListenError
from recognizer.sources.backoff import Backoff
from recognizer.sources.capture_reporter import CaptureReporter
from recognizer.sources.capture_state import CaptureState, Report
from recognizer.sources.microphone import Microphone
from recognizer.sources.microphone_opener import MicrophoneOpener
from recognizer.sources.portaudio import NoPortAudioError, let_exit_without_portaudio
from recognizer.sources.sound_thread import Outcome, SoundThread
from recognizer.sources.stream_clock import StreamClock
from recognizer.sources.zero_watch import ZeroWatch

STALL_SECONDS = 2.0
SILENCE_SECONDS = 10.0
OPEN_SECONDS = 5.0
CLOSE_SECONDS = 0.3
STEADY_SECONDS = 5.0
"""A device that delivered for so long is opened anew at once; others only after a pause."""


class SteadyMicrophone(Closing):
    """Yields the sound of an audio input as mono float32 blocks at 16 kHz, until it is closed.

    A device that goes away, whose sound server ends or hangs, that is suspended or stops
    delivering is noticed within ``stall_seconds``, told once, and opened anew by its name as soon
    as it is back, whatever its index is then. One that delivers nothing but zeros is told, too,
    and opened anew now and then, but listened to all the time. Stream time goes on with the
    clock meanwhile: a block that starts later than the last one ended follows lost sound. An
    empty block marks where a loss was noticed, so that words heard before need not wait.
    Opening anew starts PortAudio anew, which ends its other streams in the same program.

    Args:
        device: index, name or part of a name; None takes the default input. What is found first
            is looked for by its name from then on.
        wait: whether to wait for a microphone that is missing at the start instead of failing.
        report: called with every change of the state, while blocks are read.
        stall_seconds: how long the device may deliver nothing before it counts as lost.
        silence_seconds: how long it may deliver nothing but zeros before that is told.
        clock: tells the time in seconds.
        sleep: waits between attempts to open the device; the default is woken by ``close``.
        opener: opens the device; for tests.

    Raises:
        NoMicrophoneError: there are no inputs, and it is not to wait for one.
        DeviceError: PortAudio is missing; or, if it is not to wait, no input matches or the input
            cannot be opened.

    """

    def __init__(
        self,
        device: str | None = None,
        *,
        wait: bool = False,
        report: Report = lambda _: None,
        stall_seconds: float = STALL_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], object] | None = None,
        opener: MicrophoneOpener | None = None,
    ) -> None:
        self._wait = wait
        self._stall_seconds = stall_seconds
        self._stream_clock = StreamClock(clock)
        self._sleep = sleep or self._sleep_unless_closed
        self._opener = opener or MicrophoneOpener(device, stall_seconds, self._stream_clock)
        self._zeros = ZeroWatch(silence_seconds)
        self._reporter = CaptureReporter(device, report)
        self._microphone: Microphone | None = None
        self._lost_before = 0
        self._backoff = Backoff()
        self._end = 0.0
        self._is_closed = False
        self._thread = SoundThread[Microphone | None]()
        if not wait:
            self._open()

    @property
    def state(self) -> CaptureState:
        """How the microphone fares now."""
        return self._reporter.state

    def __iter__(self) -> Iterator[Block]:
        """Yield blocks as they are recorded, until ``close`` is called.

        Raises:
            DeviceError: PortAudio is missing; or, if it is not to wait, the first sound fails to
                come.

        """
        with self:
            while microphone := self._recording():
                yield from self._heard(microphone)

    def close(self) -> None:
        """End the iteration at once and close the device, in the background if it hangs.

        May be called in any thread, and by the handler of a signal; twice does no harm.
        """
        self._is_closed = True
        self._thread.wake()
        if self._microphone:
            self._microphone.interrupt()
        if not self._thread.end(self._opener.close, CLOSE_SECONDS):
            let_exit_without_portaudio()

    def _open(self) -> None:
        try:
            self._thread.ask(self._opener.open)
            _result(self._thread.wait(OPEN_SECONDS))
        except (DigitListenError, TimeoutError) as error:
            self.close()
            raise (_no_answer() if isinstance(error, TimeoutError) else error) from None

    def _recording(self) -> Microphone | None:
        """Return a microphone that delivers, however long that takes; None when closed."""
        while True:
            self._sleep(self._backoff.next())
            if self._is_closed:
                return None
            try:
                return self._attempt()
            except DigitListenError as error:
                self._fail(error)

    def _attempt(self) -> Microphone | None:
        self._thread.ask(self._opener.record)
        try:
            patience = self._stall_seconds if self._reporter.was_heard else OPEN_SECONDS
            return _result(self._thread.wait(patience))
        except TimeoutError:
            self._fail(_no_answer())
        # Nothing else can be tried while PortAudio hangs.
        return _result(self._thread.wait())

    def _heard(self, microphone: Microphone) -> Iterator[Block]:
        """Yield what a microphone delivers until it fails or is to be opened anew."""
        self._microphone = microphone
        try:
            yield from self._blocks(microphone)
        except DigitListenError as error:
            if not self._is_closed:
                self._fail(error)
                yield Block(np.zeros(0, np.float32), self._stream_clock.now())
        finally:
            self._lost_before += microphone.lost

    def _blocks(self, microphone: Microphone) -> Iterator[Block]:
        began: float | None = None
        for block in () if self._is_closed else microphone.blocks():
            if self._is_closed:
                return
            if began is None:
                began = block.start
                self._reporter.opened(microphone.device, began - self._end)
            self._end = block.end
            if block.end - began > STEADY_SECONDS:
                self._backoff.reset()
            is_to_reopen = self._follow(block, microphone)
            yield block
            if is_to_reopen:
                return

    def _follow(self, block: Block, microphone: Microphone) -> bool:
        """Tell how the microphone fares, and return whether it is worth to open it anew."""
        is_to_reopen = self._zeros.hear(block)
        if self._zeros.is_silent:
            self._reporter.silent(self._zeros.silence)
        else:
            self._reporter.sound()
        self._reporter.overflows(self._lost_before + microphone.lost)
        return is_to_reopen

    def _fail(self, error: DigitListenError) -> None:
        """Tell of an error, or raise one that is not to be waited out."""
        may_wait = self._wait or self._reporter.was_heard
        if isinstance(error, NoPortAudioError) or not may_wait:
            raise error
        self._zeros.restart()
        self._reporter.fail(error)

    def _sleep_unless_closed(self, seconds: float) -> None:
        with suppress(TimeoutError):
            self._thread.wait(seconds)


def _result(outcome: Outcome[Microphone | None] | None) -> Microphone | None:
    """Return the microphone that a job opened; None if it was not waited for to the end."""
    if outcome is None:
        return None
    if outcome.error:
        raise outcome.error
    if outcome.result is None:
        raise RuntimeError("the thread that opens microphones crashed, its traceback is above")
    return outcome.result


def _no_answer() -> DeviceError:
    return DeviceError(
        "the sound system does not answer, expected it to open a microphone; check that the "
        "sound server runs"
    )
