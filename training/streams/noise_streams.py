"""More noise out of few recordings: at other speeds and levels, two at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import soxr
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from training.streams.scene import Scene

_SLOWEST, _FASTEST = 0.7, 1.4
_QUIETEST_DBFS, _LOUDEST_DBFS = -40.0, -3.0
_FAINTEST_SECOND_DB = -20.0


def varied_noise(
    recordings: Sequence[Scene], seconds: float, seed: int, folder: str
) -> Iterator[Scene]:
    """Yield scenes that are each made of two recordings, until they last long enough.

    Both are played at speeds of their own, the second up to 20 dB quieter than the first, and the
    peak of both together is drawn from -40 to -3 dBFS.

    Args:
        recordings: of noise, at least one.
        seconds: how long all scenes together last at least; nothing is yielded for less than 0.
        seed: the same one gives the same scenes.
        folder: what the names of the scenes begin with.

    """
    number, left = 0, seconds
    while left > 0:
        number += 1
        rng = np.random.default_rng([seed, number])
        samples = _mixed(recordings, rng)
        left -= len(samples) / SAMPLE_RATE
        yield Scene(f"{folder}/noise-{number:03}.flac", "mixed", samples)


def _mixed(recordings: Sequence[Scene], rng: np.random.Generator) -> NDArray[np.int16]:
    first, second = (_at_other_speed(recordings, rng) for _ in range(2))
    both = first + np.resize(second, len(first)) * _ratio(rng.uniform(_FAINTEST_SECOND_DB, 0))
    peak = _ratio(rng.uniform(_QUIETEST_DBFS, _LOUDEST_DBFS))
    return np.asarray(both / max(np.abs(both).max(), 1e-9) * peak * 32_767, dtype=np.int16)


def _at_other_speed(recordings: Sequence[Scene], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a recording at another speed, its peak at 1."""
    scene = recordings[int(rng.integers(len(recordings)))]
    speed = rng.uniform(_SLOWEST, _FASTEST)
    sound = soxr.resample(scene.samples / 32_768, SAMPLE_RATE * speed, SAMPLE_RATE)
    return np.asarray(sound / max(np.abs(sound).max(initial=0), 1e-9), dtype=np.float64)


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))
