"""Small real models, which tell what tone sounds in the window, and a microphone to hear them."""

import json
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from benchmarks.virtual_microphone import missing_programs, virtual_microphone

SAMPLE_RATE = 16_000
TONES = {"low": 500.0, "high": 2000.0}
LABELS = [*TONES, "other"]
METADATA = {
    "labels": json.dumps(LABELS),
    "thresholds": json.dumps(dict.fromkeys(TONES, 0.5)),
    "sample_rate": "16000",
    "window_samples": "16000",
    "architecture": "tones",
    "training": json.dumps({"data": "none", "seed": 0}),
    "license": "MIT",
    "version": "1.2.3",
}


class WriteModel(Protocol):
    def __call__(self, name: str = "model.onnx", **changes: Any) -> Path: ...


@pytest.fixture
def write_model(tmp_path: Path) -> WriteModel:
    """Return a function that writes a tone model, with whatever changes a test wants to it."""

    def write(name: str = "model.onnx", **changes: Any) -> Path:
        path = tmp_path / name
        onnx.save(tone_model(**changes), path)
        return path

    return write


@pytest.fixture
def tone_model_path(write_model: WriteModel) -> Path:
    """Return a model that keeps the contract; it knows the labels low, high and other."""
    return write_model("tones.onnx")


def tone(label: str, seconds: float = 1.0, sample_rate: int = SAMPLE_RATE) -> np.ndarray:
    """Return what a tone model hears as this label, at half of full scale."""
    times = np.arange(round(seconds * sample_rate)) / sample_rate
    return (0.5 * np.sin(2 * np.pi * TONES[label] * times)).astype(np.float32)


@pytest.fixture
def microphone(tmp_path):
    """Return a microphone that programs can hear in real time, without hardware."""
    if missing := missing_programs():
        pytest.skip(f"no virtual microphone: {', '.join(missing)} not installed")
    with virtual_microphone(tmp_path) as microphone:
        yield microphone


@pytest.fixture(name="tone")
def tone_fixture():
    return tone


def tone_model(
    *,
    metadata: dict[str, str | None] | None = None,
    samples: int = 16_000,
    batch: str | int = "batch",
    kind: int = TensorProto.FLOAT,
    names: tuple[str, str] = ("waveform", "probabilities"),
    last: str = "Softmax",
    frames: bool = False,
) -> onnx.ModelProto:
    """Build a model; ``metadata`` replaces properties or, with None, leaves them out."""
    source, result = names
    outputs = [helper.make_tensor_value_info(result, kind, [batch, len(LABELS)])]
    nodes = [*_scores(source), helper.make_node(last, ["scores"], [result])]
    if frames:
        nodes.append(helper.make_node("Unsqueeze", [result, "one"], ["frames"]))
        outputs.append(helper.make_tensor_value_info("frames", kind, [batch, 1, len(LABELS)]))
    graph = helper.make_graph(
        nodes,
        "tones",
        [helper.make_tensor_value_info(source, kind, [batch, samples])],
        outputs,
        _weights(samples, helper.tensor_dtype_to_np_dtype(kind)),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    properties = {**METADATA, **(metadata or {})}
    helper.set_model_props(model, {k: v for k, v in properties.items() if v is not None})
    return model


def _scores(source: str) -> list[onnx.NodeProto]:
    return [
        helper.make_node("MatMul", [source, "waves"], ["parts"]),
        helper.make_node("Mul", ["parts", "parts"], ["squares"]),
        helper.make_node("MatMul", ["squares", "pairs"], ["energies"]),
        helper.make_node("Add", ["energies", "bias"], ["scores"]),
    ]


def _weights(samples: int, dtype: np.dtype) -> list[onnx.TensorProto]:
    # Energy of each tone through its sine and cosine; without a tone the bias makes it "other".
    times = np.arange(samples)[:, None] / SAMPLE_RATE
    angles = 2 * np.pi * np.array(list(TONES.values())) * times
    waves = np.concatenate([np.sin(angles), np.cos(angles)], axis=1) * 2 / samples
    pairs = 50.0 * np.tile(np.eye(len(TONES), len(LABELS)), (2, 1))
    weights = {"waves": waves, "pairs": pairs, "bias": np.array([0.0, 0.0, 2.0])}
    tensors = [
        numpy_helper.from_array(value.astype(dtype), name) for name, value in weights.items()
    ]
    return [*tensors, numpy_helper.from_array(np.array([1]), "one")]
