"""What whole windows say to the words in their middle."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from recognizer.windows import Window

_REMEMBERED = 3.0
"""Seconds of the past that are kept; no word takes longer to be decided."""
_OFF_CENTRE = 0.15
"""Seconds between the middles of a word and of a window that was trained to judge it."""


class CentredWindows:
    """Remembers the answers for the last windows of a stream."""

    def __init__(self) -> None:
        self._entries: deque[tuple[float, NDArray[np.float32]]] = deque()

    def add(self, window: Window, probabilities: NDArray[np.float32]) -> None:
        """Take the answer for the next window, and forget those that are too old."""
        middle = (window.start + window.end) / 2
        self._entries.append((middle, probabilities))
        while self._entries[0][0] < middle - _REMEMBERED:
            self._entries.popleft()

    def confidence(self, place: int, middle: float) -> float:
        """Return how sure the windows around a moment are of a label, 0..1; 0 without any.

        Mean of all in whose middle the moment nearly lies; where there is none, the nearest counts.

        Args:
            place: of the label among the probabilities.
            middle: of the word, in seconds of stream time.

        """
        ballots = [(abs(at - middle), float(answer[place])) for at, answer in self._entries]
        centred = [probability for distance, probability in ballots if distance <= _OFF_CENTRE]
        if centred:
            return sum(centred) / len(centred)
        return min(ballots)[1] if ballots else 0.0
