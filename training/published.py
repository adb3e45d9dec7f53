"""Weights that others trained and published: those of the speech embedding.

Google published it as "speech_embedding", under the Apache License 2.0; the package openwakeword
(0.4.0) carries it as ``embedding_model.onnx``.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import onnx
import torch
from google.protobuf.message import DecodeError
from onnx import numpy_helper
from torch import Tensor

from recognizer.errors import InputError
from training.networks.embedding import Embedding

_NORMALIZATION = ("weight", "bias", "running_mean", "running_var")


def published_embedding(path: Path, labels: int, seed: int) -> dict[str, Tensor]:
    """Return the weights of an Embedding that starts from the published one, with a random head.

    Args:
        path: ``embedding_model.onnx``.
        labels: number of outputs.
        seed: of the head.

    Raises:
        InputError: no ONNX file, or one of another network.

    """
    found = _weights(path)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Embedding(labels)
    wanted = _places(network)
    if [tensor.shape for tensor in found] != [tensor.shape for tensor in wanted]:
        message = f"{path}: holds other weights than the published speech embedding"
        raise InputError(message)
    with torch.no_grad():
        for place, tensor in zip(wanted, found, strict=True):
            place.copy_(tensor)
    return network.state_dict()


def fingerprint(path: Path) -> dict[str, str]:
    """Return what tells which file it was."""
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def _places(network: Embedding) -> list[Tensor]:
    """Return what is published of a network, in the order of the file."""
    (first, *others), normalization = network.parts()
    tensors = [first.weight, *(getattr(normalization, name) for name in _NORMALIZATION)]
    for layer in others:
        tensors += [layer.weight] if layer.bias is None else [layer.weight, layer.bias]
    return tensors


def _weights(path: Path) -> list[Tensor]:
    """Return the weights of all convolutions and normalizations in the order of the graph."""
    try:
        graph = onnx.load(path).graph
    except OSError as error:
        message = f"{path}: {error.strerror}: expected the published speech embedding"
        raise InputError(message) from None
    except DecodeError:
        message = f"{path}: no ONNX file: expected the published speech embedding"
        raise InputError(message) from None
    known = {tensor.name: tensor for tensor in graph.initializer}
    nodes = [node for node in graph.node if node.op_type in ("Conv", "BatchNormalization")]
    names = [name for node in nodes for name in node.input[1:] if name in known]
    return [torch.from_numpy(numpy_helper.to_array(known[name]).copy()) for name in names]
