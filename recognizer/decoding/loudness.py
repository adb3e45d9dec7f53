"""How loud a stream was of late, and where in it words begin and end."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from recognizer.decoding.frame_track import Piece

_BELOW_WORD_DB = 13.0
"""Below the loudest part of a word, which is _LOUDEST long: so loud speech is around it."""
_LOUDEST = 10
"""Levels: however long the word seems, the background around it is not taken for its level."""
_ABOVE_QUIETEST_DB = 10.0
_FAINTEST_DB = 30.0
_AUDIBLE = 0.35
"""Share of the way from the quietest moment to a word's level, in dB, where sound begins."""
_LOUD = 0.75
"""Share of a word that is quieter than its level."""


class Loudness:
    """A track of levels in dB, of bounded length.

    Args:
        remembered: seconds of the past that are kept.

    """

    def __init__(self, remembered: float) -> None:
        self._remembered = remembered
        self._entries: deque[tuple[float, float]] = deque()

    def extend(self, piece: Piece) -> None:
        """Take the next levels, and forget what is too old."""
        self._entries.extend(zip(piece.times.tolist(), piece.values.tolist(), strict=True))
        while self._entries and self._entries[0][0] < self._entries[-1][0] - self._remembered:
            self._entries.popleft()

    def speech(self, start: float, end: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return when there was speech like that of a word from ``start`` to ``end``.

        Returns:
            float64 [n], seconds of stream time, and bool [n], whether it was about as loud then
            as the word, and louder than the background.

        """
        times, levels, own, quiet = self._measured(start, end)
        return times, levels > max(_loudest(own) - _BELOW_WORD_DB, quiet + _ABOVE_QUIETEST_DB)

    def level(self, start: float, end: float) -> float:
        """Return how loud a word is at its loudest tenth of a second, in dB; NaN if forgotten."""
        own = self._measured(start, end)[2]
        return _loudest(own) if len(own) else math.nan

    def bounds(
        self, start: float, end: float, earliest: float, latest: float
    ) -> tuple[float | None, float | None]:
        """Return when the sound begins and ends that a word from ``start`` to ``end`` is part of.

        None where it goes on before ``earliest`` or behind ``latest``; all in seconds of stream
        time.
        """
        times, levels, own, quiet = self._measured(start, end)
        loud = float(np.quantile(own, _LOUD)) if len(own) else np.inf
        # Consonants are much quieter than the word.
        sound = levels > max(loud - _FAINTEST_DB, quiet + _AUDIBLE * (loud - quiet))
        before = times[sound & (times >= earliest) & (times <= end)]
        behind = times[sound & (times >= start) & (times <= latest)]
        comes_from_before = sound[times >= earliest][:1].any()
        goes_on = sound[times <= latest][-1:].any()
        return (
            float(before[0]) if len(before) and not comes_from_before else None,
            float(behind[-1]) if len(behind) and not goes_on else None,
        )

    def _measured(
        self, start: float, end: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
        """Return times, levels, those of a word, and that of the quietest moment."""
        times, levels = np.array(self._entries).reshape(-1, 2).T
        own = levels[(times >= start) & (times <= end)]
        return times, levels, own, float(levels.min(initial=np.inf))


def _loudest(levels: NDArray[np.float64]) -> float:
    """Return the level of the loudest tenth of a second together; infinite without any."""
    if not len(levels):
        return np.inf
    powers = np.sort(10 ** (levels / 10))[-_LOUDEST:]
    return 10 * math.log10(powers.mean())
