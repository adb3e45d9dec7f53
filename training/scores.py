"""Scores of a classifier: recalls over sources and labels, acceptance, thresholds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.metadata import OTHER
from training.recordings.clip import Clip, Kind

LOWEST_THRESHOLD = 0.3
HIGHEST_THRESHOLD = 0.95


@dataclass(frozen=True)
class ClipScores:
    """How well probabilities fit the labels of clips; all shares are in 0..1.

    Attributes:
        accepted: keywords right and at or above the threshold, mean over all pairs of source and
            keyword.
        keyword_accuracy: keywords right when OTHER cannot be chosen, by source.
        false_acceptance: other words at or above the threshold, by source.
        threshold: the probability from which a keyword counts.

    """

    accepted: float
    keyword_accuracy: dict[str, float]
    false_acceptance: dict[str, float]
    threshold: float


def score_clips(
    clips: Sequence[Clip],
    probabilities: NDArray[np.float32],
    labels: Sequence[str],
    threshold: float,
) -> ClipScores:
    """Score probabilities [clips, labels], OTHER last among the labels, at a threshold."""
    targets = np.array([labels.index(clip.label) for clip in clips])
    sources = np.array([clip.source for clip in clips])
    is_keyword = targets != len(labels) - 1
    right_keyword = probabilities[:, :-1].argmax(axis=1) == targets
    passing = probabilities[:, :-1].max(axis=1) >= threshold
    right = passing & (probabilities.argmax(axis=1) == targets)
    pairs = zip(sources[is_keyword].tolist(), targets[is_keyword].tolist(), strict=True)
    recalls = [right[(sources == s) & (targets == t)].mean() for s, t in sorted(set(pairs))]
    return ClipScores(
        float(np.mean(recalls)),
        _by_source(right_keyword, sources, is_keyword),
        _by_source(passing, sources, np.array([is_other_word(clip) for clip in clips])),
        threshold,
    )


def calibrated_threshold(
    clips: Sequence[Clip], probabilities: NDArray[np.float32], acceptable: float
) -> float:
    """Return the lowest threshold at which few enough other words are taken for a keyword.

    Args:
        clips: of speakers, and as far as possible of words, that no training heard.
        probabilities: [clips, labels], OTHER last.
        acceptable: share of other words that may reach the threshold, 0..1.

    Returns:
        A probability in 0.3..0.95, in thousandths; more words reach 0.95 where even that is too
        low. Without other words it is 0.5.

    """
    words = [place for place, clip in enumerate(clips) if is_other_word(clip)]
    if not words:
        return 0.5
    highest = np.sort(probabilities[words, :-1].max(axis=1))[::-1]
    allowed = math.floor(acceptable * len(highest))
    if allowed >= len(highest):
        return LOWEST_THRESHOLD
    threshold = _thousandth_above(float(highest[allowed]))
    return min(max(threshold, LOWEST_THRESHOLD), HIGHEST_THRESHOLD)


def is_other_word(clip: Clip) -> bool:
    """Say whether a clip is a word that is no keyword, as against noise and running speech."""
    return clip.label == OTHER and clip.kind in (Kind.WORD, Kind.SEGMENT)


def _thousandth_above(value: float) -> float:
    # Float32 knows probabilities to seven places: rounding keeps 0.9509999 from being below 0.951.
    return (math.floor(round(value * 1000, 3)) + 1) / 1000


def _by_source(
    values: NDArray[np.bool_], sources: NDArray[np.str_], chosen: NDArray[np.bool_]
) -> dict[str, float]:
    names = sorted(set(sources[chosen].tolist()))
    return {name: float(values[chosen & (sources == name)].mean()) for name in names}
