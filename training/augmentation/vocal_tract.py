"""Longer and shorter vocal tracts: formants higher or lower, at the same pitch and tempo.

Source: N. Jaitly and G. Hinton, "Vocal Tract Length Perturbation (VTLP) improves speech
recognition", 2013; here on the bands of log-mel features.
"""

from __future__ import annotations

import torch
from torch import Tensor

from training.augmentation.draws import Draws
from training.augmentation.interpolation import read_between


def warp_bands(features: Tensor, draws: Draws, reach: float) -> Tensor:
    """Stretch or shrink the bands of each example.

    Args:
        features: [batch, bands, frames].
        draws: where random numbers come from.
        reach: largest change, 0.1 is ten per cent up or down.

    """
    bands = features.shape[1]
    factor = draws.log_uniform((len(features), 1), 1 / (1 + reach), 1 + reach)
    place = (torch.arange(bands, device=features.device) * factor).clamp(max=bands - 1)
    return read_between(features, place, axis=1)
