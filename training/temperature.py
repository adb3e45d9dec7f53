"""One number that makes confidence honest: the temperature of the softmax.

Source: C. Guo et al., "On Calibration of Modern Neural Networks", 2017, arXiv:1706.04599.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = 0.25, 4.0
_STEPS = 161


def fit_temperature(
    probabilities: NDArray[np.float32], targets: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    """Return the temperature at which the right labels are most likely, in 0.25..4.

    Args:
        probabilities: [clips, labels] at temperature 1.
        targets: [clips], places of the right labels.
        weights: [clips], how much each clip counts.

    """
    candidates = np.geomspace(LOWEST, HIGHEST, _STEPS)
    losses = [
        _loss(at_temperature(probabilities, float(each)), targets, weights) for each in candidates
    ]
    return float(candidates[int(np.argmin(losses))])


def at_temperature(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Return the probabilities [clips, labels] that logits divided by the temperature give."""
    logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-30)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _loss(
    probabilities: NDArray[np.float32], targets: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    right = probabilities[np.arange(len(targets)), targets].astype(np.float64)
    return float(-np.average(np.log(np.maximum(right, 1e-12)), weights=weights))
