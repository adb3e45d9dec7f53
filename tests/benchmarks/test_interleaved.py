"""With a clock of its own, what is timed takes as long as the test says."""

import pytest

from benchmarks.interleaved import interleave, ratio


class Clock:
    def __init__(self):
        self.now = 0.0
        self.order = []

    def __call__(self):
        return self.now

    def work(self, name, *durations):
        """Return what takes these durations in turns."""
        left = list(durations)

        def run():
            self.order.append(name)
            left.append(left.pop(0))
            self.now += left[-1]

        return run


def test_all_have_their_turn_in_each_round_after_a_first_call_that_is_not_timed():
    clock = Clock()
    contenders = {"a": clock.work("a", 9, 1), "b": clock.work("b", 9, 2)}
    timings = interleave(contenders, rounds=2, seconds=0, clock=clock)
    assert "".join(clock.order) == "ab" + "ab" * 2
    assert {name: len(values) for name, values in timings.items()} == {"a": 2, "b": 2}
    assert timings["a"][0] == 1
    assert timings["b"][0] == 2


def test_of_the_calls_in_a_turn_the_median_counts():
    clock = Clock()
    timings = interleave({"a": clock.work("a", 1, 1, 50, 1)}, rounds=1, seconds=60, clock=clock)
    assert timings["a"] == [1]


def test_a_ratio_forgets_rounds_in_which_the_machine_was_disturbed():
    timings = {"ours": [1, 1, 40, 1, 1], "theirs": [3, 3, 3, 90, 3]}
    assert ratio(timings, "theirs", "ours") == pytest.approx(3)
