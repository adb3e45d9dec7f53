"""Two numbers that make confidence honest: a temperature, and a bias of OTHER.

The temperature is that of the softmax. The bias undoes what training does to OTHER: drawing what
a network mistakes makes it likelier than it is. Source: C. Guo et al., "On Calibration of Modern
Neural Networks", 2017, arXiv:1706.04599, temperature scaling with one entry of vector scaling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = 0.25, 4.0
"""Temperatures."""
FARTHEST = 4.0
"""Bias of either sign, in logits."""

_STEPS = 161
_ROUNDS = 4


@dataclass(frozen=True)
class Calibration:
    """What is done to logits before the softmax.

    Attributes:
        temperature: by which they are divided.
        other_bias: what is added to that of OTHER before.

    """

    temperature: float = 1.0
    other_bias: float = 0.0

    def apply(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what uncalibrated probabilities [clips, labels], OTHER last, become."""
        logits = np.log(np.maximum(probabilities.astype(np.float64), 1e-30))
        logits[:, -1] += self.other_bias
        logits /= self.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def fit_calibration(
    probabilities: NDArray[np.float32], targets: NDArray[np.int64], weights: NDArray[np.float64]
) -> Calibration:
    """Return the calibration with which the right labels are most likely.

    The loss is convex in the inverse temperature and the bias over it, so it is enough to fit one
    after the other a few times.

    Args:
        probabilities: [clips, labels] without a calibration, OTHER last.
        targets: [clips], places of the right labels.
        weights: [clips], how much each clip counts.

    """
    temperatures = np.geomspace(LOWEST, HIGHEST, _STEPS).tolist()
    biases = np.linspace(-FARTHEST, FARTHEST, _STEPS).tolist()

    def best(candidates: Iterable[Calibration]) -> Calibration:
        return min(candidates, key=lambda c: _loss(c.apply(probabilities), targets, weights))

    found = Calibration()
    for _ in range(_ROUNDS):
        found = best(replace(found, temperature=value) for value in temperatures)
        found = best(replace(found, other_bias=value) for value in biases)
    return found


def _loss(
    probabilities: NDArray[np.float32], targets: NDArray[np.int64], weights: NDArray[np.float64]
) -> float:
    right = probabilities[np.arange(len(targets)), targets].astype(np.float64)
    return float(-np.average(np.log(np.maximum(right, 1e-12)), weights=weights))
