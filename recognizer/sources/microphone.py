"""A microphone as a source, through PortAudio at the device's own sample rate and channels."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

from recognizer.audio import Block
from recognizer.closing import Closing
from recognizer.errors import DeviceError
from recognizer.sources.capture_queue import Capture, CaptureQueue
from recognizer.sources.captured_sound import CapturedSound
from recognizer.sources.input_devices import InputDevice, choose_device, input_devices
from recognizer.sources.pace import LIVELY_SECONDS, Pace
from recognizer.sources.portaudio import first_line, let_exit_without_portaudio, portaudio
from recognizer.sources.stream_clock import StreamClock

if TYPE_CHECKING:
    import sounddevice

BUFFER_SECONDS = 0.2
"""What the device keeps while this program is busy with something else."""
QUEUE_BLOCKS = 300
STALL_SECONDS = 3.0
CLOSE_SECONDS = 1.0


class Microphone(Closing):
    """Yields the sound of an audio input as mono float32 blocks at 16 kHz, until it fails.

    The device opens here and records from the first block that is asked for, or from ``start``.
    Stream time counts the samples that were delivered; where the machine was too slow and sound
    was lost, the next block starts as much later than the last one ended.

    Args:
        device: index, name or part of a name; None takes the default input.
        stall_seconds: how long the device may deliver nothing before it counts as failed.
        stream_clock: tells the stream time of what arrives.

    Attributes:
        device: the input in use.

    Raises:
        NoMicrophoneError: there are no inputs.
        DeviceError: PortAudio is missing, no input matches, or the input cannot be opened.

    """

    def __init__(
        self,
        device: str | InputDevice | None = None,
        *,
        stall_seconds: float = STALL_SECONDS,
        stream_clock: StreamClock | None = None,
    ) -> None:
        if not isinstance(device, InputDevice):
            device = choose_device(input_devices(), device)
        self.device = device
        self._stall_seconds = stall_seconds
        self._stream_clock = stream_clock or StreamClock()
        self._queue = CaptureQueue(self.device.name, QUEUE_BLOCKS, self._stream_clock.clock)
        self._reader: Thread | None = None
        self._is_closed = False
        self._stream = self._open()

    @property
    def lost(self) -> int:
        """How often sound was lost because the machine was too slow or busy."""
        return self._queue.lost

    def __iter__(self) -> Iterator[Block]:
        """Yield blocks as they are recorded.

        Raises:
            DeviceError: the device went away or delivers nothing any more; all that it delivered
                before is yielded first.

        """
        with self:
            self.start()
            yield from self.blocks()

    def start(self) -> None:
        """Start to record; what nobody reads is kept for some ten seconds.

        Raises:
            DeviceError: the device does not start.

        """
        try:
            self._stream.start()
        except portaudio().PortAudioError as error:
            raise self._failure(f"cannot be started ({first_line(error)})") from None
        self._reader = Thread(target=self._read, name="microphone", daemon=True)
        self._reader.start()

    def wait_for_sound(self, seconds: float) -> None:
        """Return as soon as the first sound is there.

        Raises:
            DeviceError: there was none for so long, or the device went away.

        """
        deadline = monotonic() + seconds
        while not self._queue.has_sound:
            if self._queue.has_ended:
                raise self._failure("went away")
            if monotonic() > deadline:
                raise self._failure(f"delivered no sound for {seconds:g} s")
            sleep(LIVELY_SECONDS)

    def blocks(self) -> Iterator[Block]:
        """Yield what is recorded, as iterating does, but leave starting and closing to others.

        Raises:
            DeviceError: the device went away or delivers nothing any more, or ``interrupt`` was
                called; all that it delivered before is yielded first.

        """
        name = self.device.name
        sound = CapturedSound(self.device.sample_rate, name, self._stream_clock)
        try:
            for capture in self._captures():
                yield from sound.convert(capture)
        except DeviceError:
            yield from sound.finish()
            raise

    def interrupt(self) -> None:
        """Let whoever waits for blocks get what there is and then an error, without waiting."""
        self._queue.end()

    def close(self) -> None:
        """Stop recording and close the device, a hanging one after a second at most.

        Closing twice does no harm.
        """
        closing = Thread(target=self.close_and_wait, daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)
        if closing.is_alive():
            let_exit_without_portaudio()

    def close_and_wait(self) -> None:
        """Close the device, however long a hanging sound server takes; twice does no harm."""
        self._is_closed = True
        if self._reader:
            self._reader.join()
        self._stream.close()

    def _open(self) -> sounddevice.InputStream:
        library = portaudio()
        try:
            # Not with a callback: PortAudio 19.6 turns for ever in a loop that nothing ends where
            # a sound server dies before it delivered the first sound to one.
            return library.InputStream(
                device=self.device.index,
                samplerate=self.device.sample_rate,
                channels=self.device.channels,
                latency=BUFFER_SECONDS,
                dtype="float32",
            )
        except library.PortAudioError as error:
            raise self._failure(f"cannot be opened ({first_line(error)})") from None

    def _read(self) -> None:
        """Move sound from the device's buffer to ours until it fails or is closed."""
        pace = Pace()
        wait = LIVELY_SECONDS
        try:
            while not self._is_closed:
                # Reading more than there is would wait, without an end when the device is lost.
                if count := self._stream.read_available:
                    frames, overflowed = self._stream.read(count)
                    self._queue.put(frames, overflowed=overflowed)
                    wait = pace.wait(frames)
                sleep(wait)
        except portaudio().PortAudioError:
            pass
        finally:
            self._queue.end()

    def _captures(self) -> Iterator[Capture]:
        try:
            yield from self._queue.captures(self._stall_seconds)
        except TimeoutError:
            raise self._failure(f"delivered no sound for {self._stall_seconds:g} s") from None
        raise self._failure("went away")

    def _failure(self, what: str) -> DeviceError:
        return DeviceError(
            f"{self.device.name}: the input device {what}, expected a microphone that records at "
            f"{self.device.sample_rate} Hz; check that it is plugged in and free"
        )
