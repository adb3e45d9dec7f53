"""The manager's watchdog, which restarts a service that it no longer hears from."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from recognizer.service.notify import Notifier


class Watchdog:
    """Is patted whenever sound arrives, and passes that on twice as often as the manager asks.

    No thread does it: a service that hears nothing, or hangs, falls silent here, too.

    Args:
        notifier: tells the manager.
        seconds: after which the manager acts; None where it does not watch.
        clock: seconds.

    """

    def __init__(
        self,
        notifier: Notifier,
        seconds: float | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._notifier = notifier
        self._interval = None if seconds is None else seconds / 2
        self._clock = clock
        self._next = float("-inf")

    def pat(self) -> None:
        """Take note that the service works."""
        if self._interval is None:
            return
        now = self._clock()
        if now >= self._next:
            self._next = now + self._interval
            self._notifier.alive()


def watchdog_seconds(
    environment: Mapping[str, str] = os.environ, process: int | None = None
) -> float | None:
    """Return after how long without a sign of life the manager acts; None where it never does.

    Args:
        environment: WATCHDOG_USEC and WATCHDOG_PID, as the manager sets them.
        process: our number, that of this process if None.

    """
    ours = str(os.getpid() if process is None else process)
    if environment.get("WATCHDOG_PID", ours) != ours:
        return None
    text = environment.get("WATCHDOG_USEC", "")
    return int(text) / 1e6 if text.isascii() and text.isdigit() and int(text) > 0 else None
