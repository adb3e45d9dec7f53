"""Figures as a table, as JSON, and as a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import Figure


def table(figures: Sequence[Figure]) -> str:
    """Return the figures in lines: what was measured, then the figure, its target and verdict."""
    lines = []
    for figure in figures:
        lines.append(f"{figure.what}")
        lines.append(f"    {_result(figure)}")
        lines += [f"    {peer}: {value}" for peer, value in figure.peers.items()]
    return "\n".join(lines)


def _result(figure: Figure) -> str:
    parts = [figure.shown, str(figure.target) if figure.target else "", figure.verdict, figure.note]
    return "; ".join(part for part in parts if part)


def summary(figures: Sequence[Figure]) -> str:
    """Return in one line how many targets are reached."""
    judged = [figure for figure in figures if figure.target]
    verdicts = [figure.verdict for figure in judged]
    counts = ", ".join(
        f"{verdicts.count(verdict)} {verdict}" for verdict in ("reached", "missed", "not measured")
    )
    return f"{len(judged)} targets: {counts}"


def write_json(
    path: Path, figures: Sequence[Figure], machine: Mapping[str, str], *, quick: bool
) -> None:
    """Write all that was measured, and on what."""
    rows = [{**asdict(figure), "verdict": figure.verdict} for figure in figures]
    content = {"machine": dict(machine), "quick": quick, "figures": rows}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def draw(path: Path, figures: Sequence[Figure], machine: Mapping[str, str]) -> None:
    """Draw how far each figure is from its target, as a PNG.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.

    """
    from matplotlib.figure import Figure as Picture

    drawn = [(figure, share) for figure in figures if (share := margin(figure)) is not None]
    names = [f"{figure.what}: {figure.shown}" for figure, _ in drawn]
    picture = Picture(figsize=(12, 1.2 + 0.45 * len(drawn)), layout="constrained")
    axes = picture.subplots()
    colours = ["tab:green" if share >= 1 else "tab:red" for _, share in drawn]
    axes.barh(range(len(drawn)), [share - 1 for _, share in drawn], left=1, color=colours)
    axes.set_yticks(range(len(drawn)), names, fontsize=8)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xlabel("times better than the target")
    axes.set_title(f"{machine['processor']}, {machine['cores']} cores", fontsize=10)
    picture.savefig(path, dpi=110)


def margin(figure: Figure) -> float | None:
    """Return how many times better than its target a figure is; None without either."""
    if not figure.value or figure.target is None or not figure.target.value:
        return None
    share = figure.value / figure.target.value
    return 1 / share if figure.target.at_most else share
