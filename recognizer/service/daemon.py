"""Listens until it is asked to end, reloads when it is asked to, and tells the manager."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from recognizer.audio import Block
from recognizer.configuration.settings import Settings
from recognizer.detection import Detection
from recognizer.errors import DigitListenError
from recognizer.service.part import Part, exchange
from recognizer.service.requests import InterruptedWaitError, Requests
from recognizer.service.status import Status
from recognizer.sinks.fan_out import FanOut
from recognizer.sinks.sink import Sink

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What a daemon is made of.

    Attributes:
        opening: every part, in the order in which they open.
        source: blocks of sound; its iteration goes on where the last one stopped.
        sinks: each that there is gets every detection, in this order.
        listen: returns the detections in blocks, heard as the settings say.
        exchanged: is told, with the settings that hold now, whenever parts were exchanged.

    """

    opening: tuple[Part[Any], ...]
    source: Part[Iterable[Block]]
    sinks: tuple[Part[Sink | None], ...]
    listen: Callable[[Settings, Iterable[Block]], Iterable[Detection]]
    exchanged: Callable[[Settings], None]


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
        self._fan_out = FanOut(())

    def run(self) -> None:
        """Listen until the source ends or the end is asked for; what was heard is reported first.

        Raises:
            DigitListenError: a part does not open, or the source failed.

        """
        with ExitStack() as stack:
            for part in self._parts.opening:
                stack.callback(part.close)
            self._exchange(self._settings)
            try:
                self._listen()
            finally:
                for sink in self._parts.sinks:
                    sink.close()
                logger.info("words heard: %d", self._status.words)

    def _listen(self) -> None:
        while True:
            for detection in self._parts.listen(self._settings, self._arriving()):
                self._status.heard()
                self._fan_out.write(detection)
            if self._is_ending:
                return
            self._requests.reload_asked = False
            self._reload()

    @property
    def _is_ending(self) -> bool:
        return self._requests.end_asked or not self._requests.reload_asked

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

    def _reload(self) -> None:
        """Exchange settings and parts for those that hold now, or keep all that were."""
        self._status.reloading()
        try:
            settings = self._load()
            self._exchange(settings)
        except DigitListenError as error:
            trouble = f"not reloaded, configuration and model stay as they were: {error}"
            logger.warning("%s", trouble)
            # It may have been closed because nothing came.
            exchange((self._parts.source,), self._settings)
            self._status.reloaded(trouble)
        else:
            # Circles that gone clients leave behind can hold an old model, which is megabytes.
            gc.collect()
            logger.info("reloaded")
            self._status.reloaded()

    def _exchange(self, settings: Settings) -> None:
        """Let the parts be as these settings ask for; raises DigitListenError and changes none."""
        exchange(self._parts.opening, settings)
        self._settings = settings
        sinks = [part.thing for part in self._parts.sinks]
        self._fan_out = FanOut(sink for sink in sinks if sink is not None)
        self._parts.exchanged(settings)
