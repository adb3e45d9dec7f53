"""The report of a model on streams, for people and as values that JSON can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.streams.mistakes import Mistake, worst
from training.streams.parts import Measure, Part
from training.streams.scene import Heard
from training.streams.scores import AlarmScore, StringScore, WordScore, share
from training.streams.scoring import Tally, count_alarms, count_strings, count_words, tally

WORST = 5
"""Mistakes of each fault that are shown."""


@dataclass(frozen=True)
class PartReport:
    """What was counted in a part; what is not measured there is None.

    Attributes:
        part: what was played.
        strings: digits in order.
        words: words at their times.
        alarms: reports where nothing should be reported.

    """

    part: Part
    strings: Tally[StringScore] | None
    words: Tally[WordScore] | None
    alarms: Tally[AlarmScore] | None

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All mistakes, each once: words at their times tell more than all others."""
        first = self.words or self.strings or self.alarms
        return first.mistakes if first else ()

    @property
    def not_right(self) -> float | None:
        """Share of the keywords said that were not reported as what they are."""
        first = self.words or self.strings
        return first.all.not_right if first else None

    def as_dictionary(self) -> dict[str, Any]:
        """Return counts and rates by source, and all mistakes."""
        tallies = {"strings": self.strings, "words": self.words, "alarms": self.alarms}
        figures = {name: _figures(item) for name, item in tallies.items() if item}
        return {**figures, "mistakes": [mistake.as_dictionary() for mistake in self.mistakes]}


def report_part(part: Part, heard: Sequence[Heard]) -> PartReport:
    """Count what a part measures in its scenes as they were heard."""
    measures = part.measures
    return PartReport(
        part,
        tally(heard, count_strings, StringScore()) if Measure.STRINGS in measures else None,
        tally(heard, count_words, WordScore()) if Measure.WORDS in measures else None,
        tally(heard, count_alarms, AlarmScore()) if Measure.ALARMS in measures else None,
    )


def worst_mistakes(report: PartReport) -> Sequence[Mistake]:
    """Return those that are shown."""
    return worst(report.mistakes, WORST)


def format_part(report: PartReport) -> str:
    """Return the tables of a part and its worst mistakes as text."""
    lines = [report.part.title]
    if report.strings:
        lines += _table(report.strings, _STRING_COLUMNS)
    if report.words:
        is_other = report.part.name == "words"
        lines += _table(report.words, _OTHER_COLUMNS if is_other else _WORD_COLUMNS)
    if report.alarms:
        lines += _table(report.alarms, _ALARM_COLUMNS)
    lines += [f"  {mistake}" for mistake in worst_mistakes(report)]
    return "\n".join(lines)


def _figures(counted: Tally[Any]) -> dict[str, Any]:
    by_source = {source: score.as_dictionary() for source, score in counted.by_source.items()}
    return {**counted.all.as_dictionary(), "by_source": by_source}


Columns = Mapping[str, Callable[[Any], object]]


def _table(counted: Tally[Any], columns: Columns) -> Iterator[str]:
    rows = dict(counted.by_source) if len(counted.by_source) > 1 else {}
    sources = {**rows, "all" if rows else next(iter(counted.by_source), "all"): counted.all}
    width = max(map(len, sources)) + 2
    yield f"{'':<{width}}" + "".join(f"{name:>11}" for name in columns)
    for source, score in sources.items():
        cells = (str(cell(score)) for cell in columns.values())
        yield f"{source:<{width}}" + "".join(f"{cell:>11}" for cell in cells)


def percent(value: float | None) -> str:
    """Return a share as text; a dash where there is none."""
    return "-" if value is None else f"{100 * value:.1f} %"


def number(value: float | None) -> str:
    """Return a rate as text; a dash where there is none."""
    return "-" if value is None else f"{value:.1f}"


def _latency(percentile: int) -> Callable[[WordScore], str]:
    def cell(score: WordScore) -> str:
        seconds = score.latency.get(percentile)
        return "-" if seconds is None else f"{1000 * seconds:.0f} ms"

    return cell


_STRING_COLUMNS: Columns = {
    "strings": lambda score: score.strings,
    "all right": lambda score: percent(score.accuracy),
    "words": lambda score: score.words,
    "errors": lambda score: percent(score.error_rate),
    "subst.": lambda score: score.substitutions,
    "deleted": lambda score: score.deletions,
    "inserted": lambda score: score.insertions,
    "repeated": lambda score: score.duplicates,
}
_WORD_COLUMNS: Columns = {
    "words": lambda score: score.words,
    "missed": lambda score: percent(share(score.missed, score.words)),
    "wrong": lambda score: percent(share(score.wrong, score.words)),
    "repeated": lambda score: score.duplicates,
    "inserted": lambda score: score.insertions,
    "late p50": _latency(50),
    "p95": _latency(95),
    "p99": _latency(99),
}
_OTHER_COLUMNS: Columns = {
    "words": lambda score: score.words,
    "taken": lambda score: percent(share(score.wrong, score.words)),
    "repeated": lambda score: score.duplicates,
    "inserted": lambda score: score.insertions,
}
_ALARM_COLUMNS: Columns = {
    "hours": lambda score: f"{score.hours:.2f}",
    "alarms": lambda score: score.alarms,
    "an hour": lambda score: number(score.per_hour),
    "at most": lambda score: number(score.per_hour_at_most),
}
