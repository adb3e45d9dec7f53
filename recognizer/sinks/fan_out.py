"""Hands every detection to several sinks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from recognizer.closing import Closing
from recognizer.detection import Detection
from recognizer.sinks.sink import Sink
from recognizer.tally import Tally

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Outlet:
    sink: Sink
    failures: Tally


class FanOut(Closing):
    """Hands each detection to all sinks in their order; a sink that fails stops no other.

    A failure is a counted warning, and the sink gets the next detection again. A sink whose reader
    is gone is left out from then on; only when no sink is left is that an error.

    Args:
        sinks: one or more; those that hold something open are closed with this one.
        clock: seconds, for the warnings.

    """

    def __init__(
        self, sinks: Iterable[Sink], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._outlets = [_Outlet(sink, Tally(logger, clock)) for sink in sinks]
        self._held = [each.sink for each in self._outlets if isinstance(each.sink, Closing)]

    def write(self, detection: Detection) -> None:
        """Hand on one detection; raises BrokenPipeError when the last sink lost its reader."""
        for outlet in tuple(self._outlets):
            self._write(outlet, detection)

    def close(self) -> None:
        """Close the sinks that hold something, the last first; closing twice does no harm."""
        with ExitStack() as stack:
            for sink in self._held:
                stack.callback(sink.close)

    def _write(self, outlet: _Outlet, detection: Detection) -> None:
        try:
            outlet.sink.write(detection)
        except BrokenPipeError:
            self._outlets.remove(outlet)
            if not self._outlets:
                raise
            logger.warning("nobody reads %s any more, it is left out", outlet.sink)
        except (OSError, ValueError) as error:
            outlet.failures.add(f"a detection was lost, {outlet.sink} failed: {error}")
