"""Trained networks whose answers another network learns from.

Source: G. Hinton, O. Vinyals and J. Dean, "Distilling the Knowledge in a Neural Network", 2015,
arXiv:1503.02531.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from recognizer.errors import InputError
from training.classifier import Classifier
from training.trained import load_classifier


@dataclass(frozen=True)
class Answer:
    """What a teacher hears, as probabilities.

    Attributes:
        windows: float32 [batch, labels], if there is a teacher.
        frames: float32 [batch, n, labels], if all its networks decide frame by frame.

    """

    windows: Tensor | None
    frames: Tensor | None


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
        """Return the mean answer to waveforms [batch, SAMPLE_RATE].

        Args:
            waveforms: float32 [batch, SAMPLE_RATE].
            student: the network that learns.
            features: what it hears of the waveforms, so that they are not computed twice.

        """
        known = {student: features}
        for classifier in self.classifiers:
            if classifier.architecture not in known:
                known[classifier.architecture] = classifier.features(waveforms)
        answers = [
            classifier.clip_and_frames(known[classifier.architecture])
            for classifier in self.classifiers
        ]
        windows = torch.stack([each.float().softmax(dim=1) for each, _ in answers]).mean(dim=0)
        frames = [each.float().softmax(dim=2) for _, each in answers if each is not None]
        whole = len(frames) == len(answers)
        return Answer(windows, torch.stack(frames).mean(dim=0) if whole else None)


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


def _load(path: Path, labels: Sequence[str]) -> tuple[Classifier, str]:
    classifier, content = load_classifier(path)
    if content["labels"] != list(labels):
        message = (
            f"{path}: knows the labels {', '.join(content['labels'])}: a teacher is expected to "
            f"know {', '.join(labels)}"
        )
        raise InputError(message)
    return classifier, f"{content['architecture']}, seed {content['training']['seed']}"
