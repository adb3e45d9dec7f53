"""digit-classify: one label for each recording."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence

from recognizer.audio import Samples
from recognizer.bundled import DEFAULT_MODEL
from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.errors import AudioError, InputError
from recognizer.providers import AUTO, PROVIDERS
from recognizer.recognizer import Prediction, Recognizer
from recognizer.samples import loudest_stretch
from recognizer.sources.audio_file import AudioFile

DESCRIPTION = """Say which word each recording holds. A recording longer than a second counts by
its loudest second; use digit-listen --input for recordings of several words."""

EPILOG = """Prints path, label and probability (0..1), separated by tabs. A file that cannot be
read gets a line on standard error and exit status 2 at the end; the others are still classified."""

logger = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, those of the process if None; return the status."""
    arguments = _parser().parse_args(argv)
    log_to_standard_error()
    return run_command(lambda: _classify_files(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(DESCRIPTION, EPILOG)
    parser.add_argument("files", nargs="+", metavar="FILE", help="recording: WAV, FLAC, OGG ...")
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, help="name of a bundled model, or path of an ONNX file"
    )
    parser.add_argument(
        "--provider",
        default=AUTO,
        choices=PROVIDERS,
        help="where the model runs; auto: CUDA if it works",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a line: path, label, probability"
    )
    return parser


def _classify_files(arguments: argparse.Namespace) -> int:
    status = 0
    with Recognizer(arguments.model, arguments.provider) as recognizer:
        logger.info("model %s, provider %s", arguments.model, recognizer.provider)
        for path in arguments.files:
            status = max(status, _classify_file(recognizer, path, as_json=arguments.json))
    return status


def _classify_file(recognizer: Recognizer, path: str, *, as_json: bool) -> int:
    faults: list[InputError] = []
    samples = loudest_stretch(_heard(path, faults), recognizer.window_samples)
    try:
        if len(samples) > 0:
            print(_line(path, recognizer.classify(samples), as_json=as_json), flush=True)
    except AudioError as error:
        faults.append(AudioError(f"{path}: {error}"))
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    return max((fault.exit_status for fault in faults), default=0)


def _heard(path: str, faults: list[InputError]) -> Iterator[Samples]:
    # A fault ends the sound but does not take back what came before it.
    try:
        with AudioFile(path) as source:
            for block in source:
                yield block.samples
    except InputError as fault:
        faults.append(fault)


def _line(path: str, prediction: Prediction, *, as_json: bool) -> str:
    probability = round(prediction.confidence, 4)
    if as_json:
        fields = {"path": path, "label": prediction.label, "probability": probability}
        return json.dumps(fields)
    # A file name may hold bytes that are no text in this locale.
    shown = os.fsencode(path).decode(errors="replace")
    return f"{shown}\t{prediction.label}\t{probability:.4f}"
