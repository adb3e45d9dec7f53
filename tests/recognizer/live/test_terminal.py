import io
import os
import pty

import pytest

from recognizer.live.terminal import Screen, can_draw, has_colour, terminal_size
from tests.ansi_terminal import Terminal


class Connected(io.StringIO):
    """Shows on a terminal what is flushed."""

    def __init__(self, terminal):
        super().__init__()
        self._terminal = terminal

    def flush(self):
        self._terminal.feed(self.getvalue())
        self.seek(0)
        self.truncate()


@pytest.fixture
def terminal():
    return Terminal()


@pytest.fixture
def screen(terminal):
    return Screen(Connected(terminal))


@pytest.fixture
def end_of_a_terminal():
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stream:
        yield stream
    os.close(leader)


def test_drawing_again_replaces_what_was_drawn(screen, terminal):
    terminal.feed("before\n")
    screen.draw(["a long line", "b", "c"])
    screen.draw(["short", "d"])
    assert terminal.lines == ["before", "short", "d", ""]
    assert terminal.cursor_is_visible


def test_lines_above_stay_in_their_order(screen, terminal):
    screen.draw(["view"])
    screen.draw(["view"], above=["one", "two"])
    screen.draw(["view"], above=["three"])
    assert terminal.lines == ["one", "two", "three", "view", ""]


def test_after_erasing_others_may_print_and_the_view_comes_below(screen, terminal):
    screen.draw(["a", "b"])
    screen.erase()
    terminal.feed("warning\n")
    screen.draw(["a", "b"])
    assert terminal.lines == ["warning", "a", "b", ""]


def test_what_was_left_is_not_touched_any_more(screen, terminal):
    screen.draw(["a"])
    terminal.feed("\x1b[?25l")
    screen.leave()
    assert terminal.cursor_is_visible
    screen.erase()
    screen.draw(["b"])
    assert terminal.lines == ["a", "b", ""]


def test_typed_characters_are_drawn_over(screen, terminal):
    screen.draw(["a"])
    terminal.feed("^C")
    screen.draw(["b"])
    assert terminal.lines == ["b", ""]


def test_only_a_terminal_that_is_not_dumb_can_be_drawn_on(end_of_a_terminal, tmp_path):
    assert can_draw(end_of_a_terminal, {"TERM": "xterm"})
    assert not can_draw(end_of_a_terminal, {"TERM": "dumb"})
    with (tmp_path / "file").open("w") as file:
        assert not can_draw(file, {"TERM": "xterm"})


@pytest.mark.parametrize(
    "environment", [{"TERM": "xterm-256color", "NO_COLOR": "1"}, {"TERM": "no-such-terminal"}, {}]
)
def test_there_are_no_colours_where_they_are_refused_or_unknown(end_of_a_terminal, environment):
    assert not has_colour(end_of_a_terminal, environment)


def test_a_terminal_without_a_size_counts_as_80_by_24(end_of_a_terminal):
    assert terminal_size(end_of_a_terminal) == (80, 24)
