"""SpecAugment on batches: Park et al., 2019, arXiv:1904.08779."""

from __future__ import annotations

from torch import Tensor

from training.torchaudio_import import import_torchaudio


def mask_features(features: Tensor, bands: int, frames: int) -> Tensor:
    """Set a stretch of bands and one of frames to zero in every example.

    The stretches are drawn with PyTorch's own generator: seed that.

    Args:
        features: [batch, bands, frames] with about zero mean.
        bands: largest number of bands hidden.
        frames: largest number of frames hidden.

    """
    mask = import_torchaudio().functional.mask_along_axis_iid
    masked: Tensor = mask(mask(features, bands, 0.0, axis=1), frames, 0.0, axis=2)
    return masked
