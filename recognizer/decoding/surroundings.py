"""The other speech around a word: as loud as the word, and part of no keyword."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.decoding.frame_track import Piece
from recognizer.decoding.loudness import Loudness
from recognizer.decoding.word_runs import Candidate

LEVEL_STEP = 0.01
"""Seconds from one level to the next."""
_REMEMBERED = 4.0
_MARGIN = 0.1
"""Around a keyword so much may still be part of it, in seconds."""


@dataclass(frozen=True)
class OtherSpeech:
    """When there was some around a word.

    Attributes:
        word: in the middle.
        times: float64 [n], seconds of stream time, LEVEL_STEP apart while it lasts.

    """

    word: Candidate
    times: NDArray[np.float64]

    def before(self, reach: float) -> float:
        """Return how many of the ``reach`` seconds before the word are other speech."""
        start = self.word.start
        return _seconds((self.times >= start - reach) & (self.times < start))

    def behind(self, reach: float) -> float:
        """Return how many of the ``reach`` seconds behind the word are, as far as heard."""
        end = self.word.end
        return _seconds((self.times > end) & (self.times <= end + reach))


class Surroundings:
    """Remembers how loud a stream was, and tells what of it was other speech."""

    def __init__(self) -> None:
        self._loudness = Loudness(_REMEMBERED)

    def extend(self, levels: Piece) -> None:
        """Take the next levels in dB, LEVEL_STEP apart."""
        self._loudness.extend(levels)

    def bounds(
        self, start: float, end: float, earliest: float, latest: float
    ) -> tuple[float | None, float | None]:
        """Return when the sound of a word begins and ends; see Loudness."""
        return self._loudness.bounds(start, end, earliest, latest)

    def level(self, start: float, end: float) -> float:
        """Return the level of a word in dB; see Loudness."""
        return self._loudness.level(start, end)

    def other_speech(self, word: Candidate, keywords: Iterable[tuple[float, float]]) -> OtherSpeech:
        """Return the other speech around a word.

        Args:
            word: in the middle.
            keywords: start and end of whatever may be a keyword, be it ever so unsure, in seconds
                of stream time.

        """
        times, speech = self._loudness.speech(word.start, word.end)
        for start, end in keywords:
            speech &= (times < start - _MARGIN) | (times > end + _MARGIN)
        return OtherSpeech(word, times[speech])


def _seconds(chosen: NDArray[np.bool_]) -> float:
    return float(chosen.sum() * LEVEL_STEP)
