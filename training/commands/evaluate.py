"""digit-evaluate: how good a model is on recordings."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer import Recognizer
from recognizer.bundled import DEFAULT_MODEL
from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.canvases import fixed_window
from training.clip_report import ClipReport, draw_confusion, format_report, report_clips, write_json
from training.commands.bar import progress_bar
from training.recordings.audio_store import load_audio
from training.recordings.catalogue import find_clips
from training.recordings.clip import Clip, Split

logger = logging.getLogger(__name__)

_BATCH = 64
_EPILOG = """The report goes to standard output; the confusion matrix (confusion.png) and all
figures (report.json) go into the folder of --output."""


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate a model; return the exit status."""
    arguments = _parser().parse_args(argv)
    log_to_standard_error()
    return run_command(lambda: _evaluate_clips(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser("Measure how good a model is on recordings.")
    commands = parser.add_subparsers(dest="report", required=True, metavar="REPORT")
    summary = "single words: precision, recall, F1, accuracy, acceptance, confusion matrix"
    clips = commands.add_parser(
        "clips",
        help=summary,
        description=f"Report on {summary}.",
        epilog=_EPILOG,
        formatter_class=parser.formatter_class,
    )
    add = clips.add_argument
    splits = [split.value for split in Split]
    add("--model", default=DEFAULT_MODEL, help="name of a bundled model, or an .onnx file")
    add("--data", type=Path, required=True, help="folder of recordings in any known layout")
    add("--split", default=Split.TESTING.value, choices=splits, help="set of speakers to report on")
    add("--source", default="speech_commands", help="collection (folder) to report on, or all")
    add("--provider", default="auto", choices=("auto", "cpu", "cuda"), help="where the model runs")
    add(
        "--output",
        type=Path,
        default=Path("evaluation"),
        help="folder for picture and figures",
    )
    add("--json", action="store_true", help="print the figures as one JSON object")
    return parser


def _evaluate_clips(arguments: argparse.Namespace) -> int:
    with Recognizer(arguments.model, arguments.provider) as recognizer:
        clips, windows = _load_windows(arguments, recognizer.keywords)
        parts = range(0, len(windows), _BATCH)
        probabilities = np.concatenate(
            [
                recognizer.classify_batch(windows[first : first + _BATCH])
                for first in progress_bar(parts, "classifying")
            ]
        )
        spoken = [clip.label for clip in clips]
        report = report_clips(spoken, probabilities, recognizer.labels, recognizer.thresholds)
        context = _context(arguments, recognizer)
    _show(report, context, as_json=arguments.json)
    _write(report, context, arguments.output)
    return 0


def _context(arguments: argparse.Namespace, recognizer: Recognizer) -> dict[str, Any]:
    return {
        "model": arguments.model,
        "architecture": recognizer.metadata.architecture,
        "data": str(arguments.data),
        "split": arguments.split,
        "source": arguments.source,
        "provider": recognizer.provider,
    }


def _load_windows(
    arguments: argparse.Namespace, keywords: Sequence[str]
) -> tuple[list[Clip], NDArray[np.float32]]:
    every = find_clips(arguments.data, keywords)
    clips = [clip for clip in every if clip.split.value == arguments.split]
    if arguments.source != "all":
        clips = [clip for clip in clips if clip.source == arguments.source]
    audio = load_audio((clip.path for clip in clips), progress_bar)
    for problem in audio.problems:
        logger.warning("skipped %s: %s", problem.path, problem.reason)
    usable = [clip for clip in clips if clip.path in audio.samples]
    if all(clip.label == OTHER for clip in usable):
        raise _nothing_to_report(arguments, every)
    return usable, np.stack([fixed_window(clip, audio.samples[clip.path]) for clip in usable])


def _nothing_to_report(arguments: argparse.Namespace, clips: Sequence[Clip]) -> InputError:
    known = {(clip.split.value, clip.source) for clip in clips if clip.label != OTHER}
    choices = ", or ".join(f"--split {split} --source {source}" for split, source in sorted(known))
    return InputError(
        f"no usable {arguments.split} recordings of keywords from {arguments.source} in "
        f"{arguments.data}: expected {choices}"
    )


def _show(report: ClipReport, context: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({**context, **report.as_dictionary()}))
        return
    print(
        f"{context['model']} ({context['architecture']}) on {context['split']} clips of "
        f"{context['source']}: {report.keyword_clips} of keywords, {report.other_clips} other\n"
    )
    print(format_report(report))


def _write(report: ClipReport, context: dict[str, Any], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(report, context, folder / "report.json")
        title = f"{context['model']}, {context['split']} clips of {context['source']}"
        draw_confusion(report, title, folder / "confusion.png")
    except OSError as error:
        message = f"{folder}: the report cannot be written there: {error.strerror}"
        raise InputError(message) from None
    logger.info("wrote %s and %s", folder / "report.json", folder / "confusion.png")
