"""Where in a window the sound is: stretches louder than the background around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE, Samples
from recognizer.decoding.power import powers

STEP_SAMPLES = 160
SMOOTHING_STEPS = 3
QUIETEST_DB = -65.0
LEAST_CONTRAST_DB = 9.0
RELATIVE_THRESHOLD = 0.35
MOST_BELOW_PEAK_DB = 30.0
# The closure in "eight" and "six" is silent for up to this long, before a soft release.
LONGEST_INNER_PAUSE = 0.22
SHORTEST_STRETCH = 0.05


@dataclass(frozen=True)
class Stretch:
    """Sound without a longer pause.

    Attributes:
        start: in seconds of stream time.
        end: in seconds of stream time.

    """

    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds from start to end."""
        return self.end - self.start

    def union(self, other: Stretch) -> Stretch:
        """Return the stretch from the earlier start to the later end."""
        return Stretch(min(self.start, other.start), max(self.end, other.end))

    def overlap(self, start: float, end: float) -> float:
        """Return how many seconds of the stretch lie between ``start`` and ``end``."""
        return max(0.0, min(self.end, end) - max(self.start, start))


def find_stretches(samples: Samples, start: float) -> tuple[Stretch, ...]:
    """Return the stretches of sound in ``samples``, float32 [n] at 16 kHz, in order.

    The threshold follows the background and the peak inside ``samples``; even sound, be it
    silence or steady noise, has no stretches. Clicks shorter than 50 ms are left out.

    Args:
        samples: the sound.
        start: stream time of the first sample in seconds.

    """
    if len(samples) < STEP_SAMPLES:
        return ()
    levels = _levels(samples)
    active = np.flatnonzero(levels >= _threshold(levels))
    if not len(active):
        return ()
    step = STEP_SAMPLES / SAMPLE_RATE
    pauses = np.flatnonzero(np.diff(active) * step > LONGEST_INNER_PAUSE)
    firsts = active[np.concatenate([[0], pauses + 1])] * step
    ends = (active[np.concatenate([pauses, [len(active) - 1]])] + 1) * step
    found = (Stretch(start + float(a), start + float(b)) for a, b in zip(firsts, ends, strict=True))
    return tuple(stretch for stretch in found if stretch.length >= SHORTEST_STRETCH)


def _levels(samples: Samples) -> NDArray[np.float64]:
    """Return the level of every 10 ms in dB, smoothed over 30 ms."""
    power = powers(samples, STEP_SAMPLES)
    padded = np.pad(power, SMOOTHING_STEPS // 2, mode="edge")
    smooth = np.convolve(padded, np.full(SMOOTHING_STEPS, 1 / SMOOTHING_STEPS), mode="valid")
    return np.asarray(10 * np.log10(np.maximum(smooth, 10 ** (QUIETEST_DB / 10))))


def _threshold(levels: NDArray[np.float64]) -> float:
    floor, peak = float(np.percentile(levels, 5)), float(np.max(levels))
    if peak - floor < LEAST_CONTRAST_DB:
        return np.inf
    return max(floor + RELATIVE_THRESHOLD * (peak - floor), peak - MOST_BELOW_PEAK_DB)
