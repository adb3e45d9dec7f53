"""Takes out of an exported graph what only serves shapes that are known.

PyTorch's exporter computes the initial states of an LSTM and the shape of its output while the
network runs. Those nodes would stay on the CPU beside a network on a GPU.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, numpy_helper
from onnxscript import optimizer

_LARGEST_CONSTANT = 1 << 26
_STATES = (5, 6)
_JOIN_DIRECTIONS = "join_directions"


def simplify(model: ModelProto) -> ModelProto:
    """Return the graph with constants folded and without nodes that compute shapes.

    The states of every LSTM start at zero, as the ONNX standard has it where none are given, and
    its directions are joined by one reshape.
    """
    folded = _fold(model)
    _drop_initial_states(folded)
    _fix_reshapes(folded)
    return _fold(folded)


def _fold(model: ModelProto) -> ModelProto:
    folded = optimizer.optimize(
        model, input_size_limit=_LARGEST_CONSTANT, output_size_limit=_LARGEST_CONSTANT
    )
    assert isinstance(folded, ModelProto)
    return folded


def _drop_initial_states(model: ModelProto) -> None:
    for node in _nodes(model, "LSTM"):
        for place in _STATES[: len(node.input) - _STATES[0]]:
            node.input[place] = ""


def _fix_reshapes(model: ModelProto) -> None:
    constants = {tensor.name for tensor in model.graph.initializer}
    computed = [node for node in _nodes(model, "Reshape") if node.input[1] not in constants]
    if not computed:
        return
    shape = np.array([0, 0, -1], dtype=np.int64)
    model.graph.initializer.append(numpy_helper.from_array(shape, _JOIN_DIRECTIONS))
    for node in computed:
        node.input[1] = _JOIN_DIRECTIONS
        del node.attribute[:]
        node.attribute.append(onnx.helper.make_attribute("allowzero", 0))


def _nodes(model: ModelProto, operator: str) -> list[NodeProto]:
    return [node for node in model.graph.node if node.op_type == operator]
