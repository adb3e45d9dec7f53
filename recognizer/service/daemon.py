"""Listens until it is asked to end, reloads when it is asked to, and tells the manager."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from recognizer.audio import Block
from recognizer.configuration.settings import Settings
from recognizer.detection import Detection
from recognizer.errors import DigitListenError
from recognizer.listener import Listener
from recognizer.recognizer import Recognizer
from recognizer.service.part import Part, exchange
from recognizer.service.requests import InterruptedWaitError, Requests
from recognizer.service.status import Status
from recognizer.sinks.sink import Sink
from recognizer.snapshot import Monitor

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What a daemon is made of.

    Attributes:
        recognizer: tells the words apart.
        source: blocks of sound; its iteration goes on where the last one stopped.
        sinks: each gets every detection, in this order.
        monitor: see Listener.

    """

    recognizer: Part[Recognizer]
    source: Part[Iterable[Block]]
    sinks: tuple[Part[Sink], ...]
    monitor: Monitor | None = None

    @property
    def all(self) -> tuple[Part[Any], ...]:
        """Every part, in the order in which they open."""
        return (self.recognizer, self.source, *self.sinks)


class Daemon:
    """One program from its start to its end, in a terminal as under a service manager.

    Args:
        load: reads the settings that hold now; raises InputError.
        parts: not open yet; the daemon opens and closes them.
        requests: tells when to end and when to reload.
        status: is told how it goes.

    """

    def __init__(
        self, load: Callable[[], Settings], parts: Parts, requests: Requests, status: Status
    ) -> None:
        self._load = load
        self._parts = parts
        self._requests = requests
        self._status = status
        self._settings = load()
        self._source: Iterable[Block] = ()
        self._blocks: Iterator[Block] = iter(())

    def run(self) -> None:
        """Listen until the source ends or the end is asked for; what was heard is reported first.

        Raises:
            DigitListenError: a part does not open, or the source failed.

        """
        with ExitStack() as stack:
            for part in self._parts.all:
                stack.callback(part.close)
            exchange(self._parts.all, self._settings)
            try:
                self._listen()
            finally:
                for sink in self._parts.sinks:
                    sink.close()
                logger.info("words heard: %d", self._status.words)

    def _listen(self) -> None:
        while True:
            for detection in self._detections():
                self._hand_on(detection)
            if self._is_ending:
                return
            self._requests.reload_asked = False
            self._reload()

    @property
    def _is_ending(self) -> bool:
        return self._requests.end_asked or not self._requests.reload_asked

    def _detections(self) -> Iterable[Detection]:
        return Listener(
            self._parts.recognizer.thing,
            self._arriving(),
            hop=self._settings.hop,
            vad=self._settings.aggressiveness,
            parameters=self._settings.decoder,
            monitor=self._parts.monitor,
        )

    def _arriving(self) -> Iterator[Block]:
        """Yield blocks until something is asked for, and let the manager see that they come."""
        if self._source is not self._parts.source.thing:
            self._source = self._parts.source.thing
            self._blocks = iter(self._source)
        try:
            for block in self._requests.until_asked(self._blocks):
                if len(block.samples):
                    self._status.sound()
                yield block
        except InterruptedWaitError:
            # Nothing came: there is nothing to lose in opening the source anew.
            self._parts.source.close()
        if self._is_ending:
            self._status.ending()

    def _hand_on(self, detection: Detection) -> None:
        self._status.heard()
        for sink in self._parts.sinks:
            sink.thing.write(detection)

    def _reload(self) -> None:
        """Exchange settings and parts for those that hold now, or keep all that were."""
        self._status.reloading()
        try:
            settings = self._load()
            exchange(self._parts.all, settings)
        except DigitListenError as error:
            trouble = f"not reloaded, configuration and model stay as they were: {error}"
            logger.warning("%s", trouble)
            # It may have been closed because nothing came.
            exchange((self._parts.source,), self._settings)
            self._status.reloaded(trouble)
        else:
            self._settings = settings
            logger.info("reloaded")
            self._status.reloaded()
