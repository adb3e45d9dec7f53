import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer import AudioError, Listener
from recognizer.decoding.decoder import DecoderParameters
from tests.tone_words import WORD_SECONDS, blocks, spoken, word_start

WORDS = ("low", "high", "high", "low")


class Counting:
    """Hands windows on to a recognizer and counts them."""

    def __init__(self, recognizer):
        self._recognizer = recognizer
        self.labels, self.thresholds = recognizer.labels, recognizer.thresholds
        self.frame_seconds = recognizer.frame_seconds
        self.windows = 0

    def classify_window(self, window, /):
        self.windows += 1
        return self._recognizer.classify_window(window)


@pytest.mark.parametrize("vad", [None, 1, 2])
def test_each_spoken_word_is_one_detection_at_its_place(tones, vad):
    found = list(Listener(tones, blocks(spoken(*WORDS)), vad=vad))
    assert [detection.label for detection in found] == list(WORDS)
    for index, detection in enumerate(found):
        assert detection.start == pytest.approx(word_start(index), abs=0.03)
        assert detection.end == pytest.approx(word_start(index) + WORD_SECONDS, abs=0.03)
        assert 0 < detection.time - detection.end < 0.5


def test_a_word_soon_after_the_background_set_in_is_detected(tones):
    samples = np.concatenate([np.zeros(20_000, np.float32), spoken("high")])
    (found,) = Listener(tones, blocks(samples), vad=None)
    assert found.label == "high"


@settings(max_examples=15, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 20_000), min_size=1, max_size=5), vad=st.sampled_from([None, 1])
)
def test_the_sizes_of_blocks_change_nothing(tones, sizes, vad):
    samples = spoken("low", "high")[:40_000]
    whole = list(Listener(tones, blocks(samples, [40_000]), vad=vad))
    assert len(whole) == 2
    assert list(Listener(tones, blocks(samples, sizes), vad=vad)) == whole


def test_while_nobody_speaks_nothing_is_classified(tones):
    counting = Counting(tones)
    silence = np.random.default_rng(0).normal(0, 1e-4, 160_000).astype(np.float32)
    assert list(Listener(counting, blocks(silence), vad=3)) == []
    assert counting.windows == 0
    assert list(Listener(counting, blocks(silence), vad=None)) == []
    assert counting.windows == 91


def test_what_was_heard_before_a_failure_is_reported_before_the_error(tones):
    def failing():
        yield from blocks(spoken("low")[:22_000])
        raise AudioError("cut short")

    listener, found = iter(Listener(tones, failing(), vad=None)), []
    with pytest.raises(AudioError, match="cut short"):
        found.extend(listener)
    assert [detection.label for detection in found] == ["low"]


def test_parameters_reach_the_decoder(tones):
    sure = DecoderParameters(threshold=1.0)
    assert list(Listener(tones, blocks(spoken("low")), parameters=sure)) == []


def test_a_shorter_hop_looks_more_often(tones):
    counts = []
    for hop in (0.1, 0.05):
        counting = Counting(tones)
        list(Listener(counting, blocks(np.zeros(32_000, np.float32)), hop=hop, vad=None))
        counts.append(counting.windows)
    assert counts == [11, 21]


def test_detections_come_while_the_source_goes_on(tones):
    def endless():
        yield from blocks(spoken("high"))
        pytest.fail("asked for more sound before it reported the word")

    assert next(iter(Listener(tones, endless(), vad=None))).label == "high"
