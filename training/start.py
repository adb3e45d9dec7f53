"""Training that goes on from trained networks."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from recognizer.errors import InputError
from training.published import fingerprint, published_embedding
from training.settings import TrainingSettings
from training.trained import load_classifier

_NAMED = ("seed", "epochs", "commit", "file", "sha256")
"""What tells a training, or a published file."""


@dataclasses.dataclass(frozen=True)
class Start:
    """Where a training begins.

    Attributes:
        network: weights.
        origins: seed, epochs and commit of each training that they come from, the latest first;
            name and hash of the file where others published them.

    """

    network: Mapping[str, Tensor]
    origins: tuple[Mapping[str, Any], ...]


def load_start(paths: Sequence[Path], settings: TrainingSettings) -> Start:
    """Return the mean of the weights in some checkpoints, or published weights, to go on from.

    Networks that went on from the same one lie close to each other, and their mean is often better
    than each. Source: M. Wortsman et al., "Model soups", 2022, arXiv:2203.05482.

    Raises:
        InputError: no checkpoint, or one of another network or with other labels.

    """
    if any(path.suffix == ".onnx" for path in paths):
        return _load_published(paths, settings)
    contents = [_load(path, settings) for path in paths]
    networks = [content["network"] for content in contents]
    network = {name: _mean([other[name] for other in networks]) for name in networks[0]}
    return Start(network, _origins([content["training"] for content in contents]))


def at_rates(settings: TrainingSettings, share: float) -> TrainingSettings:
    """Return the settings with a share of their rates, less than 1 for what is trained already."""
    return dataclasses.replace(
        settings,
        learning_rate=settings.learning_rate * share,
        matrix_rate=settings.matrix_rate * share,
    )


def _load_published(paths: Sequence[Path], settings: TrainingSettings) -> Start:
    path, *others = paths
    if others or settings.model != "embedding":
        message = (
            f"{path}: expected a checkpoint written by digit-train; from an ONNX file only "
            f"--model embedding can start, from one alone"
        )
        raise InputError(message)
    network = published_embedding(path, len(settings.labels), settings.seed)
    return Start(network, (fingerprint(path),))


def _load(path: Path, settings: TrainingSettings) -> dict[str, Any]:
    _, content = load_classifier(path)
    found = content["architecture"], list(content["labels"])
    expected = settings.model, list(settings.labels)
    if found != expected:
        message = f"{path}: is {_name(*found)}: expected {_name(*expected)} to go on from"
        raise InputError(message)
    return content


def _origins(trainings: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return each training once, its own origins behind it."""
    every = [origin for training in trainings for origin in _lineage(training)]
    return tuple(origin for place, origin in enumerate(every) if origin not in every[:place])


def _lineage(training: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    own = {key: training[key] for key in _NAMED if key in training}
    return (own, *_origins(training.get("started_from", ())))


def _mean(values: Sequence[Tensor]) -> Tensor:
    if not values[0].is_floating_point():
        return values[0]
    return torch.stack(list(values)).mean(dim=0)


def _name(architecture: str, labels: list[str]) -> str:
    return f"{architecture} with the labels {', '.join(labels)}"
