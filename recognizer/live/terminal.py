"""Lines that are drawn over and over at the same place of a terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TextIO

FALLBACK_SIZE = os.terminal_size((80, 24))
FEWEST_COLOURS = 8

# ECMA-48; the cursor's visibility is DEC's.
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
CLEAR_LINE_BEHIND, CLEAR_BELOW = "\x1b[K", "\x1b[J"


def can_draw(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Tell whether the stream is a terminal whose cursor can be moved."""
    return stream.isatty() and environment.get("TERM") != "dumb"


def has_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Tell whether a terminal has colours and its user, by NO_COLOR, does not refuse them."""
    if environment.get("NO_COLOR"):
        return False
    return _colours(environment.get("TERM", ""), stream.fileno()) >= FEWEST_COLOURS


def terminal_size(stream: TextIO) -> os.terminal_size:
    """Return columns and lines of the terminal, 80 and 24 where it does not know them."""
    size = os.get_terminal_size(stream.fileno())
    return size if size.columns and size.lines else FALLBACK_SIZE


class Screen:
    """Draws lines and stands on the line below them.

    Args:
        terminal: understands ECMA-48 control sequences; flushed after each change.

    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._drawn = 0

    def draw(self, lines: Sequence[str], above: Sequence[str] = ()) -> None:
        """Replace what is drawn; the lines ``above`` are left behind, to scroll away.

        No line may be as wide as the terminal, and ``lines`` have to be fewer than its lines.
        """
        text = "".join(line + CLEAR_LINE_BEHIND + "\n" for line in (*above, *lines))
        self._replace(text, len(lines))

    def erase(self) -> None:
        """Make room for something else, such as a line of the log."""
        if self._drawn:
            self._replace("", 0)

    def leave(self) -> None:
        """Let what is drawn stay where it is, with a visible cursor below."""
        self._write(SHOW_CURSOR)
        self._drawn = 0

    def _replace(self, text: str, drawn: int) -> None:
        up = f"\x1b[{self._drawn}A" if self._drawn else ""
        # Set first: when Ctrl-C comes while the terminal is written to, the text is there.
        self._drawn = drawn
        self._write(HIDE_CURSOR + "\r" + up + text + CLEAR_BELOW + SHOW_CURSOR)

    def _write(self, text: str) -> None:
        self._terminal.write(text)
        self._terminal.flush()


def _colours(name: str, descriptor: int) -> int:
    try:
        import curses
    except ImportError:
        return 0
    try:
        curses.setupterm(name, descriptor)
    except curses.error:
        return 0
    return curses.tigetnum("colors")
