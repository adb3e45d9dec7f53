import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.decoding.decoder import DecoderParameters
from recognizer.decoding.frame_decoder import FrameDecoder
from recognizer.recognizer import Answer
from recognizer.windows import Window

LABELS = ("one", "two", "other")
THRESHOLDS = {"one": 0.5, "two": 0.8}
RATE, STEP, FRAMES = 16_000, 0.02, 51
SECONDS = 8.0


def strict(**changes):
    """Return parameters that ask for nearly what the thresholds say."""
    return DecoderParameters(caution=-0.2, **changes)


def said(words):
    """Return samples and the track of frames; a word is (label, start, end, probability, dB)."""
    samples = np.random.default_rng(0).normal(0, 1e-4, int(SECONDS * RATE)).astype(np.float32)
    times = np.arange(round(SECONDS / STEP) + 1) * STEP
    track = np.tile(np.array([0.02, 0.03, 0.95], np.float32), (len(times), 1))
    for label, start, end, probability, level in words:
        first, last = round(start * RATE), round(end * RATE)
        loud = 0.1 * 10 ** (level / 20)
        samples[first:last] += loud * np.sin(np.arange(last - first) / 3).astype(np.float32)
        heard = (times > end - 0.6 * (end - start)) & (times <= end)
        row = np.full(len(LABELS), (1 - probability) / (len(LABELS) - 1), np.float32)
        row[LABELS.index(label)] = probability
        track[heard] = row
    return samples, track


def judged(words, middle):
    """Return the answer for a window, by the word nearest to its middle."""
    answer = np.array([0.02, 0.03, 0.95], np.float32)
    for label, start, end, probability, _ in words:
        if start - 0.05 <= middle <= end + 0.05:
            answer[:] = (1 - probability) / (len(LABELS) - 1)
            answer[LABELS.index(label)] = probability
    return answer


def decode(words, parameters=None, hop=0.1, until=SECONDS, windows=None):
    samples, track = said(words)
    decoder, found = FrameDecoder(LABELS, THRESHOLDS, parameters or strict()), []
    for number in range(int((until - 1) / hop + 1e-6) + 1):
        first = round(number * hop * RATE)
        frames = track[round(first / RATE / STEP) :][:FRAMES]
        window = Window(samples[first : first + RATE], first / RATE)
        answer = judged(words, first / RATE + 0.5) if windows is None else windows
        found += decoder.process(window, Answer(answer, frames))
    return [*found, *decoder.finish()]


def one(start, end=None, probability=0.9):
    return ("one", start, end or start + 0.4, probability, 0)


def two(start, end=None, probability=0.9, level=0):
    return ("two", start, end or start + 0.4, probability, level)


def speech(start, end):
    return ("other", start, end, 0.95, 0)


def test_a_word_alone_is_reported_soon_after_its_end():
    (found,) = decode([one(3.0)])
    assert found.label == "one"
    assert found.confidence > 0.8
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


def test_the_higher_the_threshold_the_surer_must_be_who_vouches_for_others():
    words = [one(2.0, probability=0.8), two(2.4, probability=0.6)]
    low, high = DecoderParameters(threshold=0.65), DecoderParameters(threshold=0.9)
    assert [d.label for d in decode(words, low)] == ["one", "two"]
    assert decode(words, high) == []


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
    (found,) = decode(words, strict(embedded=True))
    assert found.label == "one"


def test_speech_a_while_before_takes_more_evidence():
    words = [speech(1.0, 2.0), two(3.7, probability=0.94)]
    assert [d.label for d in decode(words[1:])] == ["two"]
    assert decode(words) == []
    trusting = decode(words, strict(distrust=0.0))
    assert [d.label for d in trusting] == ["two"]


def test_the_surest_words_are_reported_soonest():
    sure, less = (decode([two(3.0, probability=p)])[0] for p in (0.98, 0.93))
    assert sure.time < less.time
    (eager,) = decode([two(3.0, probability=0.93)], strict(eagerness=0.0))
    assert eager.time <= sure.time


def test_speech_long_before_or_long_after_is_no_neighbour():
    found = decode([speech(1.0, 1.7), one(4.0), speech(5.2, 6.0)])
    assert [detection.label for detection in found] == ["one"]


def test_one_threshold_can_stand_for_all():
    unsure = [one(2.0, probability=0.6), two(4.0, probability=0.6)]
    assert [d.label for d in decode(unsure)] == ["one"]
    both = decode(unsure, DecoderParameters(threshold=0.55))
    assert [d.label for d in both] == ["one", "two"]


def test_the_end_of_the_stream_decides_what_is_open():
    (found,) = decode([one(3.0)], until=3.5)
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


def test_windows_with_the_word_in_their_middle_have_the_last_word():
    doubtful = np.array([0.3, 0.1, 0.6], np.float32)
    assert decode([one(3.0)], windows=doubtful) == []
    (found,) = decode([one(3.0)], strict(embedded=True), windows=doubtful)
    assert found.confidence == pytest.approx(0.9)


def test_behind_a_word_that_counts_a_string_goes_on_whatever_is_said_in_between():
    unheard = speech(2.5, 3.2)
    assert decode([one(2.0), unheard, two(3.3)]) == []
    string = decode([one(1.6), one(2.0), unheard, two(3.3)])
    assert [d.label for d in string] == ["one", "one", "two"]


def test_a_string_that_was_begun_speaks_for_the_words_that_go_on_with_it():
    unsure = two(3.0, probability=0.7)
    assert decode([unsure]) == []
    assert [d.label for d in decode([one(2.0), unsure])] == ["one", "two"]
    assert [d.label for d in decode([one(2.0), unsure], strict(trust=0.0))] == ["one"]
    assert [d.label for d in decode([one(1.0), unsure])] == ["one"]


@pytest.mark.parametrize(("level", "labels"), [(-12, ["one", "two"]), (-18, ["one"])])
def test_what_is_much_fainter_than_a_string_does_not_go_on_with_it(level, labels):
    soon, later = two(2.9, level=level), two(4.5, level=level)
    assert [d.label for d in decode([one(2.0), soon])] == labels
    assert len(decode([one(2.0), soon], strict(fainter=20))) == 2
    assert len(decode([one(2.0), later])) == 2


@pytest.mark.parametrize(("start", "end"), [(2.42, 2.55), (2.45, 2.6), (2.55, 2.7)])
def test_the_rest_of_a_word_is_no_repeat_of_it(start, end):
    broken = [one(2.0), one(start, end)]
    assert [d.label for d in decode(broken)] == ["one"]


@pytest.mark.parametrize(("start", "end"), [(2.45, 2.75), (2.7, 2.85)])
def test_a_repeat_is_about_as_long_or_comes_after_a_pause(start, end):
    repeated = [one(2.0), one(start, end)]
    assert [d.label for d in decode(repeated)] == ["one", "one"]


@settings(max_examples=12)
@given(hop=st.sampled_from([0.02, 0.05, 0.1, 0.3]), seed=st.integers(0, 1000))
def test_state_is_bounded_whatever_is_heard(hop, seed):
    rng = np.random.default_rng(seed)
    decoder = FrameDecoder(LABELS, THRESHOLDS)
    samples = rng.normal(0, 0.1, RATE).astype(np.float32)
    for number in range(150):
        frames = rng.dirichlet([0.3, 0.3, 0.3], FRAMES).astype(np.float32)
        list(decoder.process(Window(samples, number * hop), Answer(frames[0], frames)))
    assert len(decoder._words) <= 200
    assert len(decoder._pending) <= 100
    assert len(decoder._windows._entries) <= 3.0 / hop + 2
