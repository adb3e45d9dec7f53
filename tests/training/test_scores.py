from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.metadata import OTHER
from training.recordings.clip import Clip, Kind, Split
from training.scores import (
    HIGHEST_THRESHOLD,
    LOWEST_THRESHOLD,
    calibrated_threshold,
    score_clips,
)

LABELS = ("yes", "no", OTHER)


def clip(label: str, source: str = "sc", kind: Kind = Kind.WORD) -> Clip:
    return Clip(Path("a.wav"), label, source, "s", Split.VALIDATION, kind)


def rows(*values: tuple[float, float, float]) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_scores_equal_figures_counted_by_hand():
    clips = [
        clip("yes"),
        clip("yes"),
        clip("no"),
        clip("yes", "fsdd"),
        clip(OTHER),
        clip(OTHER, kind=Kind.SEGMENT),
        clip(OTHER, "talks"),
        clip(OTHER, "talks", Kind.SPEECH),
        clip(OTHER, "noise", Kind.NOISE),
    ]
    probabilities = rows(
        (0.8, 0.1, 0.1),  # right and accepted
        (0.4, 0.1, 0.5),  # yes, were it not for other
        (0.6, 0.3, 0.1),  # wrong
        (0.55, 0.3, 0.15),  # right, too uncertain
        (0.1, 0.1, 0.8),
        (0.1, 0.6, 0.3),  # taken for no
        (0.2, 0.2, 0.6),
        (0.9, 0.0, 0.1),  # running speech and noise are no words
        (0.9, 0.0, 0.1),
    )
    scores = score_clips(clips, probabilities, LABELS, 0.6)
    # Pairs: sc yes 1/2, sc no 0/1, fsdd yes 0/1.
    assert scores.accepted == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert scores.keyword_accuracy == {"fsdd": 1.0, "sc": pytest.approx(2 / 3)}
    assert scores.false_acceptance == {"sc": 0.5, "talks": 0.0}
    assert scores.threshold == 0.6


def test_without_other_words_there_is_nothing_to_be_taken_for_a_keyword():
    scores = score_clips([clip("yes")], rows((0.8, 0.1, 0.1)), LABELS, 0.5)
    assert (scores.accepted, scores.false_acceptance) == (1.0, {})


@given(
    st.lists(st.floats(0, 1, width=32), min_size=1, max_size=80),
    st.floats(0, 1),
)
def test_at_the_threshold_no_more_than_the_acceptable_share_passes(highest, acceptable):
    clips = [clip(OTHER) for _ in highest]
    probabilities = rows(*((value, 0.0, 1.0 - value) for value in highest))
    threshold = calibrated_threshold(clips, probabilities, acceptable)
    assert LOWEST_THRESHOLD <= threshold <= HIGHEST_THRESHOLD
    passing = (probabilities[:, 0] >= threshold).mean()
    if threshold < HIGHEST_THRESHOLD:
        assert passing <= acceptable
    lower = threshold - 0.0011
    if threshold > LOWEST_THRESHOLD:
        assert (probabilities[:, 0] >= lower).mean() > acceptable, "a lower one would do"


def test_the_threshold_is_one_half_without_other_words():
    assert calibrated_threshold([clip("yes")], rows((0.9, 0.0, 0.1)), 0.04) == 0.5
    noise = clip(OTHER, kind=Kind.NOISE)
    assert calibrated_threshold([noise], rows((0.9, 0.0, 0.1)), 0.04) == 0.5


def test_keywords_do_not_move_the_threshold():
    clips = [clip(OTHER)] * 3 + [clip("yes")] * 5
    probabilities = rows(*[(0.7, 0.0, 0.3)] * 3, *[(0.94, 0.0, 0.06)] * 5)
    assert calibrated_threshold(clips, probabilities, 0.1) == pytest.approx(0.701)
