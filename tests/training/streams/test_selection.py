from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from training.streams.selection import filling, interleaved

ITEMS = st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=30)


def group(item):
    return item[0]


@given(ITEMS, st.integers(0, 99))
def test_all_items_come_once_and_the_same_seed_gives_the_same_order(items, seed):
    order = list(interleaved(items, group, seed))
    assert sorted(order) == sorted(items)
    assert order == list(interleaved(items, group, seed))


@given(ITEMS, st.integers(0, 99), st.integers(0, 30))
def test_whoever_stops_early_has_as_many_of_each_group_as_there_are(items, seed, count):
    taken = Counter(map(group, list(interleaved(items, group, seed))[:count]))
    there = Counter(map(group, items))
    most = max(taken.values(), default=0)
    assert all(taken[name] >= min(most - 1, there[name]) for name in there)


@given(st.lists(st.floats(0, 10)), st.floats(0, 50))
def test_a_limit_is_reached_and_passed_by_less_than_one_item(lengths, limit):
    chosen = filling(iter(lengths), lambda seconds: seconds, limit)
    assert chosen == lengths[: len(chosen)]
    assert sum(chosen[:-1]) < limit or not chosen
    assert sum(chosen) >= limit or chosen == lengths


def test_without_a_limit_everything_is_taken():
    assert filling(iter([1.0, 2.0]), lambda seconds: seconds, None) == [1.0, 2.0]
