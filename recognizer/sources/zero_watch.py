"""Notices a microphone that delivers nothing but zeros: muted, or not well."""

from __future__ import annotations

from recognizer.audio import Block

MOST_REOPEN_SECONDS = 60.0


class ZeroWatch:
    """Tells when sound has been all zero for long, and when to open the device anew for it.

    Opening anew helps some devices; the time until it is tried again doubles up to a minute.

    Args:
        seconds: how long it must be zero to be worth a word.

    Attributes:
        silence: seconds of zeros so far; 0 while there is sound.

    """

    def __init__(self, seconds: float) -> None:
        self.silence = 0.0
        self._seconds = self._due = self._pause = seconds

    @property
    def is_silent(self) -> bool:
        """Whether there were only zeros for long."""
        return self.silence >= self._seconds

    def hear(self, block: Block) -> bool:
        """Take the next block and tell whether it is time to open the device anew."""
        if block.samples.any():
            self.restart()
            return False
        self.silence += block.end - block.start
        if self.silence < self._due:
            return False
        self._pause = min(2 * self._pause, MOST_REOPEN_SECONDS)
        self._due = self.silence + self._pause
        return True

    def restart(self) -> None:
        """Begin anew, as if there had been sound."""
        self.silence = 0.0
        self._due = self._pause = self._seconds
