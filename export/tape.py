"""Nodes and constants for an ONNX graph, written down one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Array = NDArray[np.float32] | NDArray[np.int64]
Attribute = Any
"""A value of a node's attribute: a number, a text, or a list of either."""
Attributes = dict[str, Attribute]


class Tape:
    """Collects what replaces a part of a graph, under names of its own.

    Args:
        prefix: begins every name; no name in the graph may begin so.

    Attributes:
        nodes: in the order in which they were written, so that each stands behind its inputs.
        constants: what they refer to.

    """

    def __init__(self, prefix: str) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self._prefix = prefix

    def constant(self, values: Array) -> str:
        """Add a tensor and return its name."""
        name = f"{self._prefix}.constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def integers(self, *values: int) -> str:
        """Add a list of integers, such as a shape, and return its name."""
        return self.constant(np.array(values, dtype=np.int64))

    def node(self, operator: str, *inputs: str, output: str = "", **attributes: Attribute) -> str:
        """Add a node with one output and return the output's name."""
        output = output or f"{self._prefix}.{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], output, **attributes))
        return output


def constants_of(model: ModelProto) -> dict[str, TensorProto]:
    """Return the constants of a graph by name."""
    return {tensor.name: tensor for tensor in model.graph.initializer}


def values_of(constants: dict[str, TensorProto], name: str) -> NDArray[Any]:
    """Return the values of a constant, float32 or int64 of its shape."""
    return np.asarray(numpy_helper.to_array(constants[name]))


def attributes_of(node: NodeProto) -> Attributes:
    """Return the attributes of a node by name."""
    return {item.name: helper.get_attribute_value(item) for item in node.attribute}


def without_unused_constants(model: ModelProto) -> ModelProto:
    """Return the model, now without constants that no node refers to."""
    used = {name for node in model.graph.node for name in node.input}
    kept = [tensor for tensor in model.graph.initializer if tensor.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    return model
