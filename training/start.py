"""Training that goes on from a trained network."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from recognizer.errors import InputError
from training.settings import TrainingSettings
from training.trained import load_classifier


def load_start(path: Path, settings: TrainingSettings) -> dict[str, Any]:
    """Return the content of a checkpoint to go on from.

    Raises:
        InputError: no checkpoint, or one of another network or with other labels.

    """
    _, content = load_classifier(path)
    found = content["architecture"], list(content["labels"])
    expected = settings.model, list(settings.labels)
    if found != expected:
        message = f"{path}: is {_name(*found)}: expected {_name(*expected)} to go on from"
        raise InputError(message)
    return content


def at_half_rates(settings: TrainingSettings) -> TrainingSettings:
    """Return the settings for a network that need not be changed much any more."""
    return dataclasses.replace(
        settings,
        learning_rate=settings.learning_rate / 2,
        matrix_rate=settings.matrix_rate / 2,
    )


def _name(architecture: str, labels: list[str]) -> str:
    return f"{architecture} with the labels {', '.join(labels)}"
