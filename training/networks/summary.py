"""A network's layers as a table: what each gives out and how many parameters it has."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from recognizer.audio import SAMPLE_RATE
from training.front_ends import build_front_end
from training.networks import build_network


@dataclass(frozen=True)
class LayerSummary:
    """One layer.

    Attributes:
        name: place in the network, as in ``blocks.0.2``.
        kind: class of the layer.
        output_shape: of one example, without the batch.
        parameters: weights and biases that are trained.

    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int


def layer_summaries(name: str, labels: int) -> list[LayerSummary]:
    """Return the layers of a network in the order in which features pass through them.

    Raises:
        InputError: there is no network of that name.

    """
    network = build_network(name, labels).eval()
    rows: list[LayerSummary] = []
    leaves = [(place, layer) for place, layer in network.named_modules() if not _children(layer)]
    hooks = [
        layer.register_forward_hook(
            lambda layer, _inputs, output, place=place: rows.append(_row(place, layer, output))
        )
        for place, layer in leaves
    ]
    with torch.inference_mode():
        network(torch.zeros(1, *features_of(name)))
    for hook in hooks:
        hook.remove()
    return rows


def features_of(name: str) -> tuple[int, int]:
    """Return the bands and frames that a network takes."""
    features = build_front_end(name)(torch.zeros(1, SAMPLE_RATE))
    return features.shape[1], features.shape[2]


def summarize(name: str, labels: int) -> str:
    """Return the table of a network as text.

    Raises:
        InputError: there is no network of that name.

    """
    rows = layer_summaries(name, labels)
    total = sum(row.parameters for row in rows)
    lines = [
        f"{name}, {labels} labels, input {list(features_of(name))}",
        f"{'layer':<14} {'kind':<13} {'output':<16} {'parameters':>10}",
        *(
            f"{row.name:<14} {row.kind:<13} {list(row.output_shape)!s:<16} {row.parameters:>10,}"
            for row in rows
        ),
        f"{'total':<45} {total:>10,}",
    ]
    return "\n".join(lines)


def _children(layer: nn.Module) -> list[nn.Module]:
    return list(layer.children())


def _row(place: str, layer: nn.Module, output: Tensor | tuple[Tensor, ...]) -> LayerSummary:
    tensor = output if isinstance(output, Tensor) else output[0]
    parameters = sum(parameter.numel() for parameter in layer.parameters())
    return LayerSummary(place, type(layer).__name__, tuple(tensor.shape[1:]), parameters)
