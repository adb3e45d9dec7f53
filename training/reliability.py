"""Whether confidence means what it says: calibration error and reliability diagram.

Source: C. Guo et al., "On Calibration of Modern Neural Networks", 2017, arXiv:1706.04599.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True)
class Reliability:
    """Confidence beside accuracy, in bins of equal width.

    Attributes:
        error: expected calibration error: mean distance of the two, weighted by clips, 0..1.
        confidence: mean confidence of each bin that has clips.
        accuracy: share of right answers in each of these bins.
        clips: number of clips in each of these bins.

    """

    error: float
    confidence: tuple[float, ...]
    accuracy: tuple[float, ...]
    clips: tuple[int, ...]


def measure_reliability(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> Reliability:
    """Compare the confidence of answers, 0..1, [n], with whether they were right, [n]."""
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    chosen = [places == place for place in sorted(set(places.tolist()))]
    means = [float(confidence[members].mean()) for members in chosen]
    shares = [float(right[members].mean()) for members in chosen]
    counts = [int(members.sum()) for members in chosen]
    distances = np.abs(np.subtract(means, shares))
    error = float(np.average(distances, weights=counts)) if counts else 0.0
    return Reliability(error, tuple(means), tuple(shares), tuple(counts))


def draw_reliability(reliability: Reliability, title: str, path: Path) -> None:
    """Draw accuracy over confidence; the nearer to the diagonal, the better calibrated."""
    figure = Figure(figsize=(5.5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", label="perfectly calibrated")
    axes.plot(reliability.confidence, reliability.accuracy, marker="o", label="measured")
    for x, y, count in zip(
        reliability.confidence, reliability.accuracy, reliability.clips, strict=True
    ):
        axes.annotate(str(count), (x, y), textcoords="offset points", xytext=(6, -12))
    axes.set(
        title=f"{title}\nexpected calibration error {100 * reliability.error:.1f} %",
        xlabel="confidence",
        ylabel="share of right answers (numbers: clips)",
        xlim=(0, 1.02),
        ylim=(0, 1.05),
    )
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=110)
