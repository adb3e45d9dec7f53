import os

import pytest

from recognizer.detection import Detection
from recognizer.live.view import LiveView
from recognizer.snapshot import Snapshot
from tests.ansi_terminal import Terminal
from tests.recognizer.live.test_terminal import Connected

LABELS = ("low", "high", "other")


class Watched:
    """A view, the terminal it draws on, and a clock that stands still."""

    def __init__(self):
        self.now = 0.0
        self.size = os.terminal_size((80, 24))
        self.terminal = Terminal()
        self.view = LiveView(
            LABELS,
            Connected(self.terminal),
            lambda: self.size,
            colour=False,
            clock=lambda: self.now,
        )

    @property
    def status(self):
        return self.terminal.lines[0]


@pytest.fixture
def watched():
    return Watched()


def snapshot(time=0.1):
    return Snapshot(time, -20.0, is_open=True, probabilities=(0.1, 0.8, 0.1))


def detection(index):
    return Detection("low", 0.9, start=index, end=index + 0.5, time=index + 0.8)


def test_snapshots_are_drawn_at_most_20_times_a_second(watched):
    for index in range(10):
        watched.view.show(snapshot(index))
    assert "0.0 s" in watched.status
    watched.now = 0.06
    watched.view.show(snapshot(10))
    assert "10.0 s" in watched.status


def test_a_detection_is_drawn_at_once(watched):
    watched.view.show(snapshot())
    watched.view.write(detection(7))
    assert any("7.00 s  low" in line for line in watched.terminal.lines)
    assert "heard  low" in watched.terminal.lines


def test_every_detection_stays_to_be_read_once_and_in_order(watched):
    with watched.view:
        watched.view.show(snapshot())
        for index in range(12):
            watched.view.write(detection(index))
    starts = [line.split()[0] for line in watched.terminal.lines if "after the word" in line]
    assert starts == [f"{index:.2f}" for index in range(12)]


def test_closing_draws_the_last_state_and_shows_the_cursor(watched):
    watched.view.show(snapshot(1))
    watched.view.show(snapshot(2))
    watched.terminal.feed("\x1b[?25l")
    watched.view.close()
    assert "2.0 s" in watched.status
    assert watched.terminal.cursor_is_visible
    drawn = watched.terminal.lines
    watched.view.close()
    assert watched.terminal.lines == drawn


def test_a_view_that_never_saw_anything_draws_nothing(watched):
    watched.view.close()
    assert watched.terminal.lines == [""]


@pytest.mark.parametrize("size", [(40, 10), (10, 4), (1, 1), (200, 60)])
def test_any_size_of_terminal_will_do(watched, size):
    watched.size = os.terminal_size(size)
    watched.view.show(snapshot())
    watched.view.write(detection(1))
    lines = watched.terminal.lines
    assert len(lines) <= min(size[1], 24)
    assert max(map(len, lines)) < min(size[0], 81)


def test_memory_stays_bounded(watched):
    for index in range(100):
        watched.view.write(detection(index))
    state = watched.view._state
    assert (len(state.heard), len(state.latest)) == (80, 5)
