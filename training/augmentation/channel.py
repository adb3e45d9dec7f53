"""Microphones, telephone bands and rooms: one filter for each example, applied as a product."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from recognizer.audio import SAMPLE_RATE
from training.augmentation.draws import Draws

_TRANSFORM = 24_000
"""Points of the transform: a window and a room of half a second without wrapping around."""
_ROOM = _TRANSFORM - SAMPLE_RATE
_CURVE_POINTS = 751
"""Points at which the gain of a channel is computed, 11 Hz apart; between them it is linear."""
_KNOTS = 12
_LOWEST_HZ = 50.0


def through_channel(
    windows: Tensor, draws: Draws, *, band_share: float, tilt_db: float, colour_db: float
) -> Tensor:
    """Return windows as other microphones would have taken them.

    Args:
        windows: [batch, SAMPLE_RATE].
        draws: where random numbers come from.
        band_share: share of the batch whose band is limited, from a telephone's to a laptop's.
        tilt_db: largest spectral tilt in dB an octave, up or down.
        colour_db: standard deviation of a smooth random curve over frequency, in dB.

    """
    count, device = len(windows), windows.device
    frequency = torch.linspace(1.0, SAMPLE_RATE / 2, _CURVE_POINTS, device=device)
    octave = torch.log2(frequency / 1000.0)
    gain_db = draws.uniform((count, 1), -tilt_db, tilt_db) * octave.clamp(-4, 3)
    gain_db = gain_db + _smooth_curves(draws, count, octave) * colour_db
    limited = draws.chance((count, 1), band_share)
    gain_db = gain_db - limited * _band_loss_db(draws, count, octave)
    gain = torch.pow(10.0, gain_db.clamp(min=-80) / 20)
    return _filter(windows, _to_bins(gain))


def in_room(windows: Tensor, draws: Draws, share: float) -> Tensor:
    """Return windows as heard in a room, for a share of the batch.

    The room is a direct path and noise that decays exponentially, by 60 dB within 0.1 to 0.9 s
    (Polack's model of late reverberation, 1988), cut off after half a second.
    """
    chosen = draws.chance((len(windows),), share)
    count = int(chosen.sum())
    if not count:
        return windows
    decay = draws.log_uniform((count, 1), 0.1, 0.9)
    seconds = torch.arange(_ROOM, device=windows.device) / SAMPLE_RATE
    tail = draws.normal((count, _ROOM)) * torch.pow(10.0, -3.0 * seconds / decay)
    tail[:, : SAMPLE_RATE // 500] = 0.0
    tail = tail / tail.norm(dim=1, keepdim=True).clamp(min=1e-6)
    tail = tail * torch.pow(10.0, draws.uniform((count, 1), -15.0, 3.0) / 20)
    tail[:, 0] = 1.0
    heard = windows.clone()
    heard[chosen] = _filter(windows[chosen], torch.fft.rfft(tail, n=_TRANSFORM))
    return heard


def _filter(windows: Tensor, response: Tensor) -> Tensor:
    spectrum = torch.fft.rfft(windows, n=_TRANSFORM) * response
    filtered: Tensor = torch.fft.irfft(spectrum, n=_TRANSFORM)[:, : windows.shape[1]]
    return filtered


def _to_bins(gain: Tensor) -> Tensor:
    """Return [count, bins] of the transform from [count, _CURVE_POINTS]."""
    bins = _TRANSFORM // 2 + 1
    curve = functional.interpolate(gain.unsqueeze(1), bins, mode="linear", align_corners=True)
    return curve.squeeze(1)


def _smooth_curves(draws: Draws, count: int, octave: Tensor) -> Tensor:
    """Return [count, bins]: random values at knots along the octaves, joined by straight lines."""
    knots = draws.normal((count, _KNOTS))
    lowest, highest = torch.log2(torch.tensor(_LOWEST_HZ / 1000.0)).item(), 3.0
    place = ((octave - lowest) / (highest - lowest)).clamp(0, 1) * (_KNOTS - 1)
    left = place.floor().long().clamp(max=_KNOTS - 2)
    share = place - left
    return knots[:, left] * (1 - share) + knots[:, left + 1] * share


def _band_loss_db(draws: Draws, count: int, octave: Tensor) -> Tensor:
    """Return [count, bins]: what low and high cut-offs with random slopes take away."""
    low = torch.log2(draws.log_uniform((count, 1), 60.0, 500.0) / 1000.0)
    high = torch.log2(draws.log_uniform((count, 1), 2800.0, 8000.0) / 1000.0)
    low_slope = draws.log_uniform((count, 1), 6.0, 48.0)
    high_slope = draws.log_uniform((count, 1), 20.0, 200.0)
    return (low - octave).clamp(min=0) * low_slope + (octave - high).clamp(min=0) * high_slope
