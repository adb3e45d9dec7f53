"""What training makes small: wrong labels of windows, and of single frames."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from recognizer.audio import SAMPLE_RATE
from training.augmentation.pipeline import Augmented

_DECIDED = 0.4
"""Share of a keyword that must have been heard before its frames carry its label."""


def taught(loss: Tensor, logits: Tensor, answers: Tensor | None, share: float) -> Tensor:
    """Return a loss in part replaced by the distance from a teacher's answers.

    Args:
        loss: by the labels.
        logits: [..., labels], of the network in training.
        answers: [..., labels], probabilities of the teacher; None leaves the loss as it is.
        share: weight of the teacher beside the labels, 0..1.

    """
    if answers is None:
        return loss
    distance = -(answers * logits.float().log_softmax(dim=-1)).sum(dim=-1).mean()
    return torch.lerp(loss, distance, share)


def window_loss(logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    """Return the mean cross-entropy of windows.

    Args:
        logits: [batch, labels].
        targets: int64 [batch].
        smoothing: share of each target that is spread over all labels.

    """
    return functional.cross_entropy(logits.float(), targets, label_smoothing=smoothing)


def frame_loss(logits: Tensor, targets: Tensor, augmented: Augmented, smoothing: float) -> Tensor:
    """Return the mean cross-entropy of frames: a keyword on its last part, OTHER elsewhere.

    Args:
        logits: [batch, frames, labels], at equal steps over the window, OTHER last.
        targets: int64 [batch], of the windows.
        augmented: where in the windows the keywords are.
        smoothing: share of each target that is spread over all labels.

    """
    frames, labels = logits.shape[1:]
    time = torch.linspace(0, SAMPLE_RATE, frames, device=logits.device)
    starts, ends = augmented.starts.unsqueeze(1), augmented.ends.unsqueeze(1)
    inside = (time >= starts + _DECIDED * (ends - starts)) & (time < ends)
    frame_targets = torch.where(inside, targets.unsqueeze(1), labels - 1)
    return functional.cross_entropy(
        logits.float().transpose(1, 2), frame_targets, label_smoothing=smoothing
    )
