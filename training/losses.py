"""What training makes small: wrong labels of windows, and of single frames."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from recognizer.audio import SAMPLE_RATE
from training.augmentation.pipeline import Augmented

_DECIDED = 0.4
"""Share of a keyword that must have been heard before its frames carry its label."""


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
