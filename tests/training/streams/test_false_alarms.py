import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.streams.false_alarms import most_events

COUNTS = st.integers(0, 200)


def chance_of_at_most(count, mean):
    terms = (i * math.log(mean) - mean - math.lgamma(i + 1) for i in range(count + 1))
    return math.fsum(map(math.exp, terms))


@given(COUNTS)
def test_at_the_bound_so_few_events_come_up_once_in_twenty(count):
    assert chance_of_at_most(count, most_events(count)) == pytest.approx(0.05, rel=1e-6)


@given(COUNTS)
def test_the_bound_lies_above_the_count_and_rises_with_it(count):
    assert count < most_events(count) < most_events(count + 1)


@given(COUNTS, st.floats(0.5, 0.98))
def test_more_confidence_takes_a_higher_bound(count, confidence):
    assert most_events(count, confidence) < most_events(count, confidence + 0.01)


def test_no_event_at_all_leaves_three():
    assert most_events(0) == pytest.approx(-math.log(0.05))
