"""Noise, level, overload and coarse codecs."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from training.augmentation.draws import Draws

_BED_SHARE = 0.75


def add_noise(
    windows: Tensor,
    noise: Tensor,
    draws: Draws,
    *,
    share: float,
    lowest_snr: float,
    highest_snr: float,
) -> Tensor:
    """Add recorded noise at a drawn signal-to-noise ratio, and a bed of coloured noise to most.

    Digital silence around a word must not tell where it was recorded: no source keeps it always.

    Args:
        windows: [batch, samples].
        noise: [batch, samples], recorded noise.
        draws: where random numbers come from.
        share: share of the batch that gets recorded noise.
        lowest_snr: in dB.
        highest_snr: in dB.

    """
    count = len(windows)
    level = _rms(windows).clamp(min=1e-4)
    snr = draws.uniform((count, 1), lowest_snr, highest_snr)
    loudness = torch.pow(10.0, -snr / 20) * draws.chance((count, 1), share)
    bed_snr = draws.uniform((count, 1), 20.0, 55.0)
    bed = _unit(_coloured_noise(draws, windows)) * torch.pow(10.0, -bed_snr / 20)
    bed = bed * draws.chance((count, 1), _BED_SHARE)
    return windows + level * (_unit(noise) * loudness + bed)


def change_level(windows: Tensor, draws: Draws, lowest_dbfs: float, highest_dbfs: float) -> Tensor:
    """Scale each window so that its peak lies between two levels in dB of full scale."""
    peak = windows.abs().amax(dim=1, keepdim=True).clamp(min=1e-5)
    wanted = draws.uniform((len(windows), 1), lowest_dbfs, highest_dbfs)
    return windows / peak * torch.pow(10.0, wanted / 20)


def overload(windows: Tensor, draws: Draws, share: float) -> Tensor:
    """Clip a share of the windows at 3 to 15 dB below their peak."""
    peak = windows.abs().amax(dim=1, keepdim=True)
    below = draws.uniform((len(windows), 1), 3.0, 15.0) * draws.chance((len(windows), 1), share)
    limit = peak * torch.pow(10.0, -below / 20)
    return torch.minimum(torch.maximum(windows, -limit), limit)


def mu_law(windows: Tensor, draws: Draws, share: float) -> Tensor:
    """Pass a share of the windows through 8-bit logarithmic coding (ITU-T G.711, mu-law)."""
    mu = 255.0
    chosen = draws.chance((len(windows),), share)
    heard = windows.clone()
    loudness = torch.log1p(mu * windows[chosen].abs().clamp(max=1)) / math.log1p(mu)
    coarse = (loudness * 127).round() / 127
    heard[chosen] = windows[chosen].sign() * torch.expm1(coarse * math.log1p(mu)) / mu
    return heard


def _coloured_noise(draws: Draws, windows: Tensor) -> Tensor:
    """Return noise whose power falls by 0 to 6 dB an octave."""
    spectrum = torch.fft.rfft(draws.normal(tuple(windows.shape)))
    place = torch.arange(1, spectrum.shape[1] + 1, device=windows.device)
    slope = draws.uniform((len(windows), 1), 0.0, 1.0)
    noise: Tensor = torch.fft.irfft(spectrum * place ** (-slope), n=windows.shape[1])
    return noise


def _rms(windows: Tensor) -> Tensor:
    return windows.square().mean(dim=1, keepdim=True).sqrt()


def _unit(windows: Tensor) -> Tensor:
    return windows / _rms(windows).clamp(min=1e-5)
