"""Puts digit-listen together: the one place that knows all its parts.

A part is opened for the settings that it depends on, and opened anew where a reload changes these.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from recognizer.commands.meter import Meter
from recognizer.commands.sources import Run, Sources
from recognizer.commands.views import Views
from recognizer.service.daemon import Daemon, Parts
from recognizer.service.notify import Notifier
from recognizer.service.part import Part
from recognizer.service.status import Status
from recognizer.service.watchdog import Watchdog, watchdog_seconds

if TYPE_CHECKING:
    from recognizer.audio import Block
    from recognizer.configuration.settings import Settings
    from recognizer.detection import Detection
    from recognizer.recognizer import Recognizer
    from recognizer.service.requests import Requests
    from recognizer.sinks.sink import Sink
    from recognizer.sources.capture_state import CaptureState
    from recognizer.wyoming.server import WyomingServer

logger = logging.getLogger(__name__)


def make_daemon(run: Run, load: Callable[[], Settings], requests: Requests) -> Daemon:
    """Return the program, ready to run."""
    notifier = Notifier.from_environment()
    status = Status(notifier, Watchdog(notifier, watchdog_seconds()))
    return Daemon(load, _Wiring(run, status).parts, requests, status)


class _Wiring:
    def __init__(self, run: Run, status: Status) -> None:
        self._status = status
        self._meter = Meter()
        # A model is loaded anew in every exchange: its file may have changed.
        self._recognizer = Part(lambda _: object(), _open_recognizer)
        self._views = Views(run.live, lambda: self._recognizer.thing.labels)
        shows_progress = self._views.monitor is None and sys.stderr.isatty()
        sources = Sources(run, status.source, self._report, shows_progress=shows_progress)
        self._source = Part(lambda settings: (settings.device, settings.wait), sources.open)
        self._wyoming = Part(lambda settings: settings.wyoming, self._open_wyoming)

    @property
    def parts(self) -> Parts:
        sinks: tuple[Part[Sink | None], ...] = (
            Part(lambda settings: settings.json, self._views.open),
            Part(lambda settings: settings.socket, _open_socket),
            Part(lambda settings: settings.exec, _open_program),
            self._meter.part,
        )
        opening = (self._recognizer, self._source, *sinks, self._wyoming)
        return Parts(opening, self._source, sinks, self._listen, self._exchanged)

    def _listen(self, settings: Settings, blocks: Iterable[Block]) -> Iterable[Detection]:
        from recognizer.listener import Listener

        return Listener(
            self._meter.classifier(self._recognizer.thing),
            self._meter.blocks(blocks),
            hop=settings.hop,
            vad=settings.aggressiveness,
            parameters=settings.decoder,
            monitor=self._meter.monitor(settings.hop, self._views.monitor),
        )

    def _exchanged(self, settings: Settings) -> None:
        self._meter.exchanged(self._recognizer.thing)
        if server := self._wyoming.thing:
            server.use(
                self._recognizer.thing,
                hop=settings.hop,
                vad=settings.aggressiveness,
                parameters=settings.decoder,
            )

    def _report(self, state: CaptureState) -> None:
        self._status.capture(state)
        self._meter.capture(state)

    def _open_wyoming(self, settings: Settings, stack: ExitStack) -> WyomingServer | None:
        if settings.wyoming is None:
            return None
        from recognizer.wyoming.server import WyomingServer

        server = stack.enter_context(WyomingServer(settings.wyoming, self._recognizer.thing))
        server.start()
        logger.info("Wyoming clients are served at %s", server.uri)
        return server


def _open_recognizer(settings: Settings, _: ExitStack) -> Recognizer:
    """Load the model. It is not closed: streams of Wyoming clients end with the one they began."""
    from recognizer.recognizer import Recognizer

    recognizer = Recognizer(settings.model, provider=settings.provider)
    logger.info("model %s runs on %s", settings.model, recognizer.provider)
    return recognizer


def _open_socket(settings: Settings, stack: ExitStack) -> Sink | None:
    if settings.socket is None:
        return None
    from recognizer.sinks.socket_sink import SocketSink

    return stack.enter_context(SocketSink(settings.socket))


def _open_program(settings: Settings, stack: ExitStack) -> Sink | None:
    if settings.exec is None:
        return None
    from recognizer.sinks.program_sink import ProgramSink

    return stack.enter_context(ProgramSink(settings.exec))
