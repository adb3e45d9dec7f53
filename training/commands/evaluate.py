"""digit-evaluate: how good a model is on recordings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from recognizer.bundled import DEFAULT_MODEL
from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.providers import AUTO, PROVIDERS
from training.commands import evaluate_clips, evaluate_stream


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate a model; return the exit status."""
    arguments = _parser().parse_args(argv)
    log_to_standard_error()
    return run_command(lambda: _evaluate(arguments))


def _evaluate(arguments: argparse.Namespace) -> int:
    if arguments.report == "clips":
        return evaluate_clips.evaluate_clips(arguments)
    return evaluate_stream.evaluate_stream(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser("Measure how good a model is on recordings.")
    commands = parser.add_subparsers(dest="report", required=True, metavar="REPORT")
    for name, module in (("clips", evaluate_clips), ("stream", evaluate_stream)):
        report = commands.add_parser(
            name,
            help=module.SUMMARY,
            description=f"Report on {module.SUMMARY}.",
            epilog=module.EPILOG,
            formatter_class=parser.formatter_class,
        )
        _add_common_flags(report)
        module.add_flags(report)
    return parser


def _add_common_flags(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--model", default=DEFAULT_MODEL, help="name of a bundled model, or an .onnx file")
    add(
        "--data",
        type=Path,
        action="append",
        required=True,
        metavar="FOLDER",
        help="folder of recordings in any known layout; may be given several times",
    )
    add("--provider", default=AUTO, choices=PROVIDERS, help="where the model runs")
    add(
        "--output",
        type=Path,
        default=Path("evaluation"),
        help="folder for pictures and figures",
    )
    add("--json", action="store_true", help="print the figures as one JSON object")
