"""digit-bench: measures speed, memory and size against targets and other programs."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.machine import machine
from benchmarks.options import Options
from benchmarks.report import draw, summary, table, write_json
from recognizer.bundled import DEFAULT_MODEL
from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.errors import InputError

logger = logging.getLogger(__name__)

Row = Callable[[Options], list[Figure]]

CPU, CUDA = "cpu", "cuda"
ROWS = {
    "window": ("windows", "one_window"),
    "batch": ("windows", "many_windows"),
    "overhead": ("overhead", "overhead"),
    "hour-speech": ("hours", "speech"),
    "hour-silence": ("hours", "quiet"),
    "live": ("live", "real_time"),
    "start": ("live", "start"),
    "size": ("sizes", "sizes"),
    "streams": ("streams", "streams"),
}
_CUDA_ROW = ("cuda", "cuda")
_RESULTS = Path("benchmarks") / "results"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a table, and write JSON and a picture; return the exit status."""
    arguments = _parser().parse_args(argv)
    log_to_standard_error()
    return run_command(lambda: _bench(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(
        "Measure how fast and how small digit-listen is on this machine, against targets and "
        "against other programs, those of them that are installed.",
        "Everything is timed in turns and the median counts. Exit status: 0 measured, whatever the "
        "verdicts; 1 failed, 2 wrong usage or input, 130 interrupted.",
    )
    add = parser.add_argument
    known = ", ".join(ROWS)
    add("rows", nargs="*", metavar="ROW", help=f"what to measure, of {known} (default: all)")
    add("--model", default=DEFAULT_MODEL, help="what listens in the rows of listening")
    add("--provider", choices=(CPU, CUDA), default=CPU, help="cuda: only the rows of a GPU")
    add("--quick", action="store_true", help="a first look, in a minute or two")
    speech = "recordings of speech (default: the bundled one)"
    add("--speech", type=Path, metavar="FOLDER", help=speech)
    models = "models of other programs, in its subfolders vosk, sherpa-onnx and openwakeword"
    add("--peer-models", type=Path, metavar="FOLDER", help=models)
    add("--output", type=Path, default=_RESULTS, metavar="FOLDER", help="for JSON and picture")
    return parser


def _bench(arguments: argparse.Namespace) -> None:
    rows = _chosen(arguments)
    options = Options(arguments.quick, arguments.speech, arguments.peer_models, arguments.model)
    figures = []
    for name, row in rows.items():
        logger.info("measuring %s", name)
        found = row(options)
        print(table(found), flush=True)
        figures += found
    print(summary(figures))
    _write(arguments, figures)


def _chosen(arguments: argparse.Namespace) -> dict[str, Row]:
    unknown = [name for name in arguments.rows if name not in ROWS]
    if unknown:
        raise InputError(f"unknown row {unknown[0]!r}; expected one of {', '.join(ROWS)}")
    if arguments.provider == CUDA:
        if arguments.rows:
            raise InputError("rows were named beside --provider cuda; expected one or the other")
        return {CUDA: _row(*_CUDA_ROW)}
    return {name: _row(*ROWS[name]) for name in arguments.rows or ROWS}


def _row(module: str, function: str) -> Row:
    row: Row = getattr(import_module(f"benchmarks.rows.{module}"), function)
    return row


def _write(arguments: argparse.Namespace, figures: list[Figure]) -> None:
    quick = ["quick"] if arguments.quick else []
    stem = "-".join([arguments.provider, *arguments.rows, *quick])
    path = arguments.output / f"{stem}.json"
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
        write_json(path, figures, machine(), quick=arguments.quick)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    written = [path.name]
    try:
        draw(path.with_suffix(".png"), figures, machine())
        written.append(path.with_suffix(".png").name)
    except ModuleNotFoundError as error:
        logger.warning("no picture: the package %s is not installed", error.name)
    logger.info("wrote %s to %s", " and ".join(written), arguments.output)


if __name__ == "__main__":
    sys.exit(main())
