"""Holds what was won: python -m benchmarks.guard fails when a recorded ratio is lost by a third.

Processor time is compared, not time on the clock; all contenders have their turns; and the best of
several tries counts against what three of four rounds reached when the ratio was recorded. So other
work on the machine does not fail it, and a third that is really lost does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.options import Options
from benchmarks.rows.overhead import overhead
from benchmarks.rows.windows import LOW, one_window
from recognizer.commands.console import run_command
from recognizer.errors import InputError

RECORDED = Path(__file__).parent / "results" / "cpu.json"
TRIES = 5
_KEPT = 2 / 3

Ratios = Mapping[str, float]


def recorded_ratios(path: Path = RECORDED) -> Ratios:
    """Return the ratios that are guarded, by what was measured.

    Raises:
        InputError: no such file.

    """
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
    except OSError as error:
        message = f"{path}: {error.strerror}: expected what digit-bench has written"
        raise InputError(message) from None
    return {figure["what"]: figure["details"][LOW] for figure in figures if _is_guarded(figure)}


def lost_ratios(recorded: Ratios, measure: Callable[[], Ratios], tries: int = TRIES) -> Ratios:
    """Return the ratios of which more than a third is lost in every try, with the best found."""
    best: dict[str, float] = {}
    for _ in range(tries):
        for what, ratio in measure().items():
            best[what] = max(ratio, best.get(what, 0.0))
        lost = {
            what: best.get(what, 0.0)
            for what, ratio in recorded.items()
            if best.get(what, 0.0) < _KEPT * ratio
        }
        if not lost:
            return {}
    return lost


def measured_ratios() -> Ratios:
    """Return the same ratios, measured now."""
    options = Options(quick=True, compiles=False)
    figures: list[Figure] = [*one_window(options), *overhead(options)]
    return {figure.what: figure.value for figure in figures if figure.value is not None}


def main() -> int:
    """Compare, and print one line for each ratio that is lost; return the exit status."""
    recorded = recorded_ratios()
    lost = lost_ratios(recorded, measured_ratios)
    for what, ratio in lost.items():
        print(f"lost: {what}: {ratio:.2f}x, expected {_KEPT * recorded[what]:.2f}x at least")
    print(f"{len(recorded) - len(lost)} of {len(recorded)} recorded ratios hold")
    return 1 if lost else 0


def _is_guarded(figure: Mapping[str, object]) -> bool:
    """Whether a recorded figure is of one thread on both sides, and so one of processor time."""
    row, what = str(figure["row"]), str(figure["what"])
    has_one_thread = "torch.compile" not in what and "default settings" not in what
    measured = figure["value"] is not None
    return measured and (row == "overhead" or (row.startswith("window-") and has_one_thread))


if __name__ == "__main__":
    sys.exit(run_command(main))
