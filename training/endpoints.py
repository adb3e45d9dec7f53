"""Where the word lies in a recording of one word, by its energy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE

_FRAME = SAMPLE_RATE // 100
_RANGE_DB = 30.0
_ABOVE_NOISE_DB = 8.0
_MARGIN = 3


def word_extent(samples: NDArray[np.int16], margin: int = _MARGIN) -> tuple[int, int]:
    """Return the first sample of the word and the one behind its last.

    The word is where 10 ms frames lie within 30 dB of the loudest and 8 dB above the quietest
    tenth, with ``margin`` frames around it. A recording shorter than a frame is all word.
    """
    frames = len(samples) // _FRAME
    if not frames:
        return 0, len(samples)
    level = _frame_levels(samples, frames)
    threshold = max(level.max() - _RANGE_DB, np.quantile(level, 0.1) + _ABOVE_NOISE_DB)
    loud = np.flatnonzero(level >= min(threshold, level.max() - 3.0))
    first, last = max(loud[0] - margin, 0), loud[-1] + 1 + margin
    return int(first) * _FRAME, min(int(last) * _FRAME, len(samples))


def _frame_levels(samples: NDArray[np.int16], frames: int) -> NDArray[np.float64]:
    """Return the level of each frame in dB, averaged over 50 ms so that clicks do not count."""
    power = (samples[: frames * _FRAME].astype(np.float64) ** 2).reshape(frames, _FRAME).mean(1)
    smooth = np.convolve(power, np.ones(5) / 5, mode="same")
    return np.asarray(10 * np.log10(smooth + 1.0))
