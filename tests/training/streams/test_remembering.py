import numpy as np
import pytest

from recognizer.recognizer import Recognizer
from training.streams.remembering import RememberingClassifier


class Counting(Recognizer):
    """A recognizer that counts."""

    def __init__(self, path):
        super().__init__(path, "cpu")
        self.calls = 0

    def classify_window(self, window):
        self.calls += 1
        return super().classify_window(window)


@pytest.fixture
def counting(tones_path):
    with Counting(tones_path) as recognizer:
        yield recognizer


def window(seed):
    return np.random.default_rng(seed).normal(0, 0.1, 16_000).astype(np.float32)


def test_answers_are_the_recognizers_own(counting):
    remembering = RememberingClassifier(counting)
    for _ in range(2):
        expected = Recognizer.classify_window(counting, window(1))
        found = remembering.classify_window(window(1))
        assert np.array_equal(found.probabilities, expected.probabilities)
    assert remembering.labels == counting.labels
    assert remembering.thresholds == counting.thresholds
    assert remembering.frame_seconds == counting.frame_seconds


def test_the_same_window_is_classified_once_and_others_anew(counting):
    remembering = RememberingClassifier(counting)
    for seed in (1, 2, 1, 2, 1):
        remembering.classify_window(window(seed))
    assert counting.calls == 2
