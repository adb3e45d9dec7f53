"""A terminal that remembers what it was told: enough of ECMA-48 for what digit-listen draws."""

from __future__ import annotations

import re

CONTROL = re.compile(r"\x1b\[(\??)(\d*)([A-Za-z])|([\r\n])|([^\x00-\x1f\x7f])")


class Terminal:
    """Endless in height; a line that is wider than ``width``, or an unknown code, is an error."""

    def __init__(self, width: int = 80) -> None:
        self.width = width
        self.cursor_is_visible = True
        self.has_seen_colours = False
        self._lines = [""]
        self._row = self._column = 0

    @property
    def lines(self) -> list[str]:
        """All lines down to the cursor's, without spaces at their ends."""
        return [line.rstrip() for line in self._lines]

    def feed(self, text: str) -> None:
        at = 0
        while at < len(text):
            code = CONTROL.match(text, at)
            assert code, f"no terminal control: {text[at : at + 10]!r}"
            at = code.end()
            private, number, command, motion, char = code.groups()
            if char:
                self._put(char)
            elif motion:
                self._move(motion)
            else:
                getattr(self, f"_{command}" if not private else f"_private_{command}")(number)

    def _put(self, char: str) -> None:
        assert self._column < self.width, f"too wide: {self._lines[self._row]!r}"
        line = self._lines[self._row].ljust(self._column)
        self._lines[self._row] = line[: self._column] + char + line[self._column + 1 :]
        self._column += 1

    def _move(self, motion: str) -> None:
        self._column = 0
        if motion == "\n":
            self._row += 1
            self._lines += [""] * (self._row == len(self._lines))

    def _A(self, number: str) -> None:  # noqa: N802 (named like the code)
        self._row -= int(number)
        assert self._row >= 0, "above the first line"

    def _K(self, number: str) -> None:  # noqa: N802
        assert not number
        self._lines[self._row] = self._lines[self._row][: self._column]

    def _J(self, number: str) -> None:  # noqa: N802
        self._K(number)
        del self._lines[self._row + 1 :]

    def _m(self, number: str) -> None:
        assert number
        self.has_seen_colours = True

    def _private_h(self, number: str) -> None:
        assert number == "25"
        self.cursor_is_visible = True

    def _private_l(self, number: str) -> None:
        assert number == "25"
        self.cursor_is_visible = False
