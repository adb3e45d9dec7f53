"""Frames of overlapping windows become one track; how loud it is meanwhile becomes another."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.decoding.power import powers
from recognizer.windows import Window

_QUIETEST = 1e-9


@dataclass(frozen=True)
class Piece:
    """Consecutive entries of a track.

    Attributes:
        times: float64 [n], seconds of stream time, rising.
        values: float32 [n] or [n, labels].

    """

    times: NDArray[np.float64]
    values: NDArray[np.float32]


class Track:
    """Takes from each window what no earlier window gave.

    Args:
        look_ahead: seconds that a window must have heard beyond an entry for it to be trusted.

    """

    def __init__(self, look_ahead: float = 0.0) -> None:
        self._look_ahead = look_ahead
        self._until = -np.inf
        self._latest: tuple[float, float, NDArray[np.float32]] | None = None

    def process(self, start: float, end: float, values: NDArray[np.float32]) -> Piece:
        """Return the new entries of a window whose values lie at equal steps from start to end."""
        self._latest = start, end, values
        return self._new(end - self._look_ahead)

    def finish(self) -> Piece:
        """Return what is left of the last window: nothing more will be heard for now."""
        rest = self._new(np.inf)
        self._latest = None
        return rest

    def _new(self, until: float) -> Piece:
        if self._latest is None:
            return _nothing()
        start, end, values = self._latest
        last = len(values) - 1
        # Half a step keeps rounding from taking an entry twice, and other hops from crowding them.
        step = (end - start) / max(last, 1)
        after, until = self._until + step / 2, until + step / 2
        # Few of a window's entries are new, and those at its end.
        first = math.floor((after - start) / step) - 1 if after > start else 0
        first = min(max(first, 0), last)
        times = [start + place * step for place in range(first, last)]
        times.append(end if last else start)
        begin = first + bisect_right(times, after)
        behind = first + bisect_right(times, until)
        if begin >= behind:
            return _nothing()
        new = times[begin - first : behind - first]
        self._until = new[-1]
        return Piece(np.array(new), values[begin:behind])


def _nothing() -> Piece:
    return Piece(np.zeros(0), np.zeros((0, 0), np.float32))


def levels(window: Window, count: int) -> NDArray[np.float32]:
    """Return how loud a window is in dB of full scale, float32 [count], at equal steps."""
    power = powers(window.samples, len(window.samples) // (count - 1))[: count - 1]
    decibels = 10 * np.log10(power + _QUIETEST)
    return np.append(decibels, decibels[-1]).astype(np.float32)
