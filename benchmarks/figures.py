"""What a row of the table says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TIMES = "x"
SHARE = "%"


@dataclass(frozen=True)
class Target:
    """What a figure has to reach.

    Attributes:
        value: the limit.
        unit: of the limit and the figure.
        at_most: whether the figure may not be above the limit; else it may not be below it.

    """

    value: float
    unit: str
    at_most: bool

    def is_reached_by(self, value: float) -> bool:
        """Whether a figure is good enough."""
        return value <= self.value if self.at_most else value >= self.value

    def __str__(self) -> str:
        return f"{'at most' if self.at_most else 'at least'} {shown(self.value, self.unit)}"


@dataclass(frozen=True)
class Figure:
    """What was measured.

    Attributes:
        row: short name of the row.
        what: what was measured, in words.
        value: the figure in the target's unit; None where it could not be had.
        target: what it has to reach; None where it is told for information.
        note: how it was measured, or why it could not be.
        unit: of a figure without target.
        peers: other programs' figures, or in words why there is none.
        details: more numbers, such as those that a ratio is made of.

    """

    row: str
    what: str
    value: float | None
    target: Target | None = None
    note: str = ""
    unit: str = ""
    peers: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, float] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The figure with its unit."""
        if self.value is None:
            return "-"
        return shown(self.value, self.target.unit if self.target else self.unit)

    @property
    def verdict(self) -> str:
        """Whether the target is reached, in a word."""
        if self.value is None:
            return "not measured"
        if self.target is None:
            return ""
        return "reached" if self.target.is_reached_by(self.value) else "missed"


def at_least(value: float, unit: str) -> Target:
    """Return a target that more than the value reaches, too."""
    return Target(value, unit, at_most=False)


def at_most(value: float, unit: str) -> Target:
    """Return a target that less than the value reaches, too."""
    return Target(value, unit, at_most=True)


def shown(value: float, unit: str) -> str:
    """Return a value with its unit, in three digits or so."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    number = f"{value:.{digits}f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number}{unit}" if unit == TIMES else f"{number} {unit}".strip()
