"""Opens what digit-listen listens to: a microphone, a recording or standard input."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from recognizer.errors import DeviceError, InputError

if TYPE_CHECKING:
    from recognizer.audio import Block
    from recognizer.configuration.settings import Settings
    from recognizer.sources.audio_file import AudioFile
    from recognizer.sources.capture_state import Report

STANDARD_INPUT = "-"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """What only flags say, as it is for this run alone.

    Attributes:
        recording: path of a recording, "-" for standard input, None for the microphone.
        rate: of standard input, in Hz.
        live: whether to draw on the terminal.

    """

    recording: str | None
    rate: int
    live: bool


class Sources:
    """Opens the source of a run, again and again if settings change.

    Args:
        run: which one.
        tell: takes one line on a recording or standard input, which do not change.
        report: takes every state of a microphone.
        shows_progress: whether to show on standard error how much of a recording is done.

    """

    def __init__(
        self, run: Run, tell: Callable[[str], None], report: Report, *, shows_progress: bool
    ) -> None:
        self._run = run
        self._tell = tell
        self._report = report
        self._shows_progress = shows_progress
        self._opened: tuple[str | None, ...] = ()

    def open(self, settings: Settings, stack: ExitStack) -> Iterable[Block]:
        """Return the source; the stack closes it."""
        path = self._run.recording
        if path == STANDARD_INPUT:
            return self._standard_input(stack)
        if path is not None:
            recording = self._recording(path, stack)
            return _with_progress(recording, sys.stderr) if self._shows_progress else recording
        return self._microphone(settings, stack)

    def _standard_input(self, stack: ExitStack) -> Iterable[Block]:
        from recognizer.sources.raw_stream import RawStream

        if sys.stdin is None:
            raise InputError("standard input is closed, expected raw 16-bit mono samples")
        self._announce(f"listening to standard input, {self._run.rate} Hz")
        pipe = stack.enter_context(os.fdopen(sys.stdin.fileno(), "rb", closefd=False))
        return RawStream(pipe, self._run.rate)

    def _recording(self, path: str | Path, stack: ExitStack) -> AudioFile:
        from recognizer.sources.audio_file import AudioFile

        recording = stack.enter_context(AudioFile(path))
        seconds, rate = recording.duration, recording.sample_rate
        self._announce(f"listening to {path}, {seconds:.1f} s, {rate} Hz")
        if seconds < 1:
            logger.warning("%s is shorter than a second; digit-classify can tell such clips", path)
        return recording

    def _microphone(self, settings: Settings, stack: ExitStack) -> Iterable[Block]:
        from recognizer.sources.input_devices import NoMicrophoneError
        from recognizer.sources.steady_microphone import SteadyMicrophone

        device = settings.device
        # One that was there before is lost, and waited for however it was found at first.
        wait = settings.wait or (device,) == self._opened
        try:
            source = stack.enter_context(SteadyMicrophone(device, wait=wait, report=self._report))
        except NoMicrophoneError as error:
            raise DeviceError(f"{error}, or try digit-listen --demo") from None
        self._opened = (device,)
        return source

    def _announce(self, text: str) -> None:
        logger.info("%s", text)
        self._tell(text)


def _with_progress(recording: AudioFile, terminal: TextIO) -> Iterator[Block]:
    shown = -1
    for block in recording:
        percent = min(100, int(100 * block.end / recording.duration))
        if percent > shown:
            shown = percent
            print(f"\r{percent:3d} %\r", end="", file=terminal, flush=True)
        yield block
