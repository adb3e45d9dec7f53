"""What waits is taken in order; when it is too much, the oldest windows are skipped."""

import math
from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognizer.backlog import Backlog, BacklogRules
from recognizer.pipeline import Pause, Question
from recognizer.windows import Window

MOST = 5
# True for a window, False for a pause.
any_steps = st.lists(st.booleans(), max_size=60)


def step(is_window, time):
    window = Window(np.zeros(16_000, np.float32), time)
    return Question(window, None) if is_window else Pause(None)


def backlog(most=math.inf, longest=math.inf, clock=lambda: 0.0):
    return Backlog(BacklogRules(clock, longest, most))


def taken(waiting):
    return list(iter(waiting.take, None))


def is_window(one):
    return isinstance(one, Question)


@given(kinds=any_steps)
def test_all_is_taken_in_order_and_pauses_in_a_row_are_one(kinds):
    waiting = backlog()
    for time, kind in enumerate(kinds):
        waiting.put(step(kind, time))
    found = taken(waiting)
    expected = [kind for kind, run in groupby(kinds) for _ in (run if kind else [0])]
    assert [is_window(one) for one in found] == expected
    times = [one.window.start for one in found if is_window(one)]
    assert times == [time for time, kind in enumerate(kinds) if kind]
    assert (waiting.skipped, len(waiting)) == (0, 0)


@given(kinds=any_steps)
def test_however_much_is_put_the_newest_windows_wait_and_little_else(kinds):
    waiting = backlog(most=MOST)
    for time, kind in enumerate(kinds):
        waiting.put(step(kind, time))
        assert len(waiting) <= 2 * MOST + 1
    found = taken(waiting)
    times = [one.window.start for one in found if is_window(one)]
    assert times == [time for time, kind in enumerate(kinds) if kind][-MOST:]
    assert waiting.skipped == max(0, sum(kinds) - MOST)
    # What the last windows left open is decided.
    assert not found or is_window(found[-1]) == kinds[-1]


@given(kinds=any_steps)
def test_what_is_late_is_skipped_up_to_the_last_window_before_each_pause(kinds):
    now = 0.0
    waiting = backlog(longest=1.0, clock=lambda: now)
    for time, kind in enumerate(kinds):
        waiting.put(step(kind, time))
    now = 2.0
    found = [is_window(one) for one in taken(waiting)]
    assert found == [kind for kind, _ in groupby(kinds)]
    assert waiting.skipped == sum(kinds) - sum(found)


def test_nothing_is_left_when_it_is_cleared():
    waiting = backlog(most=1)
    waiting.put(step(True, 0))
    waiting.clear()
    assert taken(waiting) == []
    waiting.put(step(True, 1))
    assert len(taken(waiting)) == 1
    assert waiting.skipped == 0
