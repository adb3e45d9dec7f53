"""Turns convolutions along time into convolutions over planes of height one.

ONNX Runtime runs the latter in blocks of channels, several times faster, above all where every
channel has a filter of its own. Values and weights stay the same.
"""

from __future__ import annotations

from onnx import ModelProto, NodeProto, shape_inference

from export.tape import (
    Attribute,
    Attributes,
    Tape,
    attributes_of,
    constants_of,
    values_of,
    without_unused_constants,
)

_HEIGHT = 2
_WINDOWED = ("Conv", "MaxPool", "AveragePool")
_ELEMENTWISE = ("Relu", "Add")


def widen(model: ModelProto) -> ModelProto:
    """Return the model with every convolution and pooling along time over planes instead."""
    shapes = _shapes(model)
    widening = _Widening(model, shapes)
    for node in model.graph.node:
        widening.take(node)
    del model.graph.node[:]
    model.graph.node.extend(widening.tape.nodes)
    model.graph.initializer.extend(widening.tape.constants)
    return without_unused_constants(model)


class _Widening:
    """Rewrites nodes in order, and remembers which tensors there are as planes, too."""

    def __init__(self, model: ModelProto, shapes: dict[str, tuple[int, ...]]) -> None:
        self.tape = Tape("planes")
        self._constants = constants_of(model)
        self._shapes = shapes
        self._makers = {name: node for node in model.graph.node for name in node.output}
        self._planes: dict[str, str] = {}
        self._narrow = set(self._makers)

    def take(self, node: NodeProto) -> None:
        """Write the node, or what takes its place."""
        ranks = {len(self._shapes[name]) for name in node.output if name in self._shapes}
        if node.op_type in _WINDOWED and ranks == {3}:
            self._widen(node)
        elif node.op_type in _ELEMENTWISE and all(name in self._planes for name in node.input):
            self._write(node, [self._planes[name] for name in node.input], {})
        else:
            self._keep(node)

    def _widen(self, node: NodeProto) -> None:
        attributes = attributes_of(node)
        wide = {name: _wide(name, value) for name, value in attributes.items()}
        source, others = node.input[0], list(node.input[1:])
        rows = self._joined_rows(source, attributes) if node.op_type == "Conv" else None
        if rows:
            wide["kernel_shape"] = [rows, 1]
            wide["pads"], wide["strides"] = [0, 0, 0, 0], [1, 1]
            source = self._makers[source].input[0]
        else:
            source = self._as_plane(source)
        if others:
            others[0] = self._weight(others[0], rows)
        self._write(node, [source, *others], wide)

    def _joined_rows(self, name: str, attributes: Attributes) -> int | None:
        """Return the height of the planes whose rows a reshape joined for a pointwise filter."""
        maker = self._makers.get(name)
        if maker is None or maker.op_type != "Reshape" or attributes["kernel_shape"] != [1]:
            return None
        before, after = self._shapes[maker.input[0]], self._shapes[name]
        joins = len(before) == 4 and before[1] * before[2] == after[1] and before[3] == after[2]
        return before[2] if joins else None

    def _weight(self, name: str, rows: int | None) -> str:
        weight = values_of(self._constants, name)
        after, before, length = weight.shape
        shape = (after, before // rows, rows, 1) if rows else (after, before, 1, length)
        return self.tape.constant(weight.reshape(shape))

    def _as_plane(self, name: str) -> str:
        if name not in self._planes:
            axis = self.tape.integers(_HEIGHT)
            self._planes[name] = self.tape.node("Unsqueeze", name, axis)
        return self._planes[name]

    def _write(self, node: NodeProto, inputs: list[str], attributes: Attributes) -> None:
        (output,) = node.output
        self._planes[output] = self.tape.node(node.op_type, *inputs, **attributes)
        self._narrow.discard(output)

    def _keep(self, node: NodeProto) -> None:
        for name in node.input:
            if name in self._planes and name not in self._narrow:
                axis = self.tape.integers(_HEIGHT)
                self.tape.node("Squeeze", self._planes[name], axis, output=name)
                self._narrow.add(name)
        self.tape.nodes.append(node)


def _wide(name: str, value: Attribute) -> Attribute:
    if name == "pads":
        before, behind = value
        return [0, before, 0, behind]
    if name in ("kernel_shape", "strides", "dilations"):
        return [1, *value]
    return value


def _shapes(model: ModelProto) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor of floats that is known; a dynamic size is 0."""
    inferred = shape_inference.infer_shapes(model, data_prop=True).graph
    return {
        value.name: tuple(size.dim_value for size in value.type.tensor_type.shape.dim)
        for value in (*inferred.input, *inferred.value_info, *inferred.output)
    }
