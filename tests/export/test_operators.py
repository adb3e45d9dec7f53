import pytest
from onnx import TensorProto, helper

from export.operators import require_cuda_operators
from recognizer.errors import DigitListenError


def model(*operators, domain=""):
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    nodes = [helper.make_node(name, ["x"], ["y"], domain=domain) for name in operators]
    return helper.make_model(helper.make_graph(nodes, "g", [value], [value]))


def test_operators_with_a_cuda_kernel_pass():
    require_cuda_operators(model("Relu", "MatMul", "LSTM"))


def test_operators_without_one_are_named():
    with pytest.raises(DigitListenError, match="do not run on a GPU: STFT, StringConcat"):
        require_cuda_operators(model("Relu", "StringConcat", "STFT"))


def test_operators_of_other_domains_do_not_pass_by_their_name():
    with pytest.raises(DigitListenError, match="Relu"):
        require_cuda_operators(model("Relu", domain="ai.example"))
