"""Counts what goes wrong again and again, and warns of it without flooding the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock

WARNING_INTERVAL = 60.0


class Tally:
    """Counts mishaps of one kind; the first is logged at once, then one a minute at most.

    Threads may share it.

    Args:
        logger: takes the warnings.
        clock: seconds.

    Attributes:
        count: mishaps so far, those that were not logged included.

    """

    def __init__(self, logger: logging.Logger, clock: Callable[[], float] = time.monotonic) -> None:
        self.count = 0
        self._logger = logger
        self._clock = clock
        self._next_warning = float("-inf")
        self._lock = Lock()

    def add(self, what: str) -> None:
        """Count one mishap, described in a few words."""
        with self._lock:
            self.count += 1
            count, now = self.count, self._clock()
            is_due = now >= self._next_warning
            if is_due:
                self._next_warning = now + WARNING_INTERVAL
        if is_due:
            self._logger.warning("%s (%d so far)", what, count)
