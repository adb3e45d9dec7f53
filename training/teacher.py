"""Trained networks whose answers another network learns from.

Source: G. Hinton, O. Vinyals and J. Dean, "Distilling the Knowledge in a Neural Network", 2015,
arXiv:1503.02531.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from recognizer.errors import InputError
from training.classifier import Classifier
from training.trained import load_classifier


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
    def answer(self, waveforms: Tensor, student: str, features: Tensor) -> Tensor:
        """Return the mean answer to waveforms, probabilities float32 [batch, labels].

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
            classifier.network(known[classifier.architecture]).float().softmax(dim=1)
            for classifier in self.classifiers
        ]
        return torch.stack(answers).mean(dim=0)


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
