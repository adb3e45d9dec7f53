"""Puts digit-listen together: what is opened for which settings."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from recognizer.commands.console import before_each_log_line
from recognizer.errors import DeviceError, InputError
from recognizer.service.daemon import Daemon, Parts
from recognizer.service.notify import Notifier
from recognizer.service.part import Part
from recognizer.service.status import Status
from recognizer.service.watchdog import Watchdog, watchdog_seconds

if TYPE_CHECKING:
    from recognizer.audio import Block
    from recognizer.configuration.settings import Settings
    from recognizer.live.view import LiveView
    from recognizer.recognizer import Recognizer
    from recognizer.service.requests import Requests
    from recognizer.sinks.sink import Sink
    from recognizer.snapshot import Snapshot
    from recognizer.sources.audio_file import AudioFile

logger = logging.getLogger(__name__)

STANDARD_INPUT = "-"


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


def make_daemon(run: Run, load: Callable[[], Settings], requests: Requests) -> Daemon:
    """Return the program, ready to run: the one place that knows all parts of it."""
    notifier = Notifier.from_environment()
    status = Status(notifier, Watchdog(notifier, watchdog_seconds()))
    recognizer = Part(_always, _open_recognizer)
    view = _View(run.live, lambda: recognizer.thing.labels)
    source = Part(
        lambda settings: (settings.device, settings.wait),
        _Sources(run, status, shows_progress=not view.is_wanted and sys.stderr.isatty()).open,
    )
    sinks: tuple[Part[Sink], ...] = (Part(lambda settings: settings.json, view.open),)
    parts = Parts(recognizer, source, sinks, monitor=view.show if view.is_wanted else None)
    return Daemon(load, parts, requests, status)


def _always(_: Settings) -> object:
    """Return what is like nothing else: a model is loaded anew in every exchange."""
    return object()


def _open_recognizer(settings: Settings, stack: ExitStack) -> Recognizer:
    from recognizer.recognizer import Recognizer

    recognizer = stack.enter_context(Recognizer(settings.model, provider=settings.provider))
    logger.info("model %s runs on %s", settings.model, recognizer.provider)
    return recognizer


class _View:
    """The sink that people look at: a live view, or lines."""

    def __init__(self, is_wanted: bool, labels: Callable[[], tuple[str, ...]]) -> None:
        self.is_wanted = is_wanted and self._can_draw()
        self._labels = labels
        self._view: LiveView | None = None

    def open(self, settings: Settings, stack: ExitStack) -> Sink:
        from recognizer.sinks.lines import JsonSink, TextSink

        if self.is_wanted:
            self._view = stack.enter_context(self._live_view())
            return self._view
        return JsonSink(sys.stdout) if settings.json else TextSink(sys.stdout)

    def show(self, snapshot: Snapshot) -> None:
        if self._view is not None:
            self._view.show(snapshot)

    def _can_draw(self) -> bool:
        from recognizer.live.terminal import can_draw

        if can_draw(sys.stdout, os.environ):
            return True
        logger.info("standard output is no terminal to draw on, so --live prints plain lines")
        return False

    def _live_view(self) -> LiveView:
        from recognizer.live.terminal import has_colour, terminal_size
        from recognizer.live.view import LiveView

        terminal = sys.stdout
        colour = has_colour(terminal, os.environ)
        view = LiveView(self._labels(), terminal, lambda: terminal_size(terminal), colour=colour)
        before_each_log_line(view.make_room)
        return view


class _Sources:
    """Opens the source of a run."""

    def __init__(self, run: Run, status: Status, *, shows_progress: bool) -> None:
        self._run = run
        self._status = status
        self._shows_progress = shows_progress
        self._opened: tuple[str | None, ...] = ()

    def open(self, settings: Settings, stack: ExitStack) -> Iterable[Block]:
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

        device, report = settings.device, self._status.capture
        # One that was there before is lost, and waited for however it was found at first.
        wait = settings.wait or (device,) == self._opened
        try:
            microphone = stack.enter_context(SteadyMicrophone(device, wait=wait, report=report))
        except NoMicrophoneError as error:
            raise DeviceError(f"{error}, or try digit-listen --demo") from None
        self._opened = (device,)
        return microphone

    def _announce(self, text: str) -> None:
        logger.info("%s", text)
        self._status.source(text)


def _with_progress(recording: AudioFile, terminal: TextIO) -> Iterator[Block]:
    shown = -1
    for block in recording:
        percent = min(100, int(100 * block.end / recording.duration))
        if percent > shown:
            shown = percent
            print(f"\r{percent:3d} %\r", end="", file=terminal, flush=True)
        yield block
