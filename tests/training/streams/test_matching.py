import pytest
from hypothesis import given

from tests.training.streams.material import detection, detections, word, words
from training.streams.matching import closest, match, overlap


@given(words(), detections())
def test_every_detection_is_used_once_and_every_word_once_at_most(said, heard):
    found = match(said, heard)
    numbers = [number for _, number in found.pairs] + [*found.duplicates, *found.insertions]
    assert sorted(numbers) == list(range(len(heard)))
    assert len({place for place, _ in found.pairs}) == len(found.pairs)


@given(words(), detections())
def test_no_word_lies_nearer_to_a_detection_than_its_own(said, heard):
    for place, number in match(said, heard).pairs:
        shared = [overlap(heard[number], other) for other in said]
        assert shared[place] == max(shared) >= -0.1


def test_a_detection_belongs_to_the_word_whose_time_it_overlaps_most():
    said = [word("one", 0.0, 0.5), word("two", 0.5, 1.0)]
    found = match(said, [detection("two", 0.4, 0.9), detection("one", 0.1, 0.6)])
    assert found.pairs == ((0, 1), (1, 0))
    assert (found.duplicates, found.insertions) == ((), ())


def test_the_right_label_counts_and_more_of_it_are_duplicates_and_others_insertions():
    said = [word("one", 1.0, 1.5)]
    heard = [
        detection("two", 1.0, 1.5),
        detection("one", 1.0, 1.2),
        detection("one", 1.1, 1.5),
    ]
    found = match(said, heard)
    assert found.pairs == ((0, 2),)
    assert (found.duplicates, found.insertions) == ((1,), (0,))


def test_a_detection_near_a_word_belongs_to_it_and_one_far_away_to_none():
    said = [word("one", 1.0, 1.5)]
    assert match(said, [detection("one", 1.55, 1.8)]).pairs == ((0, 0),)
    assert match(said, [detection("one", 1.7, 1.9)]).insertions == (0,)
    assert match([], [detection("one", 1.7, 1.9)]).insertions == (0,)


def test_overlap_is_negative_between_what_is_apart():
    assert overlap(word("one", 0, 1), word("one", 3, 4)) == pytest.approx(-2)
    assert closest(word("one", 0, 1), []) is None
