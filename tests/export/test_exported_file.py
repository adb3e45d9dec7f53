"""What every exported file fulfils, for each of the networks."""

import ctypes
import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from export.graph import load_trained
from export.operators import CUDA_OPERATORS
from export.proof import largest_difference, synthesised_windows
from recognizer import Recognizer
from recognizer.providers import CUDA_DRIVER


@pytest.fixture
def model(exported) -> onnx.ModelProto:
    return onnx.load(exported[1])


def test_it_passes_the_checker_of_onnx(model):
    onnx.checker.check_model(model, full_check=True)


def test_it_is_one_file_without_external_data(exported, model):
    assert list(exported[1].parent.iterdir()) == [exported[1]]
    assert all(not tensor.external_data for tensor in model.graph.initializer)


def test_it_describes_itself_as_the_contract_has_it(exported):
    checkpoint, path = exported
    with Recognizer(path, "cpu") as recognizer:
        metadata = recognizer.metadata
    assert metadata.labels == ("yes", "no", "other")
    assert metadata.thresholds == {"yes": 0.7, "no": 0.8}
    assert metadata.architecture == checkpoint.parent.name.rstrip("0123456789")
    assert metadata.training["epochs"] == 3
    assert metadata.license == "MIT"
    assert metadata.frame_seconds == (0.02 if metadata.architecture == "edge" else None)


def test_it_has_an_input_and_an_output_with_a_dynamic_batch(model):
    (source,), (result, *_) = model.graph.input, model.graph.output
    assert (source.name, result.name) == ("waveform", "probabilities")
    for tensor, size in ((source, 16_000), (result, 3)):
        batch, rest = tensor.type.tensor_type.shape.dim
        assert batch.dim_param
        assert rest.dim_value == size


@pytest.mark.parametrize("size", [1, 2, 7])
def test_the_recognizer_answers_as_pytorch_at_any_batch(exported, size):
    checkpoint, path = exported
    module, _ = load_trained(checkpoint)
    windows = synthesised_windows(14, seed=size)[-size:]
    with Recognizer(path, "cpu") as recognizer, torch.inference_mode():
        found = recognizer.classify_batch(windows)
        expected = module(torch.from_numpy(windows))[0].numpy()
    assert np.abs(found - expected).max() <= 1e-5
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)


def test_different_sounds_get_different_answers(exported):
    module, _ = load_trained(exported[0])
    with torch.inference_mode():
        answers = module(torch.from_numpy(synthesised_windows()))[0]
    assert answers.std(dim=0).max() > 1e-3, "else equality would prove nothing"


def test_it_says_nothing_of_the_machine_that_made_it(exported):
    content = exported[1].read_bytes()
    assert b"/site-packages/" not in content
    assert b"export/graph.py" not in content


def test_every_operator_has_a_cuda_kernel_and_no_shape_is_computed(model):
    used = {node.op_type for node in model.graph.node}
    assert used <= CUDA_OPERATORS
    assert used.isdisjoint({"Shape", "Expand", "ConstantOfShape", "STFT", "Loop", "If"})


def test_the_lstm_is_one_operator(exported, model):
    architecture = exported[0].parent.name.rstrip("0123456789")
    found = [node.op_type for node in model.graph.node].count("LSTM")
    assert found == (1 if architecture in ("crnn", "parallel") else 0)


def cuda_session(path) -> onnxruntime.InferenceSession:
    """Return a session on a GPU that notes which provider runs which node, or skip the test."""
    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        pytest.skip("this ONNX Runtime was built without CUDA")
    try:
        ctypes.CDLL(CUDA_DRIVER)
    except OSError:
        pytest.skip(f"no NVIDIA driver here ({CUDA_DRIVER} does not load)")
    options = onnxruntime.SessionOptions()
    options.enable_profiling = True
    options.profile_file_prefix = str(path.parent / "profile")
    providers = [("CUDAExecutionProvider", {"use_tf32": "0"}), "CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(path, options, providers=providers)
    if session.get_providers()[0] != "CUDAExecutionProvider":
        pytest.skip("CUDA does not start here")
    return session


def test_every_node_runs_on_the_gpu_where_there_is_one(exported, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(exported[1].read_bytes())
    session = cuda_session(path)
    session.run(None, {"waveform": synthesised_windows()})
    with open(session.end_profiling(), encoding="utf-8") as file:  # noqa: PTH123
        events = json.load(file)
    nodes = {
        event["name"]: event["args"]["provider"]
        for event in events
        if event.get("cat") == "Node" and event["args"].get("provider")
    }
    assert nodes
    assert set(nodes.values()) == {"CUDAExecutionProvider"}, nodes


def test_the_gpu_answers_as_pytorch_where_there_is_one(exported, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(exported[1].read_bytes())
    session = cuda_session(path)
    windows = synthesised_windows()
    module, _ = load_trained(exported[0])
    with torch.inference_mode():
        expected = module(torch.from_numpy(windows))[0].numpy()
    found = session.run(["probabilities"], {"waveform": windows})[0]
    assert np.abs(found - expected).max() <= 1e-4


def test_the_proof_holds_for_other_seconds_too(exported, model):
    module, _ = load_trained(exported[0])
    assert largest_difference(module, model, synthesised_windows(seed=9)) <= 1e-5


def test_edge_decides_frame_by_frame_besides(exported, model):
    outputs = [output.name for output in model.graph.output]
    if exported[0].parent.name.rstrip("0123456789") != "edge":
        assert outputs == ["probabilities"]
        return
    assert outputs == ["probabilities", "frames"]
    session = onnxruntime.InferenceSession(exported[1], providers=["CPUExecutionProvider"])
    (frames,) = session.run(["frames"], {"waveform": synthesised_windows(3)})
    assert frames.shape == (3, 51, 3)
    assert np.allclose(frames.sum(axis=2), 1, atol=1e-5)
