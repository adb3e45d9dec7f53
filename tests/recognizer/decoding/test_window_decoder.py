import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.decoding.decoder import DecoderParameters
from recognizer.decoding.stretches import Stretch
from recognizer.decoding.window_decoder import Observation, WindowDecoder

LABELS = ("one", "nine", "other")
THRESHOLDS = {"one": 0.5, "nine": 0.8}
HOP = 0.1
WHOLE, PART = 0.9, 0.95


def probabilities(label, value):
    rest = (1 - value) / (len(LABELS) - 1)
    return np.array([value if name == label else rest for name in LABELS], dtype=np.float32)


def seen(words, end, part_label="other"):
    """Return what a window sees of (start, end, label, probability) words.

    A window that holds no word (nearly) whole hears ``part_label`` in the parts, and surely so.
    """
    start = end - 1
    heard = [w for w in words if w[0] < end and w[1] > start]
    stretches = tuple(Stretch(max(w[0], start), min(w[1], end)) for w in heard)
    whole = [w for w, s in zip(heard, stretches, strict=True) if s.length > 0.95 * (w[1] - w[0])]
    label, value = whole[-1][2:] if whole else (part_label if heard else "other", PART)
    return Observation(start, end, probabilities(label, value), stretches)


def decode(words, seconds=6.0, parameters=None, part_label="other", hop=HOP):
    decoder = WindowDecoder(LABELS, THRESHOLDS, parameters)
    ends = [1 + hop * k for k in range(int((seconds - 1) / hop) + 1)]
    found = [d for end in ends for d in decoder.observe(seen(words, end, part_label))]
    return [*found, *decoder.finish()]


def test_a_word_is_detected_once_with_its_time_soon_after_its_end():
    (found,) = decode([(2.0, 2.5, "one", WHOLE)])
    assert (found.label, found.start, found.end) == ("one", 2.0, 2.5)
    assert found.confidence == pytest.approx(WHOLE)
    assert 2.5 < found.time <= 3.0 + 1e-6


def test_parts_of_a_word_have_no_say_however_sure_they_sound():
    (found,) = decode([(2.0, 2.5, "one", 0.7)], part_label="nine")
    assert found.label == "one"


def test_the_same_word_twice_is_two_detections():
    found = decode([(1.5, 2.0, "one", WHOLE), (2.6, 3.1, "one", WHOLE)])
    assert [(d.label, d.start) for d in found] == [("one", 1.5), ("one", 2.6)]


def test_other_is_never_detected():
    assert decode([(2.0, 2.5, "other", 0.99)]) == []


def test_each_keyword_has_its_own_threshold():
    words = [(1.5, 2.0, "one", 0.6), (3.0, 3.5, "nine", 0.6)]
    assert [d.label for d in decode(words)] == ["one"]


def test_one_threshold_replaces_those_of_the_model():
    words = [(1.5, 2.0, "one", 0.6), (3.0, 3.5, "nine", 0.6)]
    assert [d.label for d in decode(words, parameters=DecoderParameters(threshold=0.55))] == [
        "one",
        "nine",
    ]
    assert decode(words, parameters=DecoderParameters(threshold=0.65)) == []


def test_sound_before_a_word_that_only_seemed_to_belong_to_it_does_not_count():
    faint = [
        Observation(end - 1, end, probabilities("other", PART), (Stretch(end - 0.5, end),))
        for end in (1.2, 1.3, 1.4, 1.5)
    ]
    decoder = WindowDecoder(LABELS, THRESHOLDS)
    for observation in faint:
        assert list(decoder.observe(observation)) == []
    word = [(1.4, 1.8, "one", WHOLE)]
    found = [d for k in range(6) for d in decoder.observe(seen(word, 1.8 + HOP * k))]
    assert [(d.label, d.start, d.end) for d in found] == [("one", 1.4, 1.8)]


def test_sound_longer_than_a_window_is_no_word():
    assert decode([(1.5, 4.0, "one", WHOLE)], part_label="one") == []


def test_a_word_in_the_first_window_is_detected():
    (found,) = decode([(0.1, 0.5, "one", WHOLE)])
    assert found.start == 0.1


def test_a_word_at_the_very_end_is_detected_when_the_stream_is_over():
    (found,) = decode([(1.5, 1.98, "one", WHOLE)], seconds=2.0)
    assert found.time == pytest.approx(2.0)


def test_finishing_twice_reports_nothing_twice():
    decoder = WindowDecoder(LABELS, THRESHOLDS)
    assert list(decoder.observe(seen([(0.2, 0.9, "one", WHOLE)], 1.0))) == []
    assert len(list(decoder.finish())) == 1
    assert list(decoder.finish()) == []


def test_after_a_reset_nothing_is_left_of_what_was_heard():
    decoder = WindowDecoder(LABELS, THRESHOLDS)
    list(decoder.observe(seen([(0.2, 0.9, "one", WHOLE)], 1.0)))
    decoder.reset()
    assert list(decoder.finish()) == []


def test_endless_sound_does_not_fill_memory():
    decoder = WindowDecoder(LABELS, THRESHOLDS)
    for step in range(500):
        list(decoder.observe(seen([(0.0, 100.0, "one", WHOLE)], 1 + HOP * step)))
    (word,) = decoder._words
    assert len(word.ballots) < 200


@given(
    st.lists(
        st.tuples(
            st.floats(0.2, 0.7),
            st.floats(0.5, 1.5),
            st.sampled_from(["one", "nine"]),
        ),
        max_size=6,
    ),
    st.sampled_from(["one", "nine", "other"]),
    st.sampled_from([0.05, 0.1, 0.15]),
)
def test_every_separate_word_is_detected_exactly_once(spoken, part_label, hop):
    words, now = [], 0.3
    for length, pause, label in spoken:
        words.append((now, now + length, label, WHOLE))
        now += length + pause
    found = decode(words, now + 2, part_label=part_label, hop=hop)
    assert [(d.label, d.start) for d in found] == [(w[2], pytest.approx(w[0])) for w in words]
