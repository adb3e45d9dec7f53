"""What is counted in streams. Scores of parts add up to the score of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any, Protocol, Self, TypeVar

import numpy as np

from training.streams.false_alarms import most_events

PERCENTILES = (50, 95, 99)


class Score(Protocol):
    """Counts that can be added."""

    def __add__(self, other: Self, /) -> Self: ...

    def as_dictionary(self) -> dict[str, Any]:
        """Return counts and rates as values that JSON can hold."""
        ...


AnyScore = TypeVar("AnyScore", bound=Score)


@dataclass(frozen=True)
class _Counts:
    """Adds field by field."""

    def __add__(self, other: Self) -> Self:
        mine, others = self.counts(), other.counts()
        return type(self)(*(mine[name] + others[name] for name in mine))

    def counts(self) -> dict[str, Any]:
        """Return what was counted, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class StringScore(_Counts):
    """Strings of digits against what was said, whenever it was heard.

    Attributes:
        strings: number of strings.
        right_strings: those without an error.
        words: digits said, optional ones left out.
        substitutions: digits heard as another.
        deletions: digits not heard.
        insertions: digits heard that nobody said.
        duplicates: insertions of the same digit beside one that was right.

    """

    strings: int = 0
    right_strings: int = 0
    words: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0
    duplicates: int = 0

    @property
    def errors(self) -> int:
        """Substitutions, deletions and insertions."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def error_rate(self) -> float | None:
        """Errors for each digit said; may be above 1."""
        return share(self.errors, self.words)

    @property
    def accuracy(self) -> float | None:
        """Share of the strings without an error."""
        return share(self.right_strings, self.strings)

    @property
    def not_right(self) -> float | None:
        """Share of the digits that were not heard as what they are."""
        return share(self.substitutions + self.deletions, self.words)

    def as_dictionary(self) -> dict[str, Any]:
        """Return counts and rates."""
        rates = {"error_rate": self.error_rate, "string_accuracy": self.accuracy}
        return {**self.counts(), **rates}


@dataclass(frozen=True)
class WordScore(_Counts):
    """Words at known times.

    Attributes:
        words: number of words.
        right: words reported as what they are.
        wrong: words reported as a keyword that they are not.
        duplicates: further reports of the same.
        insertions: reports of something else, or where no word is.
        latencies: seconds from the end of each word reported right to its report, where the end
            is known.

    """

    words: int = 0
    right: int = 0
    wrong: int = 0
    duplicates: int = 0
    insertions: int = 0
    latencies: tuple[float, ...] = ()

    @property
    def missed(self) -> int:
        """Words that were not reported at all."""
        return self.words - self.right - self.wrong

    @property
    def not_right(self) -> float | None:
        """Share of the words that were not reported as what they are."""
        return share(self.words - self.right, self.words)

    @property
    def latency(self) -> Mapping[int, float]:
        """Percentiles of the latencies in seconds, of PERCENTILES; empty without any."""
        if not self.latencies:
            return {}
        values = np.percentile(self.latencies, PERCENTILES)
        return dict(zip(PERCENTILES, values.tolist(), strict=True))

    def as_dictionary(self) -> dict[str, Any]:
        """Return counts and rates, and percentiles for the latencies."""
        counts = {key: value for key, value in self.counts().items() if key != "latencies"}
        return {
            **counts,
            "missed": self.missed,
            "miss_rate": share(self.missed, self.words),
            "wrong_rate": share(self.wrong, self.words),
            "latency_s": {f"p{name}": round(value, 3) for name, value in self.latency.items()},
        }


@dataclass(frozen=True)
class AlarmScore(_Counts):
    """Reports where nothing should be reported.

    Attributes:
        alarms: number of reports.
        seconds: of sound in which they came.

    """

    alarms: int = 0
    seconds: float = 0.0

    @property
    def hours(self) -> float:
        """The sound in hours."""
        return self.seconds / 3600

    @property
    def per_hour(self) -> float | None:
        """False alarms an hour."""
        return share(self.alarms, self.hours)

    @property
    def per_hour_at_most(self) -> float | None:
        """One-sided 95 % upper confidence bound of the false alarms an hour."""
        return share(most_events(self.alarms), self.hours)

    def as_dictionary(self) -> dict[str, Any]:
        """Return counts and rates."""
        rates = {"per_hour": self.per_hour, "per_hour_at_most": self.per_hour_at_most}
        return {**self.counts(), **rates}


def share(part: float, whole: float) -> float | None:
    """Return a part of a whole; None where there is no whole."""
    return part / whole if whole else None


def total(scores: Iterable[AnyScore], nothing: AnyScore) -> AnyScore:
    """Return the sum of scores; ``nothing`` is the score of no sound."""
    return reduce(lambda one, other: one + other, scores, nothing)
