from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.training.streams.material import LABELS, word
from training.streams.edit_distance import compare, duplicates

TEXTS = st.lists(st.sampled_from(LABELS), max_size=8)


def said(labels, optional=()):
    return [word(label, 0, 1, optional=place in optional) for place, label in enumerate(labels)]


def errors(one, other):
    return compare(said(one), other).errors


@given(TEXTS)
def test_what_is_heard_as_it_was_said_has_no_errors(labels):
    assert errors(labels, labels) == 0


@given(TEXTS, TEXTS)
def test_the_distance_is_the_same_both_ways_and_bounded_by_the_lengths(one, other):
    distance = errors(one, other)
    assert distance == errors(other, one)
    assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))
    assert (distance == 0) == (one == other)


@given(TEXTS, TEXTS, TEXTS)
def test_a_detour_is_never_shorter(one, two, three):
    assert errors(one, three) <= errors(one, two) + errors(two, three)


@given(TEXTS, TEXTS, st.sets(st.integers(0, 7)))
def test_every_word_heard_and_every_word_that_counts_is_accounted_for_once(labels, heard, optional):
    words = said(labels, optional)
    edits = compare(words, heard)
    both = [*edits.matches, *edits.substitutions]
    assert sorted([j for _, j in both] + list(edits.insertions)) == list(range(len(heard)))
    used = sorted([i for i, _ in both] + list(edits.deletions))
    left_out = set(range(len(labels))) - set(used)
    assert len(set(used)) == len(used)
    assert all(words[i].optional for i in left_out)
    assert all(labels[i] == heard[j] for i, j in edits.matches)
    assert all(labels[i] != heard[j] for i, j in edits.substitutions)
    assert [j for _, j in sorted(both)] == sorted(j for _, j in both), "in the order of speech"


@given(TEXTS, TEXTS, st.integers(0, 7))
def test_an_optional_word_costs_no_more_than_if_nobody_had_said_it(labels, heard, place):
    without = labels[:place] + labels[place + 1 :]
    cost = compare(said(labels, {place}), heard).errors
    assert errors(without, heard) - 1 <= cost <= errors(without, heard)


def test_kinds_of_errors_are_told_apart():
    edits = compare(said(["one", "two", "three"]), ["one", "three", "three", "two"])
    assert edits.matches == ((0, 0), (2, 2))
    assert edits.substitutions == ((1, 1),)
    assert edits.deletions == ()
    assert edits.insertions == (3,)


def test_an_optional_word_may_be_heard_or_not_but_not_as_another():
    words = [replace(word("zero", 0, 1), optional=True), word("two", 1, 2)]
    assert compare(words, ["zero", "two"]).errors == 0
    assert compare(words, ["two"]).errors == 0
    other = compare(words, ["one", "two"])
    assert (other.insertions, other.substitutions) == ((0,), ())


def test_what_repeats_its_neighbour_is_a_duplicate_and_a_repeat_that_was_said_is_none():
    heard = ["one", "two", "two", "two", "three", "one"]
    edits = compare(said(["one", "two", "two"]), heard)
    assert len(duplicates(edits, heard)) == 1
    assert len(edits.insertions) == 3
    assert duplicates(compare(said(["two", "two"]), ["two", "two"]), ["two", "two"]) == ()
