import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread

from training.reliability import draw_reliability, measure_reliability


def measure(pairs):
    confidence, right = zip(*pairs, strict=True)
    return measure_reliability(np.array(confidence, dtype=np.float32), np.array(right))


def test_the_error_is_the_distance_of_confidence_and_accuracy_weighted_by_clips():
    # Three clips at 0.95 of which two are right, one wrong clip at 0.55.
    found = measure([(0.95, True), (0.95, True), (0.95, False), (0.55, False)])
    assert found.clips == (1, 3)
    assert found.confidence == pytest.approx((0.55, 0.95))
    assert found.accuracy == pytest.approx((0, 2 / 3))
    assert found.error == pytest.approx((0.55 + 3 * (0.95 - 2 / 3)) / 4, abs=1e-6)


def test_certainty_that_is_always_right_has_no_error():
    assert measure([(1.0, True)] * 5).error == 0


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1))
def test_the_error_is_a_share_and_no_clip_is_lost(pairs):
    found = measure(pairs)
    assert 0 <= found.error <= 1
    assert sum(found.clips) == len(pairs)


def test_the_diagram_is_a_picture(tmp_path):
    found = measure([(0.95, True), (0.75, True), (0.55, False)])
    draw_reliability(found, "a model", tmp_path / "reliability.png")
    height, width, _ = imread(tmp_path / "reliability.png").shape
    assert height > 300
    assert width > 300
