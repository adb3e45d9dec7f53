import numpy as np
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from export.proof import largest_difference, prove_equal, synthesised_windows
from recognizer.errors import DigitListenError

WINDOWS = synthesised_windows()


class Shares(nn.Module):
    """A tiny classifier of windows, as PyTorch and as ONNX."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(0)
        self.weight = nn.Parameter(torch.randn(16_000, 3, generator=generator) / 30)

    def forward(self, waveform: torch.Tensor) -> tuple[torch.Tensor]:
        return ((waveform @ self.weight).softmax(dim=1),)

    def as_onnx(self, change: float = 0.0):
        weight = self.weight.detach().numpy() + np.float32(change) * np.eye(16_000, 3)
        tensors = [numpy_helper.from_array(weight.astype(np.float32), "weight")]
        nodes = [
            helper.make_node("MatMul", ["waveform", "weight"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["probabilities"], axis=-1),
        ]
        waveform = helper.make_tensor_value_info("waveform", TensorProto.FLOAT, ["n", 16_000])
        result = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 3])
        graph = helper.make_graph(nodes, "shares", [waveform], [result], tensors)
        opset = [helper.make_opsetid("", 17)]
        return helper.make_model(graph, opset_imports=opset, ir_version=8)


@pytest.fixture(scope="module")
def shares() -> Shares:
    return Shares().eval()


def test_equal_answers_pass(shares):
    assert 0 <= prove_equal(shares, shares.as_onnx(), WINDOWS) <= 1e-5


@pytest.mark.parametrize("change", [0.5, float("nan")])
def test_other_weights_are_refused_in_one_line(shares, change):
    with pytest.raises(DigitListenError, match=r"differ by .*: expected at most 1e-05; nothing"):
        prove_equal(shares, shares.as_onnx(change), WINDOWS)


def test_weights_that_are_no_numbers_are_refused_on_either_side():
    broken = Shares()
    with torch.no_grad():
        broken.weight[3, 1] = float("nan")
    with pytest.raises(DigitListenError, match="differ by nan"):
        prove_equal(broken, Shares().as_onnx(), WINDOWS)


def test_batches_of_one_two_and_seven_are_run(shares):
    sizes = set()
    shares_hook = shares.register_forward_hook(lambda _module, args, _: sizes.add(len(args[0])))
    largest_difference(shares, shares.as_onnx(), WINDOWS)
    shares_hook.remove()
    assert sizes == {1, 2, 7}


def test_synthesised_seconds_reach_from_silence_to_full_scale_and_repeat():
    assert WINDOWS.shape == (14, 16_000)
    assert WINDOWS.dtype == np.float32
    peaks = np.abs(WINDOWS).max(axis=1)
    assert peaks[0] == 0
    assert peaks[-1] == pytest.approx(1)
    assert (np.diff(peaks) > 0).all()
    assert np.array_equal(WINDOWS, synthesised_windows())
    assert not np.array_equal(WINDOWS, synthesised_windows(seed=1))
