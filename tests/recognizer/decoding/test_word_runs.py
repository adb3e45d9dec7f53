import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.decoding.frame_track import Piece
from recognizer.decoding.word_runs import LONGEST, WordRuns

LABELS = ("one", "two", "other")
STEP = 0.02
TOO_LONG = "1" * (round(LONGEST / STEP) + 5)


def track(text, values=None):
    """Return frames: 1 and 2 are sure of a keyword, - is other; or with values of "one"."""
    if values is None:
        values = [{"1": (0.9, 0.05), "2": (0.05, 0.9), "-": (0.02, 0.03)}[c] for c in text]
    else:
        values = [(value, 0.0) for value in values]
    rows = [(one, two, 1 - one - two) for one, two in values]
    return Piece(np.arange(len(rows)) * STEP, np.array(rows, np.float32))


def words(piece, sizes=()):
    runs, found, at = WordRuns(LABELS), [], 0
    for size in (*sizes, len(piece.times)):
        found += runs.process(Piece(piece.times[at : at + size], piece.values[at : at + size]))
        at += size
    return [*found, *runs.finish()]


def test_a_run_of_sure_frames_is_a_word_with_its_times():
    (found,) = words(track("-" * 20 + "1" * 10 + "-" * 10))
    assert found.label == "one"
    assert found.confidence == pytest.approx(0.9)
    assert found.end == pytest.approx(29 * STEP)
    assert found.start == pytest.approx(20 * STEP)


def test_a_single_frame_is_no_word_and_a_single_gap_ends_none():
    assert words(track("---1---")) == []
    assert len(words(track("--111-111--"))) == 1


def test_words_follow_each_other_without_a_pause():
    found = words(track("--1111112222221111--"))
    assert [word.label for word in found] == ["one", "two", "one"]
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start


def test_the_same_word_twice_is_two_words_where_its_probability_falls_and_rises_again():
    values = [0, 0.3, 0.8, 0.9, 0.8, 0.5, 0.3, 0.5, 0.8, 0.9, 0.6, 0]
    assert [word.label for word in words(track("", values))] == ["one", "one"]
    steady = [0, 0.3, 0.8, 0.9, 0.8, 0.7, 0.65, 0.7, 0.8, 0.9, 0.6, 0]
    assert len(words(track("", steady))) == 1


def test_what_is_not_over_is_a_word_at_the_end_of_the_stream():
    runs = WordRuns(LABELS)
    assert list(runs.process(track("---1111"))) == []
    assert runs.open_since == pytest.approx(3 * STEP)
    assert [word.label for word in runs.finish()] == ["one"]
    assert runs.open_since is None


def test_a_run_that_is_longer_than_any_word_is_none():
    assert words(track("-" + TOO_LONG + "-")) == []
    assert len(words(track("-" + TOO_LONG[10:] + "-"))) == 1


def test_nothing_comes_of_a_run_that_is_too_long_until_it_has_ended():
    loud, soft = [0.9] * len(TOO_LONG), [0.3] * 5
    assert words(track("", [*loud, *soft, *loud, *soft])) == []
    found = words(track(TOO_LONG + "222222--" + TOO_LONG + "---111111"))
    assert [word.label for word in found] == ["two", "one"]


def test_words_said_again_and_again_are_no_single_word_that_is_too_long():
    values = [0.9, 0.9, 0.9, 0.3, 0.2, 0.3] * 30
    assert len(values) * STEP > LONGEST
    assert len(words(track("", values))) == 30


def test_a_run_that_is_too_long_is_under_way_until_it_has_ended():
    runs = WordRuns(LABELS)
    piece = track("--" + TOO_LONG + TOO_LONG + "-----")
    ends = len(piece.times) - 5
    list(runs.process(Piece(piece.times[:ends], piece.values[:ends])))
    assert runs.open_since == pytest.approx(2 * STEP)
    list(runs.process(Piece(piece.times[ends:], piece.values[ends:])))
    assert runs.open_since is None


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 400)), min_size=1, max_size=8))
def test_whatever_is_heard_words_and_memory_are_bounded(stretches):
    runs = WordRuns(LABELS)
    piece = track("", [value for value, count in stretches for _ in range(count)])
    for place in range(len(piece.times)):
        found = runs.process(Piece(piece.times[place:][:1], piece.values[place:][:1]))
        assert all(word.end - word.start <= LONGEST for word in found)
        if place % 100 == 99:
            assert len(pickle.dumps(runs)) < 40 * LONGEST / STEP
    assert all(word.end - word.start <= LONGEST for word in runs.finish())


@given(text=st.text("12-", max_size=60), sizes=st.lists(st.integers(1, 15), max_size=8))
def test_how_the_track_is_cut_changes_nothing(text, sizes):
    piece = track(text)
    assert words(piece, sizes) == words(piece)
