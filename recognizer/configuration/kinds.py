"""Kinds of values: what fits a setting, written as a flag or in a configuration file."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Value = str | int | float | bool

_MOST_SHOWN = 60
_GREATEST_INTEGER = 2**63 - 1
"""Of TOML; a greater one could have more digits than Python is willing to print."""


class UnfitError(ValueError):
    """A value does not fit its setting; the message says what was expected."""


class Kind(Protocol):
    """What values of one setting look like."""

    @property
    def metavar(self) -> str:
        """What stands for the value in the help."""
        ...

    def parse(self, text: str) -> Value:
        """Return what a flag's text stands for; raises UnfitError."""
        ...

    def check(self, value: object) -> Value:
        """Return the value if it fits, as a file's TOML gives it; raises UnfitError."""
        ...


@dataclass(frozen=True)
class Number:
    """A number in a range.

    Attributes:
        number: int, or float, which takes whole numbers, too.
        lowest: that fits.
        highest: that fits.
        unit: behind the range in messages, with the space before it.
        metavar: see Kind.

    """

    number: type[int] | type[float]
    lowest: float
    highest: float
    unit: str
    metavar: str

    def parse(self, text: str) -> Value:
        """Return the number that a text stands for."""
        try:
            return self.check(self.number(text))
        except ValueError:
            raise self._unfit() from None

    def check(self, value: object) -> Value:
        """Return the number if it lies in the range."""
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or (self.number is int and isinstance(value, float))
            # Not-a-number compares false, too.
            or not self.lowest <= value <= self.highest
        ):
            raise self._unfit()
        return self.number(value)

    def _unfit(self) -> UnfitError:
        return UnfitError(f"a number from {self.lowest} to {self.highest}{self.unit}")


@dataclass(frozen=True)
class Choice:
    """One of a few values.

    Attributes:
        values: those there are; as a flag each is written as its text.
        metavar: see Kind.

    """

    values: Sequence[str | int]
    metavar: str

    def parse(self, text: str) -> Value:
        """Return the value with this text."""
        return self.check({str(value): value for value in self.values}.get(text))

    def check(self, value: object) -> Value:
        """Return the value if it is one of them; true is not 1, nor is 1.0."""
        for known in self.values:
            if type(known) is type(value) and known == value:
                return known
        *most, last = map(str, self.values)
        raise UnfitError(f"{', '.join(most)} or {last}")


@dataclass(frozen=True)
class Text:
    """Any text of one line.

    Attributes:
        expected: what it should be, such as "a path".
        metavar: see Kind.

    """

    expected: str
    metavar: str

    def parse(self, text: str) -> Value:
        """Return the text itself."""
        return self.check(text)

    def check(self, value: object) -> Value:
        """Return the text unless it is empty or holds control characters."""
        if not isinstance(value, str) or not value or any(c < " " or c == "\x7f" for c in value):
            raise UnfitError(self.expected)
        return value


@dataclass(frozen=True)
class Switch:
    """On or off; as a flag ``--name`` or ``--no-name``."""

    metavar: str = ""

    def parse(self, text: str) -> Value:
        """Return what true or false stands for."""
        return self.check({"true": True, "false": False}.get(text))

    def check(self, value: object) -> Value:
        """Return true or false."""
        if not isinstance(value, bool):
            raise UnfitError("true or false")
        return value


def to_toml(value: Value) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, str):
        # What JSON escapes TOML escapes alike; only DEL is left to do.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return json.dumps(value)


def shown(value: object) -> str:
    """Return what a message calls a value of a file, fit or not, in one short line."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if not isinstance(value, str | int | float):
        return f"a {type(value).__name__}"
    if isinstance(value, int) and abs(value) > _GREATEST_INTEGER:
        return "a number beyond 64 bits"
    text = to_toml(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
