"""The bundled files have the fast graph, and a graph that has it is left alone."""

import onnx
import pytest

from export.operators import require_cuda_operators
from export.optimize import optimize
from recognizer.bundled import MODELS_FOLDER, bundled_models


@pytest.fixture(params=bundled_models())
def bundled(request) -> onnx.ModelProto:
    return onnx.load(MODELS_FOLDER / f"{request.param}.onnx")


def test_the_bundled_graphs_are_as_fast_as_this_version_can(bundled):
    assert optimize(bundled) == bundled, "digit-export MODEL.onnx -o MODEL.onnx makes it so"


def test_the_bundled_graphs_run_on_a_gpu_as_a_whole(bundled):
    require_cuda_operators(bundled)


def test_the_bundled_graphs_hold_no_filter_along_time_and_no_transform_as_one_product(bundled):
    sizes = {tensor.name: tuple(tensor.dims) for tensor in bundled.graph.initializer}
    filters = [sizes[node.input[1]] for node in bundled.graph.node if node.op_type == "Conv"]
    assert filters
    assert all(len(size) == 4 for size in filters)
    assert not any(size[0] > 500 for size in sizes.values() if len(size) == 3)
