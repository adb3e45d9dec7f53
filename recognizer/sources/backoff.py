"""How long to wait before something is tried again."""

from __future__ import annotations


class Backoff:
    """Pauses that double from one to the next, up to a longest one.

    Args:
        first: the pause after the first failure, in seconds.
        longest: the longest pause, in seconds.

    """

    def __init__(self, first: float = 0.25, longest: float = 1.5) -> None:
        self._first = first
        self._longest = longest
        self._pause = 0.0

    def next(self) -> float:
        """Return the seconds to wait before the next try: none before the first."""
        pause = self._pause
        self._pause = min(max(2 * pause, self._first), self._longest)
        return pause

    def reset(self) -> None:
        """Let the next try be a first one: the last one was a success that lasted."""
        self._pause = 0.0
