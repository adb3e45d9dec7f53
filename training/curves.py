"""Learning curves as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure


def draw_curves(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw the loss, and the validation scores beside it, over the epochs.

    Args:
        rows: lines of the metrics log, at least one.
        path: the PNG to write.

    """
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    epochs = [row["epoch"] for row in rows]
    left.plot(epochs, [row["loss"] for row in rows], color="tab:blue")
    _label(left, "Training loss", "cross-entropy")
    for key, name in _scores(rows[-1]).items():
        right.plot(epochs, [100 * _value(row, key) for row in rows], label=name)
    right.legend(loc="lower right", fontsize="small")
    _label(right, "Speakers held out for validation", "%")
    figure.savefig(path, dpi=110)


def _scores(row: dict[str, Any]) -> dict[tuple[str, ...], str]:
    sources = row["validation"]["keyword_accuracy"]
    return {
        ("score",): "accepted, clean and disturbed",
        **{("validation", "keyword_accuracy", s): f"keywords right: {s}" for s in sources},
    }


def _value(row: dict[str, Any], key: tuple[str, ...]) -> float:
    value: Any = row
    for part in key:
        value = value[part]
    return float(value)


def _label(axes: Axes, title: str, unit: str) -> None:
    axes.set(title=title, xlabel="epoch", ylabel=unit)
    axes.grid(visible=True, alpha=0.3)
