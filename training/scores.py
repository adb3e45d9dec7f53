"""Scores of a classifier: recalls over sources and labels, acceptance, thresholds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.metadata import OTHER
from training.recordings.clip import Clip

LOWEST_THRESHOLD = 0.5
HIGHEST_THRESHOLD = 0.95


@dataclass(frozen=True)
class ClipScores:
    """How well probabilities fit the labels of clips; all shares are in 0..1.

    Attributes:
        balanced_recall: mean recall over all pairs of source and label, OTHER included.
        keyword_accuracy: keywords right when OTHER cannot be chosen, by source.
        false_acceptance: share of OTHER clips for which a keyword is most probable.

    """

    balanced_recall: float
    keyword_accuracy: dict[str, float]
    false_acceptance: float


def score_clips(
    clips: Sequence[Clip], probabilities: NDArray[np.float32], labels: Sequence[str]
) -> ClipScores:
    """Score probabilities [clips, labels], OTHER last among the labels."""
    targets = np.array([labels.index(clip.label) for clip in clips])
    sources = np.array([clip.source for clip in clips])
    right = probabilities.argmax(axis=1) == targets
    right_keyword = probabilities[:, :-1].argmax(axis=1) == targets
    is_other = targets == len(labels) - 1
    cells = set(zip(sources.tolist(), targets.tolist(), strict=True))
    recalls = [right[(sources == s) & (targets == t)].mean() for s, t in sorted(cells)]
    keyword_sources = sorted(set(sources[~is_other].tolist()))
    return ClipScores(
        float(np.mean(recalls)),
        {s: float(right_keyword[(sources == s) & ~is_other].mean()) for s in keyword_sources},
        float(1 - right[is_other].mean()) if is_other.any() else 0.0,
    )


def calibrated_threshold(
    clips: Sequence[Clip], probabilities: NDArray[np.float32], acceptable: float
) -> float:
    """Return the lowest threshold at which few enough OTHER clips are taken for a keyword.

    Args:
        clips: of speakers that no training saw.
        probabilities: [clips, labels], OTHER last.
        acceptable: share of OTHER clips that may reach the threshold, 0..1.

    Returns:
        A probability in 0.5..0.95, in thousandths; more clips reach 0.95 where even that is too
        low.

    """
    others = np.array([clip.label == OTHER for clip in clips])
    highest = np.sort(probabilities[others, :-1].max(axis=1))[::-1]
    allowed = math.floor(acceptable * len(highest))
    if allowed >= len(highest):
        return LOWEST_THRESHOLD
    threshold = _thousandth_above(float(highest[allowed]))
    return min(max(threshold, LOWEST_THRESHOLD), HIGHEST_THRESHOLD)


def _thousandth_above(value: float) -> float:
    # Float32 knows probabilities to seven places: rounding keeps 0.9509999 from being below 0.951.
    return (math.floor(round(value * 1000, 3)) + 1) / 1000
