"""How a service is, as its manager and the people behind it are told."""

from __future__ import annotations

from recognizer.service.notify import Notifier
from recognizer.service.watchdog import Watchdog
from recognizer.sources.capture_state import CaptureState, Condition


class Status:
    """Tells what changes: whether the service is ready, and in one line how it is.

    Args:
        notifier: tells the manager.
        watchdog: the manager's.

    Attributes:
        words: that were heard so far.

    """

    def __init__(self, notifier: Notifier, watchdog: Watchdog) -> None:
        self.words = 0
        self._notifier = notifier
        self._watchdog = watchdog
        self._is_ready = False
        self._source = ""
        self._trouble = ""

    def source(self, text: str) -> None:
        """Tell how the source is, such as "listening to default"."""
        self._source = text
        self._tell()

    def capture(self, state: CaptureState) -> None:
        """Tell how a microphone fares."""
        self.source(_told(state))

    def sound(self) -> None:
        """Take note of sound that arrived: with the first the service is ready."""
        self._watchdog.pat()
        if not self._is_ready:
            self._is_ready = True
            self._notifier.ready()

    def heard(self) -> None:
        """Count a word."""
        self.words += 1
        self._tell()

    def reloading(self) -> None:
        """Tell that a reload begins; one before the service is ready is a part of its start."""
        if self._is_ready:
            self._notifier.reloading()

    def reloaded(self, trouble: str = "") -> None:
        """Tell that a reload is over, and until the next one what went wrong in it."""
        self._trouble = trouble
        self._tell()
        if self._is_ready:
            self._notifier.ready()

    def ending(self) -> None:
        """Tell that the end has begun."""
        self._notifier.stopping()

    def _tell(self) -> None:
        parts = (self._source, f"words heard: {self.words}", self._trouble)
        self._notifier.status("; ".join(part for part in parts if part))


def _told(state: CaptureState) -> str:
    counts = {"restarts": state.restarts, "overflows": state.overflows}
    seen = [f"{name}: {count}" for name, count in counts.items() if count]
    return "; ".join([_condition(state), *seen])


def _condition(state: CaptureState) -> str:
    if state.condition is Condition.LISTENING:
        return f"listening to {state.device}"
    words = {Condition.WAITING: "waiting for", Condition.LOST: "lost", Condition.SILENT: "silent"}
    return f"{words[state.condition]} {state.device}: {state.reason}"
