"""What training makes small: wrong labels of windows, and of single frames."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.tracks import UNDECIDED, at_frames


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
    """Return the mean cross-entropy of windows; undecided ones do not count.

    Args:
        logits: [batch, labels].
        targets: int64 [batch], places in the labels or UNDECIDED.
        smoothing: share of each target that is spread over all labels.

    """
    return _cross_entropy(logits, targets, smoothing)


def frame_loss(logits: Tensor, tracks: Tensor, smoothing: float) -> Tensor:
    """Return the mean cross-entropy of frames; undecided ones do not count.

    Args:
        logits: [batch, frames, labels], at equal steps over the window.
        tracks: int64 [batch, WINDOW_STEPS], what is said in the window.
        smoothing: share of each target that is spread over all labels.

    """
    targets = at_frames(tracks, logits.shape[1])
    return _cross_entropy(logits.flatten(0, 1), targets.flatten(), smoothing)


def _cross_entropy(logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    total = functional.cross_entropy(
        logits.float(),
        targets,
        ignore_index=UNDECIDED,
        label_smoothing=smoothing,
        reduction="sum",
    )
    return total / (targets != UNDECIDED).sum().clamp(min=1)
