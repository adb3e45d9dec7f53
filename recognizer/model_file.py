"""A model file is read and held against the model contract before anything trusts it."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.errors import ModelError
from recognizer.metadata import WINDOW_SAMPLES, Metadata, parse_metadata
from recognizer.onnx_session import CPU, OnnxSession, OnnxSessionError, Tensor

INPUT = "waveform"
PROBABILITIES = "probabilities"
FRAMES = "frames"

MAX_BYTES = 64 * 2**20
"""Size limit of a model file; the bundled ones stay under a fifth of it."""

MOST_FRAMES = 1_000
"""Most frames in the second of one window."""

# Two windows show that the batch is dynamic.
_PROBE_WINDOWS = 2
_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True)
class ModelFile:
    """A model that keeps the contract.

    Attributes:
        path: where it lies.
        content: the file's bytes.
        metadata: what it says about itself.
        session: the model, loaded on the CPU.

    """

    path: Path
    content: bytes
    metadata: Metadata
    session: OnnxSession


def load_model(path: Path) -> ModelFile:
    """Read a model file, check it and load it on the CPU.

    Raises:
        ModelError: the file cannot be read, is no ONNX model or breaks the model contract.

    """
    content = _read(path)
    try:
        session = OnnxSession(content, CPU)
        metadata = _checked_metadata(session)
        probe(session, metadata)
    except OnnxSessionError as error:
        raise ModelError(
            f"{path}: ONNX Runtime cannot use it ({error}); "
            "expected one whole ONNX file as digit-export writes it"
        ) from error
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    return ModelFile(path, content, metadata, session)


def probe(session: OnnxSession, metadata: Metadata) -> None:
    """Let the model hear silence and check that it answers with probabilities.

    Raises:
        ModelError: other shapes than declared, or rows that are no probabilities.
        OnnxSessionError: the inference failed.

    """
    silence = np.zeros((_PROBE_WINDOWS, WINDOW_SAMPLES), np.float32)
    names = [PROBABILITIES] if metadata.frame_seconds is None else [PROBABILITIES, FRAMES]
    answers = session.run(names, {INPUT: silence})
    labels = len(metadata.labels)
    _check_shape(PROBABILITIES, answers[0], [_PROBE_WINDOWS, labels])
    if metadata.frame_seconds is not None:
        count = _frame_count(answers[1], metadata.frame_seconds)
        _check_shape(FRAMES, answers[1], [_PROBE_WINDOWS, count, labels])
    for name, answer in zip(names, answers, strict=True):
        _check_probabilities(name, answer, labels)


def _read(path: Path) -> bytes:
    try:
        _check_file(path)
        # The file may have grown since it was looked at.
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        _check_size(path, len(content))
        return content
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"{path}: {reason}; expected a readable ONNX model file") from error


def _check_file(path: Path) -> None:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise ModelError(f"{path}: is a directory; expected an ONNX model file")
    if not stat.S_ISREG(status.st_mode):
        raise ModelError(f"{path}: is no regular file; expected an ONNX model file")
    _check_size(path, status.st_size)


def _check_size(path: Path, size: int) -> None:
    if size == 0:
        raise ModelError(f"{path}: is empty; expected an ONNX model file")
    if size > MAX_BYTES:
        raise ModelError(
            f"{path}: has {size / 2**20:.0f} MiB; "
            f"expected a model of at most {MAX_BYTES // 2**20} MiB"
        )


def _checked_metadata(session: OnnxSession) -> Metadata:
    _check_input(session.inputs)
    metadata = parse_metadata(session.properties)
    outputs = {tensor.name: tensor for tensor in session.outputs}
    _check_output(outputs, len(metadata.labels))
    _check_frames(outputs, metadata)
    return metadata


def _check_input(inputs: tuple[Tensor, ...]) -> None:
    if len(inputs) != 1 or not _matches(inputs[0], INPUT, (WINDOW_SAMPLES,)):
        raise _unexpected("input", inputs, f"{INPUT} float32 [batch, {WINDOW_SAMPLES}]")


def _check_output(outputs: dict[str, Tensor], labels: int) -> None:
    output = outputs.get(PROBABILITIES)
    if output is None or not _matches(output, PROBABILITIES, (labels,)):
        found = tuple(outputs.values()) if output is None else (output,)
        expected = f"{PROBABILITIES} float32 [batch, {labels}], one for each of its labels"
        raise _unexpected("output", found, expected)


def _check_frames(outputs: dict[str, Tensor], metadata: Metadata) -> None:
    frames = outputs.get(FRAMES)
    if (frames is None) != (metadata.frame_seconds is None):
        raise ModelError(
            "only one of output frames and metadata frame_seconds is there; expected both or none"
        )
    if frames is not None and not _matches(frames, FRAMES, (None, len(metadata.labels))):
        expected = f"{FRAMES} float32 [batch, n, {len(metadata.labels)}]"
        raise _unexpected("output", (frames,), expected)


def _matches(tensor: Tensor, name: str, sizes: tuple[int | None, ...]) -> bool:
    # The batch, always the first dimension, must be dynamic; None in sizes allows any size.
    shape = tensor.shape
    return (
        (tensor.name, tensor.kind, len(shape)) == (name, "float32", len(sizes) + 1)
        and not isinstance(shape[0], int)
        and all(size in (None, found) for size, found in zip(sizes, shape[1:], strict=True))
    )


def _unexpected(what: str, found: tuple[Tensor, ...], expected: str) -> ModelError:
    shown = ", ".join(str(tensor) for tensor in found) or "none"
    return ModelError(f"its {what} is {shown}; expected {expected}")


def _check_shape(name: str, answer: NDArray[np.float32], expected: list[int]) -> None:
    # What is declared binds ONNX Runtime to nothing.
    if list(answer.shape) != expected:
        raise ModelError(
            f"its {name} for {_PROBE_WINDOWS} windows have shape {list(answer.shape)}; "
            f"expected {expected}"
        )


def _frame_count(frames: NDArray[np.float32], step: float) -> int:
    """Return how many frames a window has, if as many such steps make a second."""
    count = frames.shape[1] if frames.ndim == 3 else 0
    if not 2 <= count <= MOST_FRAMES or abs(count * step - 1) > step * (1 + _SUM_TOLERANCE):
        raise ModelError(
            f"its frames for {_PROBE_WINDOWS} windows have shape {list(frames.shape)} and its "
            f"frame_seconds are {step:g}; expected 2 to {MOST_FRAMES} frames that make a second"
        )
    return count


def _check_probabilities(name: str, answer: NDArray[np.float32], labels: int) -> None:
    # Written so that NaN fails it.
    if not (np.all(answer >= 0) and np.all(abs(answer.sum(axis=-1) - 1) <= _SUM_TOLERANCE)):
        raise ModelError(
            f"its {name} for silence are {answer.ravel()[:labels].round(3).tolist()}; "
            "expected rows that sum to 1, with softmax in the graph"
        )
