"""Trained networks whose answers another network learns from.

Source: G. Hinton, O. Vinyals and J. Dean, "Distilling the Knowledge in a Neural Network", 2015,
arXiv:1503.02531.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from recognizer.errors import InputError
from training.classifier import Classifier
from training.front_ends import front_end_of
from training.trained import load_classifier


class Answer(NamedTuple):
    """What a teacher says.

    Attributes:
        windows: probabilities [batch, labels]; None without a teacher.
        frames: probabilities [batch, n, labels]; None where no network that teaches decides frames
            of what the student hears.

    """

    windows: Tensor | None = None
    frames: Tensor | None = None


class Teacher:
    """One network or several, whose mean answer counts.

    Args:
        classifiers: trained networks with the same labels.
        names: what to call them in the record of a training.
        device: where they compute.

    """

    def __init__(
        self, classifiers: Sequence[Classifier], names: Sequence[str], device: torch.device
    ) -> None:
        self.classifiers = [classifier.to(device).eval() for classifier in classifiers]
        self.names = tuple(names)

    @torch.no_grad()
    def answer(self, waveforms: Tensor, student: str, features: Tensor) -> Answer:
        """Return the mean answer.

        Args:
            waveforms: float32 [batch, SAMPLE_RATE].
            student: the network that learns.
            features: what it hears of them, as of another speaker. Networks with the same front-end
                hear that, too, so that frames of student and teacher are the same time.

        """
        same = front_end_of(student)
        known = {same: features}
        windows, frames = [], []
        for classifier in self.classifiers:
            front_end = front_end_of(classifier.architecture)
            if front_end not in known:
                known[front_end] = classifier.features(waveforms)
            heard = classifier.hear(known[front_end])
            windows.append(heard.clip.float().softmax(dim=1))
            if heard.frames is not None and front_end is same:
                frames.append(heard.frames.float().softmax(dim=2))
        return Answer(_mean(windows), _mean(frames) if frames else None)


def load_teacher(
    paths: Sequence[Path], labels: Sequence[str], device: torch.device
) -> Teacher | None:
    """Return the networks of some checkpoints as a teacher; None without any.

    Raises:
        InputError: no checkpoint, or one with other labels.

    """
    if not paths:
        return None
    classifiers, names = zip(*(_load(path, labels) for path in paths), strict=True)
    return Teacher(classifiers, names, device)


def _mean(answers: Sequence[Tensor]) -> Tensor:
    return torch.stack(list(answers)).mean(dim=0)


def _load(path: Path, labels: Sequence[str]) -> tuple[Classifier, str]:
    classifier, content = load_classifier(path)
    if content["labels"] != list(labels):
        message = (
            f"{path}: knows the labels {', '.join(content['labels'])}: a teacher is expected to "
            f"know {', '.join(labels)}"
        )
        raise InputError(message)
    return classifier, f"{content['architecture']}, seed {content['training']['seed']}"
