"""The one line in which a service tells how it is."""

from __future__ import annotations

from recognizer.service.notify import Notifier


class Status:
    """Puts the line together and tells it whenever a part of it changes.

    Args:
        notifier: tells the manager.

    Attributes:
        words: that were heard so far.

    """

    def __init__(self, notifier: Notifier) -> None:
        self.words = 0
        self._notifier = notifier
        self._state = "starting"
        self._trouble = ""

    def state(self, text: str) -> None:
        """Tell what the service does, such as "listening to default"."""
        self._state = text
        self._tell()

    def heard(self) -> None:
        """Count a word."""
        self.words += 1
        self._tell()

    def trouble(self, text: str) -> None:
        """Tell, from now on, what went wrong in the last reload; nothing for an empty text."""
        self._trouble = text
        self._tell()

    def _tell(self) -> None:
        parts = (self._state, f"words heard: {self.words}", self._trouble)
        self._notifier.status("; ".join(part for part in parts if part))
