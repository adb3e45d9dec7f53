"""SpecAugment on batches: Park et al., 2019, arXiv:1904.08779."""

from __future__ import annotations

import torch
from torch import Tensor

from training.augmentation.draws import Draws


def mask_features(features: Tensor, draws: Draws, bands: int, frames: int) -> Tensor:
    """Set a stretch of bands and one of frames to zero in every example.

    Args:
        features: [batch, bands, frames] with about zero mean.
        draws: where random numbers come from.
        bands: largest number of bands hidden.
        frames: largest number of frames hidden.

    """
    hidden_bands = _stretch(features.shape[1], len(features), bands, draws)
    hidden_frames = _stretch(features.shape[2], len(features), frames, draws)
    return features.masked_fill(hidden_bands.unsqueeze(2) | hidden_frames.unsqueeze(1), 0.0)


def _stretch(size: int, count: int, longest: int, draws: Draws) -> Tensor:
    """Return booleans [count, size] with one run of at most ``longest`` true values a row."""
    length = draws.uniform((count, 1), 0, longest)
    first = draws.uniform((count, 1), 0, 1) * (size - length)
    place = torch.arange(size, device=draws.device)
    return (place >= first) & (place < first + length)
