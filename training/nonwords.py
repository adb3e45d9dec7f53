"""What sounds much like a keyword and is none: parts of words, parts joined, pieces of speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE

_STEP = SAMPLE_RATE // 100
_SHORTEST_PIECE = SAMPLE_RATE // 5
_LONGEST_PIECE = SAMPLE_RATE * 4 // 5
_REACH = 6
_OVERLAP = SAMPLE_RATE // 50


def fragment_bounds(
    extent: tuple[int, int], keep: tuple[float, float], rng: np.random.Generator
) -> tuple[int, int]:
    """Return the extent of the first or the last part of a word."""
    first, last = extent
    length = round((last - first) * rng.uniform(*keep))
    return (first, first + length) if rng.random() < 0.5 else (last - length, last)


def piece_bounds(samples: NDArray[np.int16], rng: np.random.Generator) -> tuple[int, int]:
    """Return the extent of 0.2 to 0.8 s of speech, cut where it is quietest within 60 ms.

    Much like a word in length, and in that it begins and ends with little energy. All of a
    recording that is shorter.
    """
    length = int(rng.integers(_SHORTEST_PIECE, _LONGEST_PIECE))
    if len(samples) <= length:
        return 0, len(samples)
    first = int(rng.integers(0, len(samples) - length))
    return _quietest(samples, first), _quietest(samples, first + length)


def join(
    first: NDArray[np.float32], second: NDArray[np.float32], level: float = 1.0
) -> NDArray[np.float32]:
    """Return one stretch with no pause: ``second`` behind ``first``, faded into each other.

    Args:
        first: float32 [samples], more than 20 ms.
        second: float32 [samples], more than 20 ms.
        level: loudness of the second, as a ratio to that of the first.

    """
    scaled = second * np.float32(level * _rms(first) / max(_rms(second), 1e-5))
    ramp = np.linspace(0, 1, _OVERLAP, dtype=np.float32)
    seam = first[-_OVERLAP:] * (1 - ramp) + scaled[:_OVERLAP] * ramp
    joined = np.concatenate([first[:-_OVERLAP], seam, scaled[_OVERLAP:]])
    return np.asarray(joined.clip(-1, 1), dtype=np.float32)


def _quietest(samples: NDArray[np.int16], place: int) -> int:
    """Return where 10 ms have the least energy within 60 ms of a place."""
    start = max(place - _REACH * _STEP, 0)
    around = samples[start : place + _REACH * _STEP].astype(np.float32)
    steps = len(around) // _STEP
    if not steps:
        return place
    energy = np.square(around[: steps * _STEP]).reshape(steps, _STEP).sum(axis=1)
    return start + int(energy.argmin()) * _STEP + _STEP // 2


def _rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))
