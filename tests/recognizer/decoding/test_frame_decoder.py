import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.decoding.decoder import DecoderParameters
from recognizer.decoding.frame_decoder import FrameDecoder
from recognizer.recognizer import Answer
from recognizer.windows import Window

LABELS = ("one", "two", "other")
THRESHOLDS = {"one": 0.5, "two": 0.8}
RATE, STEP, FRAMES = 16_000, 0.02, 51
SECONDS = 8.0


def said(words):
    """Return samples and the track of frames; a word is (label, start, end, probability)."""
    samples = np.random.default_rng(0).normal(0, 1e-4, int(SECONDS * RATE)).astype(np.float32)
    times = np.arange(round(SECONDS / STEP) + 1) * STEP
    track = np.tile(np.array([0.02, 0.03, 0.95], np.float32), (len(times), 1))
    for label, start, end, probability in words:
        first, last = round(start * RATE), round(end * RATE)
        samples[first:last] += 0.1 * np.sin(np.arange(last - first) / 3).astype(np.float32)
        heard = (times > end - 0.6 * (end - start)) & (times <= end)
        row = np.full(len(LABELS), (1 - probability) / (len(LABELS) - 1), np.float32)
        row[LABELS.index(label)] = probability
        track[heard] = row
    return samples, track


def decode(words, parameters=None, hop=0.1, until=SECONDS):
    samples, track = said(words)
    decoder, found = FrameDecoder(LABELS, THRESHOLDS, parameters), []
    for number in range(int((until - 1) / hop + 1e-6) + 1):
        first = round(number * hop * RATE)
        frames = track[round(first / RATE / STEP) :][:FRAMES]
        window = Window(samples[first : first + RATE], first / RATE)
        found += decoder.process(window, Answer(frames[0], frames))
    return [*found, *decoder.finish()]


def one(start, end=None, probability=0.9):
    return ("one", start, end or start + 0.4, probability)


def two(start, end=None, probability=0.9):
    return ("two", start, end or start + 0.4, probability)


def speech(start, end):
    return ("other", start, end, 0.95)


def test_a_word_alone_is_reported_soon_after_its_end():
    (found,) = decode([one(3.0)])
    assert found.label == "one"
    assert found.confidence == pytest.approx(0.9)
    assert found.start == pytest.approx(3.0, abs=0.04)
    assert found.end == pytest.approx(3.4, abs=0.03)
    assert found.time - 3.4 <= 0.35


def test_connected_words_are_reported_one_by_one_as_they_are_said():
    words = [one(2.0), two(2.4), two(2.8), one(3.2)]
    found = decode(words)
    assert [detection.label for detection in found] == ["one", "two", "two", "one"]
    assert found[0].time < 3.2


def test_words_said_again_after_a_pause_are_further_detections():
    assert [d.label for d in decode([one(2.0), one(2.7), one(3.4)])] == ["one"] * 3


def test_less_sure_words_count_right_beside_sure_ones_only():
    unsure = two(2.4, probability=0.6)
    assert [d.label for d in decode([one(2.0), unsure, one(2.8)])] == ["one", "two", "one"]
    assert [d.label for d in decode([unsure, one(2.8)])] == ["two", "one"]
    assert decode([unsure, one(3.3)])[0].label == "one"


def test_what_is_hardly_a_keyword_is_no_other_speech_either():
    found = decode([one(2.0), two(2.4, probability=0.35), one(2.8)])
    assert [detection.label for detection in found] == ["one", "one"]


@pytest.mark.parametrize(
    "around",
    [
        [speech(2.0, 2.9)],
        [speech(3.4, 4.5)],
        [speech(2.0, 2.9), speech(3.5, 4.5)],
        [speech(2.0, 2.5)],
    ],
)
def test_a_keyword_among_other_words_is_held_back_unless_asked_for(around):
    words = [*around, one(3.0)]
    assert decode(words) == []
    (found,) = decode(words, DecoderParameters(embedded=True))
    assert found.label == "one"


def test_speech_long_before_or_long_after_is_no_neighbour():
    found = decode([speech(1.0, 1.7), one(4.0), speech(5.2, 6.0)])
    assert [detection.label for detection in found] == ["one"]


def test_one_threshold_can_stand_for_all():
    unsure = [one(2.0, probability=0.6), two(4.0, probability=0.6)]
    assert [d.label for d in decode(unsure)] == ["one"]
    both = decode(unsure, DecoderParameters(threshold=0.55))
    assert [d.label for d in both] == ["one", "two"]


def test_the_end_of_the_stream_decides_what_is_open():
    (found,) = decode([one(3.0)], until=3.4)
    assert found.label == "one"


@given(start=st.floats(1.5, 6.0), length=st.floats(0.25, 0.7))
def test_a_word_is_detected_once_wherever_it_lies(start, length):
    (found,) = decode([one(start, start + length)])
    assert found.end == pytest.approx(start + length, abs=0.05)


@pytest.mark.parametrize("hop", [0.02, 0.06, 0.2, 0.3])
def test_the_hop_changes_no_labels(hop):
    words = [one(2.0), two(3.5), one(5.0)]
    assert [d.label for d in decode(words, hop=hop)] == ["one", "two", "one"]


def test_an_answer_without_frames_is_refused():
    window = Window(np.zeros(RATE, np.float32), 0.0)
    with pytest.raises(ValueError, match="without frames"):
        list(FrameDecoder(LABELS, THRESHOLDS).process(window, Answer(np.zeros(3, np.float32))))
