"""Metrics of a run: one JSON object a line, one line an epoch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class MetricsLog:
    """A file of JSON lines that survives a kill and a resumed run.

    Args:
        path: the file; it is made with the first line.

    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, row: dict[str, Any]) -> None:
        """Add a line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def rows(self) -> list[dict[str, Any]]:
        """Return all lines, oldest first; a line that a kill cut off is left out."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").split("\n")
        return [row for row in map(_parsed, lines) if row is not None]

    def keep_until(self, epoch: int) -> None:
        """Drop what was written behind an epoch: a resumed run writes it again."""
        rows = [row for row in self.rows() if row["epoch"] <= epoch]
        partial = self.path.with_suffix(".partial")
        partial.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        partial.replace(self.path)


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        row: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError:
        return None
    return row
