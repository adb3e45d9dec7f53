"""digit-export: writes a checkpoint as one ONNX file, or such a file anew, proven equal."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx
from onnx import ModelProto

from export.graph import add_metadata, export_graph, load_trained
from export.operators import require_cuda_operators
from export.optimize import optimize
from export.proof import prove_equal, prove_same, synthesised_windows
from recognizer.audio import SAMPLE_RATE
from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.errors import InputError
from recognizer.metadata import WINDOW_SAMPLES
from recognizer.model_file import load_model

logger = logging.getLogger(__name__)

_LICENSE = "MIT"
_MODEL_SUFFIX = ".onnx"


def main(argv: Sequence[str] | None = None) -> int:
    """Export a checkpoint, or a model file anew; return the exit status."""
    arguments = _parser().parse_args(argv)
    log_to_standard_error()
    work = export_again if arguments.checkpoint.suffix == _MODEL_SUFFIX else export
    return run_command(lambda: work(arguments.checkpoint, arguments.output, arguments.license))


def export(checkpoint: Path, output: Path, license_text: str | None = None) -> int:
    """Write the model file of a checkpoint.

    Raises:
        InputError: no checkpoint of ours, or a place that cannot be written.
        DigitListenError: the file would not answer as the network does.

    """
    module, content = load_trained(checkpoint)
    model = export_graph(module)
    require_cuda_operators(model)
    difference = prove_equal(module, model, synthesised_windows())
    add_metadata(model, _metadata(content, license_text or _LICENSE, module.frame_seconds))
    _write(model, output)
    logger.info("%s: equal to PyTorch within %.1g", output, difference)
    return 0


def export_again(source: Path, output: Path, license_text: str | None = None) -> int:
    """Write a model file with the graph that this version makes; what it says of itself stays.

    Raises:
        ModelError: the source is no model file.
        InputError: a place that cannot be written.
        DigitListenError: the file would not answer as the source does.

    """
    before = onnx.load_from_string(load_model(source).content)
    after = optimize(before)
    require_cuda_operators(after)
    difference = prove_same(before, after, synthesised_windows())
    if license_text:
        kept = {item.key: item.value for item in before.metadata_props}
        add_metadata(after, {**kept, "license": license_text})
    _write(after, output)
    logger.info("%s: equal to %s within %.1g", output, source, difference)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(
        "Write a checkpoint of digit-train as one ONNX file: features, network and softmax. "
        "Nothing is written unless ONNX Runtime answers as PyTorch does. A model file that an "
        "earlier version wrote gets the faster graph of this one, if its answers stay the same."
    )
    parser.add_argument(
        "checkpoint", type=Path, help="best.pt of a training run, or an .onnx file to write anew"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="the .onnx file to write")
    parser.add_argument(
        "--license",
        help=f"licence, kept in the file (default: {_LICENSE}, or what the .onnx file says)",
    )
    return parser


def _metadata(
    content: dict[str, Any], license_text: str, frame_seconds: float | None
) -> dict[str, Any]:
    frames = {} if frame_seconds is None else {"frame_seconds": frame_seconds}
    return {
        **frames,
        "labels": content["labels"],
        "sample_rate": str(SAMPLE_RATE),
        "window_samples": str(WINDOW_SAMPLES),
        "architecture": content["architecture"],
        "thresholds": content["thresholds"],
        "training": content["training"],
        "license": license_text,
        "version": version("digit-listen"),
    }


def _write(model: ModelProto, output: Path) -> None:
    partial = output.with_name(output.name + ".partial")
    try:
        partial.write_bytes(model.SerializeToString())
        partial.replace(output)
    except OSError as error:
        partial.unlink(missing_ok=True)
        message = f"{output}: cannot be written: {error.strerror}"
        raise InputError(message) from None
