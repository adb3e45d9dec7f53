"""digit-export: writes a checkpoint as one ONNX file, proven equal."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from onnx import ModelProto

from export.graph import add_metadata, export_graph, load_trained
from export.operators import require_cuda_operators
from export.proof import prove_equal, synthesised_windows
from recognizer.audio import SAMPLE_RATE
from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.errors import InputError
from recognizer.metadata import WINDOW_SAMPLES

logger = logging.getLogger(__name__)

_LICENSE = "MIT"


def main(argv: Sequence[str] | None = None) -> int:
    """Export a checkpoint; return the exit status."""
    arguments = _parser().parse_args(argv)
    log_to_standard_error()
    return run_command(lambda: export(arguments.checkpoint, arguments.output, arguments.license))


def export(checkpoint: Path, output: Path, license_text: str = _LICENSE) -> int:
    """Write the model file of a checkpoint.

    Raises:
        InputError: no checkpoint of ours, or a place that cannot be written.
        DigitListenError: the file would not answer as the network does.

    """
    module, content = load_trained(checkpoint)
    model = export_graph(module)
    require_cuda_operators(model)
    difference = prove_equal(module, model, synthesised_windows())
    add_metadata(model, _metadata(content, license_text, module.frame_seconds))
    _write(model, output)
    logger.info("%s: equal to PyTorch within %.1g", output, difference)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser(
        "Write a checkpoint of digit-train as one ONNX file: features, network and softmax. "
        "Nothing is written unless ONNX Runtime answers as PyTorch does."
    )
    parser.add_argument("checkpoint", type=Path, help="best.pt of a training run")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the .onnx file to write")
    parser.add_argument("--license", default=_LICENSE, help="licence, kept in the file")
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
