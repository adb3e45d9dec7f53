"""What whole windows say to the words in their middle."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recognizer.decoding.odds import logit
from recognizer.windows import Window

_REMEMBERED = 3.0
"""Seconds of the past that are kept; no word takes longer to be decided."""
_OFF_CENTRE = 0.15
"""Seconds between the middles of a word and of a window that was trained to judge it."""
_IN_SIGHT = 0.35
"""Seconds between the middles of a word and of a window that still hears it whole."""
_AGREEMENT = 0.6
"""Share of the evidence that comes from windows in sight, beside those that are centred."""


class CentredWindows:
    """Remembers the answers for the last windows of a stream.

    Args:
        other: place of OTHER among the probabilities; None where a model has no such label.

    """

    def __init__(self, other: int | None = None) -> None:
        self._other = other
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
        return self._mean(place, middle, _OFF_CENTRE) if self._entries else 0.0

    def evidence(self, place: int, middle: float, is_taken: Callable[[float], bool]) -> float:
        """Return the evidence for a word alone, in logits: 0 is even odds.

        A word is called by its label in all windows that hear it whole, and not called OTHER in
        those with it in their middle; what sounds like it by chance seldom is both. On held-out
        speakers this lets half as many sounds pass at the same misses as ``confidence`` does.

        Args:
            place: of the label among the probabilities.
            middle: of the word, in seconds of stream time.
            is_taken: whether the middle of a window, in seconds of stream time, is another word's.

        """
        if not self._entries:
            return logit(0.0)
        agreement = logit(self._mean(place, middle, _IN_SIGHT, is_taken))
        if self._other is None:
            return agreement
        strange = logit(self._mean(self._other, middle, _OFF_CENTRE))
        return _AGREEMENT * agreement - (1 - _AGREEMENT) * strange

    def _mean(
        self,
        place: int,
        middle: float,
        reach: float,
        is_taken: Callable[[float], bool] = lambda _: False,
    ) -> float:
        ballots = [(abs(at - middle), at, float(answer[place])) for at, answer in self._entries]
        near = [value for far, at, value in ballots if far <= reach and not is_taken(at)]
        return sum(near) / len(near) if near else min(ballots)[2]
