"""All settings of a training run, and the recipes that hold them."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.augmentation.pipeline import AugmentationSettings
from training.recordings.clip import DIGITS

RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True)
class TrainingSettings:
    """What decides the outcome of a run, apart from the recordings.

    Attributes:
        model: name of the network.
        keywords: words to be recognized; OTHER is added behind them.
        epochs: passes; in one as many examples are drawn as there are recordings.
        least_steps: steps of an epoch where the recordings are few.
        batch_size: examples a step.
        learning_rate: highest rate of AdamW; it warms up, then falls along half a cosine.
        matrix_rate: highest rate of matrices that take orthogonal steps instead; 0 leaves all
            weights to AdamW.
        weight_decay: share of the weights, times the rate, that each step takes away.
        label_smoothing: share of each target that is spread over all labels.
        dropout: share of the head's inputs left out.
        frame_weight: weight of the loss over frames beside the one over windows, for networks that
            decide frame by frame.
        phone_weight: weight of the loss over phones beside the one over windows, for networks that
            decide frame by frame; 0 leaves phones unknown.
        stream_share: share of examples that are stretches of a stream, for networks that decide
            frame by frame.
        mistaken_share: share of examples that are stretches of recordings without keywords which
            the network takes for some; they are looked for before each epoch, by hearing half as
            many stretches as there are examples in it.
        teacher_share: weight of a teacher's answers beside the labels, where there is a teacher.
        frame_teacher_share: the same for its answers frame by frame.
        false_acceptance: share of other words that the threshold may let pass, 0..1.
        average_decay: decay a step of the running average of the weights, which is what is kept.
        seed: of weights, examples and augmentation.
        bfloat16: compute the network in bfloat16; weights stay float32.
        augmentation: how strongly recordings are changed.

    """

    model: str = "parallel"
    keywords: tuple[str, ...] = DIGITS
    epochs: int = 60
    least_steps: int = 50
    batch_size: int = 128
    learning_rate: float = 2e-3
    matrix_rate: float = 0.0
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    dropout: float = 0.2
    frame_weight: float = 1.0
    phone_weight: float = 0.0
    stream_share: float = 0.0
    mistaken_share: float = 0.0
    teacher_share: float = 0.7
    frame_teacher_share: float = 0.6
    false_acceptance: float = 0.03
    average_decay: float = 0.998
    seed: int = 1
    bfloat16: bool = True
    augmentation: AugmentationSettings = field(default_factory=AugmentationSettings)

    @property
    def labels(self) -> tuple[str, ...]:
        """The outputs of the network, in order."""
        return (*self.keywords, OTHER)


def load_recipe(name: str) -> TrainingSettings:
    """Return the settings with which the bundled network of that name was trained.

    Raises:
        InputError: there is no such recipe, or it holds a key that is no setting.

    """
    path = RECIPES / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(item.stem for item in RECIPES.glob("*.toml")))
        message = f"unknown network {name!r}: expected one of {known}"
        raise InputError(message)
    return _settings(path, tomllib.loads(path.read_text(encoding="utf-8")))


def as_dictionary(settings: TrainingSettings) -> dict[str, Any]:
    """Return the settings as values that JSON and checkpoints can hold."""
    return {**dataclasses.asdict(settings), "keywords": list(settings.keywords)}


def _settings(path: Path, table: dict[str, Any]) -> TrainingSettings:
    changes = dict(table)
    augmentation = changes.pop("augmentation", {})
    try:
        return TrainingSettings(**changes, augmentation=AugmentationSettings(**augmentation))
    except TypeError as error:
        message = f"{path}: {error}"
        raise InputError(message) from None
