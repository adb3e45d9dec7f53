"""Misses against false alarms, over thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.streams.report import PartReport, number, percent
from training.streams.scores import AlarmScore

THRESHOLDS = (
    *(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9),
    *(0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999),
)
ALARM_PART = "speech"
"""The part whose false alarms count."""

_LEAST = 1.0
"""Where the logarithmic scale ends, per hour and in per cent; linear from there to zero."""


@dataclass(frozen=True)
class CurvePoint:
    """One setting of the threshold.

    Attributes:
        threshold: least probability of a detection; None for the model's own.
        alarms: in speech without keywords.
        misses: for each part with keywords, the share that was not reported right.

    """

    threshold: float | None
    alarms: AlarmScore
    misses: Mapping[str, float]

    def as_dictionary(self) -> dict[str, Any]:
        """Return the point as values that JSON can hold."""
        alarms = self.alarms.as_dictionary()
        return {"threshold": self.threshold, "alarms": alarms, "misses": dict(self.misses)}


def curve_point(threshold: float | None, reports: Iterable[PartReport]) -> CurvePoint:
    """Return the point that the reports of all parts at one threshold make."""
    alarms = AlarmScore()
    misses = {}
    for report in reports:
        if report.part.name == ALARM_PART and report.alarms:
            alarms = report.alarms.all
        if report.alarms is None and report.not_right is not None:
            misses[report.part.name] = report.not_right
    return CurvePoint(threshold, alarms, misses)


def format_curve(points: Sequence[CurvePoint]) -> str:
    """Return the curve as a table."""
    names = list(points[0].misses)
    head = "".join(f"{name:>12}" for name in names)
    lines = [
        "Over thresholds: false alarms an hour of speech, and keywords not reported right",
        f"{'threshold':<12}{'an hour':>12}{'at most':>12}{head}",
    ]
    for point in points:
        rates = (number(point.alarms.per_hour), number(point.alarms.per_hour_at_most))
        cells = (*rates, *(percent(point.misses[name]) for name in names))
        lines.append(f"{_name(point):<12}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)


def draw_curve(points: Sequence[CurvePoint], title: str, path: Path) -> None:
    """Draw the share of misses over false alarms an hour; crosses are the model's own threshold."""
    figure = Figure(figsize=(7, 5), layout="constrained")
    axes = figure.subplots()
    own = [point for point in points if point.threshold is None]
    swept = sorted(
        (point for point in points if point.threshold is not None),
        key=lambda point: point.threshold or 0.0,
    )
    for place, name in enumerate(points[0].misses):
        colour = f"C{place}"
        axes.plot(*_line(swept, name), marker=".", color=colour, label=name)
        axes.plot(*_line(own, name), marker="x", markersize=10, linestyle="", color=colour)
    _label(axes, title)
    figure.savefig(path, dpi=110)


def _line(points: Sequence[CurvePoint], name: str) -> tuple[list[float], list[float]]:
    alarms = [point.alarms.per_hour or 0.0 for point in points]
    return alarms, [100 * point.misses[name] for point in points]


def _label(axes: Axes, title: str) -> None:
    axes.set_xscale("symlog", linthresh=_LEAST)
    axes.set_yscale("symlog", linthresh=_LEAST)
    axes.set(
        title=title,
        xlabel="false alarms an hour of speech without keywords",
        ylabel="keywords not reported right (%)",
    )
    axes.set_xlim(left=0)
    axes.set_ylim(0, 110)
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(title="x: the model's own threshold", fontsize="small")


def _name(point: CurvePoint) -> str:
    return "model's own" if point.threshold is None else f"{point.threshold:g}"
