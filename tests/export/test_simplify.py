"""Real LSTM layers, small enough to be exported fast."""

import warnings

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from export.simplify import simplify


class Steps(nn.Module):
    def __init__(self, bidirectional: bool) -> None:
        super().__init__()
        self.lstm = nn.LSTM(5, 4, batch_first=True, bidirectional=bidirectional)

    def forward(self, steps: torch.Tensor) -> torch.Tensor:
        return self.lstm(steps)[0].flatten(1)


@pytest.fixture(scope="module", params=[False, True], ids=["one direction", "two directions"])
def network(request) -> nn.Module:
    return Steps(request.param).eval()


@pytest.fixture(scope="module")
def raw(network) -> onnx.ModelProto:
    with warnings.catch_warnings(action="ignore"):
        program = torch.onnx.export(
            network,
            (torch.zeros(2, 3, 5),),
            input_names=["steps"],
            dynamic_shapes={"steps": {0: torch.export.Dim("batch")}},
            opset_version=20,
            dynamo=True,
            verbose=False,
        )
    return program.model_proto


def answer(model: onnx.ModelProto, steps: np.ndarray) -> np.ndarray:
    content = model.SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {"steps": steps})[0]


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_the_answers_stay_equal_at_any_batch(network, raw, batch):
    steps = np.random.default_rng(batch).normal(size=(batch, 3, 5)).astype(np.float32)
    found = answer(simplify(onnx.ModelProto.FromString(raw.SerializeToString())), steps)
    expected = network(torch.from_numpy(steps)).detach().numpy()
    assert np.abs(found - expected).max() < 1e-6
    assert np.abs(found - answer(raw, steps)).max() < 1e-6


def test_nodes_that_compute_shapes_and_initial_states_are_gone(raw):
    simple = simplify(onnx.ModelProto.FromString(raw.SerializeToString()))
    used = {node.op_type for node in simple.graph.node}
    assert "LSTM" in used
    assert used.isdisjoint({"Shape", "Expand", "ConstantOfShape"})
    (lstm,) = [node for node in simple.graph.node if node.op_type == "LSTM"]
    assert not any(lstm.input[5:7]), "zero is what the standard takes for missing states"
    assert "Expand" in {node.op_type for node in raw.graph.node}, "else there was nothing to do"
