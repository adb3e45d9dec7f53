"""The networks that training knows, by name."""

from __future__ import annotations

from torch import nn

from recognizer.errors import InputError
from training.networks.baseline import Baseline
from training.networks.crnn import Crnn
from training.networks.edge import Edge
from training.networks.embedding import Embedding
from training.networks.parallel import Parallel
from training.networks.wide import Wide

_Network = Baseline | Crnn | Parallel | Edge | Embedding | Wide

NETWORKS: dict[str, type[_Network]] = {
    "baseline": Baseline,
    "crnn": Crnn,
    "parallel": Parallel,
    "edge": Edge,
    "embedding": Embedding,
    "wide": Wide,
}


def build_network(name: str, labels: int, dropout: float = 0.0) -> nn.Module:
    """Return an untrained network: its features to logits [batch, labels].

    Args:
        name: one of NETWORKS.
        labels: number of outputs.
        dropout: share of the head's inputs that training leaves out, 0..1; adds no parameters.

    Raises:
        InputError: there is no network of that name.

    """
    if name not in NETWORKS:
        known = ", ".join(NETWORKS)
        message = f"unknown network {name!r}: expected one of {known}"
        raise InputError(message)
    return NETWORKS[name](labels, dropout)
