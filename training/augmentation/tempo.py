"""Slower and faster speech at the same pitch: features stretched about the window's middle.

Digits out of a row are spoken faster than alone; a microphone that was only heard with one kind
must not tell the network which digit it is.
"""

from __future__ import annotations

import torch
from torch import Tensor

from training.augmentation.draws import Draws
from training.augmentation.interpolation import read_between
from training.tracks import Tracks


def change_tempo(
    features: Tensor, tracks: Tracks, draws: Draws, reach: float
) -> tuple[Tensor, Tracks]:
    """Stretch each example by its own factor.

    Args:
        features: [batch, bands, frames].
        tracks: what is said meanwhile.
        draws: where random numbers come from.
        reach: how much longer speech may become, 0.4 is 40 %; it becomes shorter by half of that.

    Returns:
        Features and tracks in the same shapes; the edges are held where nothing follows.

    """
    factors = draws.log_uniform((len(features), 1), 1 / (1 + reach / 2), 1 + reach)
    stretched = read_between(features, _places(features.shape[2], factors), axis=2)
    places = _places(tracks.labels.shape[1], factors).round().long()
    return stretched, tracks.each(lambda track: track.gather(1, places))


def _places(count: int, factors: Tensor) -> Tensor:
    """Return where each of ``count`` steps was before it was stretched, [batch, count]."""
    middle = (count - 1) / 2
    steps = torch.arange(count, device=factors.device) - middle
    return (middle + steps / factors).clamp(0, count - 1)
