"""Convolutions along time and over planes of height one are the same function."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from export.planes import widen


class Residual(nn.Module):
    """All that happens along time in the networks: filters, sums, pooling, and what reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.join = nn.Conv1d(12, 6, 1)
        self.along = nn.Conv1d(6, 6, 5, padding=2, groups=6, bias=False)
        self.across = nn.Conv1d(6, 6, 1)
        self.strided = nn.Conv1d(6, 4, 3, stride=2, dilation=2)
        self.pool = nn.MaxPool1d(2)

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        joined = torch.relu(self.join(planes.flatten(1, 2)))
        steps = torch.relu(joined + self.across(self.along(joined)))
        pooled = self.pool(self.strided(steps))
        return torch.cat([pooled.flatten(1), joined.mean(dim=2)], dim=1)


def exported(module: nn.Module, *shape: int) -> onnx.ModelProto:
    program = torch.onnx.export(
        module.eval(),
        (torch.zeros(2, *shape),),
        input_names=["input"],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        opset_version=20,
        dynamo=True,
        verbose=False,
    )
    return program.model_proto


def answer(model: onnx.ModelProto, values: np.ndarray) -> np.ndarray:
    content = model.SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {"input": values})[0]


def copied(model: onnx.ModelProto) -> onnx.ModelProto:
    return onnx.ModelProto.FromString(model.SerializeToString())


@pytest.fixture(scope="module")
def before() -> onnx.ModelProto:
    torch.manual_seed(0)
    return exported(Residual(), 3, 4, 31)


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_the_answers_stay_the_same_at_any_batch(before, batch):
    after = widen(copied(before))
    onnx.checker.check_model(after, full_check=True)
    values = np.random.default_rng(batch).normal(size=(batch, 3, 4, 31)).astype(np.float32)
    found, expected = answer(after, values), answer(before, values)
    assert np.abs(expected).max() > 0.1, "else equality would prove nothing"
    assert np.abs(found - expected).max() < 1e-6


def test_every_filter_is_two_dimensional_and_rows_are_joined_by_one_of_them(before):
    after = widen(copied(before))
    sizes = {tensor.name: len(tensor.dims) for tensor in after.graph.initializer}
    filters = [node for node in after.graph.node if node.op_type == "Conv"]
    assert {sizes[node.input[1]] for node in filters} == {4}
    kernels = [
        list(item.ints)
        for node in filters
        for item in node.attribute
        if item.name == "kernel_shape"
    ]
    assert kernels == [[4, 1], [1, 5], [1, 1], [1, 3]]


def test_no_node_stands_before_its_inputs(before):
    after = widen(copied(before))
    known = {tensor.name for tensor in (*after.graph.initializer, *after.graph.input)}
    for node in after.graph.node:
        assert set(filter(None, node.input)) <= known
        known.update(node.output)


def test_what_has_no_such_filters_stays_as_it_is():
    model = exported(nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2)), 1, 8, 8)
    content = model.SerializeToString()
    assert widen(model).SerializeToString() == content
