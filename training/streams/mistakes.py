"""What went wrong, and where, so that one can listen to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from itertools import groupby, islice
from typing import Any


class Fault(Enum):
    """The ways in which a report can be wrong, the worst first."""

    WRONG = "wrong"
    ALARM = "false alarm"
    INSERTION = "insertion"
    DUPLICATE = "duplicate"
    MISSED = "missed"


@dataclass(frozen=True)
class Mistake:
    """One error.

    Attributes:
        fault: in which way it is wrong.
        file: the scene's name.
        start: where to listen, in seconds from the start of the file.
        end: where to stop listening, likewise.
        said: what was said there; empty where nothing is known.
        heard: what was reported; empty where nothing was.
        confidence: of the report, 0..1; 0 where there is none.
        origin: the recording that the word was cut from; empty where that is the file.

    """

    fault: Fault
    file: str
    start: float
    end: float
    said: str = ""
    heard: str = ""
    confidence: float = 0.0
    origin: str = ""

    def as_dictionary(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        times = {"start": round(self.start, 3), "end": round(self.end, 3)}
        return {**asdict(self), **times, "fault": self.fault.value}

    def __str__(self) -> str:
        """Return it as one line."""
        said = f", said {self.said}" if self.said else ""
        heard = f", heard {self.heard} ({self.confidence:.2f})" if self.heard else ""
        origin = f", from {self.origin}" if self.origin else ""
        place = f"{self.file} {self.start:.2f}-{self.end:.2f} s"
        return f"{self.fault.value:<12}{place}{said}{heard}{origin}"


def worst(mistakes: Iterable[Mistake], count: int) -> Sequence[Mistake]:
    """Return of each fault the ``count`` that the model was surest of, one of each file."""
    order = list(Fault)

    def rank(mistake: Mistake) -> tuple[int, float]:
        return order.index(mistake.fault), -mistake.confidence

    # A dictionary keeps the last of equal keys.
    ranked = sorted(mistakes, key=rank, reverse=True)
    surest = sorted({(item.fault, item.file): item for item in ranked}.values(), key=rank)
    groups = groupby(surest, key=lambda item: item.fault)
    return [mistake for _, group in groups for mistake in islice(group, count)]
