"""The discrete Fourier transform of a front-end in two steps instead of one matrix product.

PyTorch's exporter leaves one convolution with windowed cosines and sines, and power and mel bands
behind it. Taken apart after Cooley and Tukey (1965) the same transform needs a sixth of the
multiplications. Of the bins only those are combined that a mel band looks at, a few neighbouring
bands at a time.

A frame has samples x[n2 * o + i], with ``o`` below n1 and ``i`` below n2, where n1 * n2 = n_fft.
The first step transforms along ``o``: there are only n1 different results, and for real samples
half of them are the conjugates of the others. The second step transforms these along ``i``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto

from export.tape import Tape, attributes_of, constants_of, values_of, without_unused_constants
from recognizer.metadata import WINDOW_SAMPLES

FIRST_POINTS = 32
"""Points of the first step; 16 and 64 are slower."""
_BANDS_AT_ONCE = 8
_TOLERANCE = 1e-6

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Transform:
    """A front-end found in a graph: from the padded waveform to the power of mel bands.

    Attributes:
        nodes: what it consists of.
        waveform: name of its input.
        power: name of its output, [batch, bands, frames].
        window: by which each frame is multiplied, [samples of a frame].
        filters: the mel bands, [bands, bins].
        hop: samples from frame to frame.
        padding: zeros before and behind the waveform.

    """

    nodes: tuple[NodeProto, ...]
    waveform: str
    power: str
    window: NDArray[np.float32]
    filters: NDArray[np.float32]
    hop: int
    padding: tuple[int, int]

    @property
    def points(self) -> int:
        """Points of the Fourier transform."""
        return 2 * (int(self.filters.shape[1]) - 1)

    @property
    def frames(self) -> int:
        """Frames of a second."""
        return (WINDOW_SAMPLES + sum(self.padding) - len(self.window)) // self.hop + 1


def factor(model: ModelProto) -> ModelProto:
    """Return the model with its Fourier transform in two steps, if it is one product there."""
    found = find_transform(model)
    if found is None:
        return model
    tape = _written(found)
    kept = [node for node in model.graph.node if node not in found.nodes]
    del model.graph.node[:]
    # The front-end is the first that happens to a waveform.
    model.graph.node.extend([*tape.nodes, *kept])
    model.graph.initializer.extend(tape.constants)
    return without_unused_constants(model)


def find_transform(model: ModelProto) -> Transform | None:
    """Return the front-end as the exporter writes it; None if the graph has no such."""
    nodes, constants = list(model.graph.node), constants_of(model)
    pattern = ("Pad", "Unsqueeze", "Conv", "Split", "Mul", "Mul", "Add", "MatMul")
    if tuple(node.op_type for node in nodes[: len(pattern)]) != pattern:
        return None
    pad, _, conv, _, _, _, _, bands = found = tuple(nodes[: len(pattern)])
    basis, filters = values_of(constants, conv.input[1]), values_of(constants, bands.input[0])
    attributes, padding = attributes_of(conv), values_of(constants, pad.input[1]).tolist()
    transform = Transform(
        found,
        pad.input[0],
        bands.output[0],
        basis[0, 0],
        filters,
        attributes["strides"][0],
        (padding[1], padding[3]),
    )
    return transform if _is_fourier(basis[:, 0], transform) else None


def _is_fourier(basis: NDArray[np.float32], transform: Transform) -> bool:
    """Whether it is a transform that two steps can replace: the bin at half the rate is unused."""
    points, window = transform.points, transform.window.astype(np.float64)
    if points % (2 * FIRST_POINTS) or transform.filters[:, -1].any():
        return False
    phase = 2 * np.pi * np.outer(np.arange(points // 2 + 1), np.arange(len(window))) / points
    expected = np.concatenate([np.cos(phase), np.sin(phase)]) * window
    return basis.shape == expected.shape and bool(np.abs(basis - expected).max() < _TOLERANCE)


def _written(transform: Transform) -> Tape:
    tape = Tape("fourier")
    inner = transform.points // FIRST_POINTS
    outer = -(-len(transform.window) // inner)
    frames = _frames(tape, transform, outer * inner)
    by_outer = tape.node("Reshape", frames, tape.integers(0, outer, inner * transform.frames))
    first = tape.node("MatMul", _constant(tape, first_step(outer)), by_outer)
    groups = FIRST_POINTS // 2
    shape = tape.integers(0, groups, 2 * inner, transform.frames)
    second, bins = second_step(transform.points)
    grouped = tape.node("Reshape", first, shape)
    spectrum = tape.node("MatMul", _constant(tape, second), grouped)
    power = _power(tape, spectrum, (groups, inner, transform.frames))
    _bands(tape, power, bins, transform)
    return tape


def _frames(tape: Tape, transform: Transform, length: int) -> str:
    """Write what gives windowed frames as columns: [batch, length, frames].

    A frame is made of hops that follow each other, so the rows are those of a table of hops, each
    a column further.
    """
    hop, frames = transform.hop, transform.frames
    hops = frames - 1 + -(-length // hop)
    before = transform.padding[0]
    pads = tape.integers(0, before, 0, hops * hop - before - WINDOW_SAMPLES)
    padded = tape.node("Pad", transform.waveform, pads)
    table = tape.node("Reshape", padded, tape.integers(0, hops, hop))
    columns = tape.node("Transpose", table, perm=[0, 2, 1])
    parts = [
        tape.node(
            "Slice",
            columns,
            tape.integers(0, first // hop),
            tape.integers(min(hop, length - first), first // hop + frames),
            tape.integers(1, 2),
        )
        for first in range(0, length, hop)
    ]
    joined = tape.node("Concat", *parts, axis=1)
    window = np.zeros((length, 1))
    window[: len(transform.window), 0] = transform.window
    return tape.node("Mul", joined, _constant(tape, window))


def first_step(outer: int) -> Matrix:
    """Return the matrix [FIRST_POINTS, outer] along the outer index of a frame.

    Its rows are the results 0 and FIRST_POINTS / 2, which are real, and then, for each result
    between them, its real and its imaginary part.
    """
    half = FIRST_POINTS // 2
    phase = 2 * np.pi * np.outer(np.arange(half + 1), np.arange(outer)) / FIRST_POINTS
    pairs = np.stack([np.cos(phase), -np.sin(phase)], axis=1)
    ends = np.cos(phase[[0, half]])
    return np.concatenate([ends, pairs[1:half].reshape(-1, outer)])


def second_step(points: int) -> tuple[Matrix, NDArray[np.int64]]:
    """Return the matrices along the inner index, and the bins that they give.

    Returns:
        [FIRST_POINTS / 2, 2 * inner, 2 * inner]: from two results of the first step to the real
        parts of as many bins as there are inner samples, and then to their imaginary parts.
        [FIRST_POINTS / 2, inner]: which bins, 0 to points / 2 - 1, each of them once.

    """
    half, inner = FIRST_POINTS // 2, points // FIRST_POINTS
    at = np.arange(inner)
    ends = _turns(half * at, points)
    # The even ones of these bins come from result 0, the odd ones from result FIRST_POINTS / 2.
    is_even = np.tile((at % 2 == 0)[:, np.newaxis], (2, inner))
    matrices = [np.hstack([ends * is_even, ends * ~is_even])]
    bins = [half * at]
    for result in range(1, half):
        own = result + FIRST_POINTS * at
        real, imaginary = np.vsplit(_turns(own, points), 2)
        matrices.append(np.block([[real, -imaginary], [imaginary, real]]))
        bins.append(np.minimum(own, points - own))
    return np.stack(matrices), np.stack(bins)


def _turns(bins: NDArray[np.int64], points: int) -> Matrix:
    """Return by what each inner sample is turned: real parts, then imaginary, [2 * n, n]."""
    phase = 2 * np.pi * np.outer(bins, np.arange(len(bins))) / points
    return np.concatenate([np.cos(phase), -np.sin(phase)])


def _power(tape: Tape, spectrum: str, shape: tuple[int, int, int]) -> str:
    """Write what gives the power of every bin, [batch, bins, frames]."""
    groups, inner, frames = shape
    parts = tape.node("Reshape", spectrum, tape.integers(0, groups, 2, inner, frames))
    squares = tape.node("Mul", parts, parts)
    sums = tape.node("ReduceSum", squares, tape.integers(2), keepdims=0)
    return tape.node("Reshape", sums, tape.integers(0, groups * inner, frames))


def _bands(tape: Tape, power: str, bins: NDArray[np.int64], transform: Transform) -> None:
    """Write what gives the power of mel bands from bins in the order of ``bins``."""
    bands = len(transform.filters)
    at_once = _BANDS_AT_ONCE if bands % _BANDS_AT_ONCE == 0 else bands
    groups = transform.filters[:, :-1].reshape(-1, at_once, transform.points // 2)
    spans = [np.flatnonzero(group.any(axis=0)) for group in groups]
    width = max(int(span[-1] - span[0]) + 1 for span in spans)
    firsts = [min(int(span[0]), transform.points // 2 - width) for span in spans]
    chosen = np.array(firsts)[:, np.newaxis] + np.arange(width)
    weights = np.stack([group[:, own] for group, own in zip(groups, chosen, strict=True)])
    places = tape.constant(np.argsort(bins.ravel())[chosen])
    gathered = tape.node("Gather", power, places, axis=1)
    grouped = tape.node("MatMul", _constant(tape, weights), gathered)
    shape = tape.integers(0, bands, transform.frames)
    tape.node("Reshape", grouped, shape, output=transform.power)


def _constant(tape: Tape, values: NDArray[np.floating]) -> str:
    return tape.constant(values.astype(np.float32))
