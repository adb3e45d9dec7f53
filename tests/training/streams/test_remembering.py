import numpy as np
import pytest

from recognizer.recognizer import Recognizer
from training.streams.remembering import RememberingClassifier


class Counting(Recognizer):
    """A recognizer that counts, and knows a further way to classify."""

    def __init__(self, path):
        super().__init__(path, "cpu")
        self.calls = 0

    def classify_batch(self, windows):
        self.calls += 1
        return super().classify_batch(windows)

    def classify_frames(self, windows):
        self.calls += 1
        return windows[:, :3], "step"


@pytest.fixture
def counting(tones_path):
    with Counting(tones_path) as recognizer:
        yield recognizer


def windows(seed, count=1):
    return np.random.default_rng(seed).normal(0, 0.1, (count, 16_000)).astype(np.float32)


def test_answers_are_the_recognizers_own(counting):
    remembering = RememberingClassifier(counting)
    for _ in range(2):
        expected = Recognizer.classify_batch(counting, windows(1, 3))
        assert np.array_equal(remembering.classify_batch(windows(1, 3)), expected)
    assert remembering.labels == counting.labels
    assert remembering.thresholds == counting.thresholds


def test_the_same_windows_are_classified_once_and_others_anew(counting):
    remembering = RememberingClassifier(counting)
    for seed in (1, 2, 1, 2, 1):
        remembering.classify_batch(windows(seed))
    assert counting.calls == 2


def test_other_ways_to_classify_are_remembered_and_kept_apart(counting):
    remembering = RememberingClassifier(counting)
    remembering.classify_batch(windows(1))
    for _ in range(2):
        frames, name = remembering.classify_frames(windows(1))
    assert (frames.shape, name, counting.calls) == ((1, 3), "step", 2)


def test_all_else_is_the_recognizers(counting):
    remembering = RememberingClassifier(counting)
    assert remembering.metadata is counting.metadata
    with pytest.raises(AttributeError):
        _ = remembering.nothing
