"""Speed of speech, and where in the window the word lies."""

from __future__ import annotations

import torch
from torch import Tensor

from recognizer.audio import SAMPLE_RATE
from training.augmentation.draws import Draws

_SPEED_GROUPS = 8
_LENGTH_STEP = 240


def change_speed(canvases: Tensor, draws: Draws, low: float, high: float) -> tuple[Tensor, Tensor]:
    """Play each canvas faster or slower, pitch and formants included, as a tape would.

    Resampling in the frequency domain is exact for a whole group at once, so the batch is divided
    into groups that share a speed.

    Returns:
        [batch, SAMPLE_RATE * 6 // 5], the middle of the result, and the speeds, [batch].

    """
    wanted = SAMPLE_RATE * 6 // 5
    groups = canvases.chunk(_SPEED_GROUPS)
    factors = draws.log_uniform((len(groups),), low, high).tolist()
    lengths = [round(canvases.shape[1] / f / _LENGTH_STEP) * _LENGTH_STEP for f in factors]
    resized = [
        _middle(_resample(group, length), wanted)
        for group, length in zip(groups, lengths, strict=True)
    ]
    speeds = [
        torch.full((len(group),), canvases.shape[1] / length, device=canvases.device)
        for group, length in zip(groups, lengths, strict=True)
    ]
    return torch.cat(resized), torch.cat(speeds)


def slack_at_speed(slack: Tensor, speeds: Tensor) -> Tensor:
    """Return by how many samples words may be shifted that became longer or shorter, [batch]."""
    length = (SAMPLE_RATE - 2 * slack) / speeds
    return ((SAMPLE_RATE - length) / 2).clamp(min=0)


def cut_window(canvases: Tensor, slack: Tensor, draws: Draws) -> tuple[Tensor, Tensor]:
    """Cut one second out of each canvas, shifted from its middle by at most ``slack`` samples.

    Returns:
        [batch, SAMPLE_RATE], and where in it the middle of the canvas lies, in samples, [batch].

    """
    limit = (canvases.shape[1] - SAMPLE_RATE) // 2
    shift = draws.uniform((len(canvases),), -1, 1) * slack.clamp(0, limit)
    first = (limit + shift).long()
    places = first.unsqueeze(1) + torch.arange(SAMPLE_RATE, device=canvases.device)
    return canvases.gather(1, places), canvases.shape[1] // 2 - first


def _resample(group: Tensor, length: int) -> Tensor:
    spectrum = torch.fft.rfft(group)
    bins = min(spectrum.shape[1], length // 2 + 1)
    resized: Tensor = torch.fft.irfft(spectrum[:, :bins], n=length) * (length / group.shape[1])
    return resized


def _middle(group: Tensor, wanted: int) -> Tensor:
    missing = max(wanted - group.shape[1], 0)
    padded = torch.nn.functional.pad(group, ((missing + 1) // 2, (missing + 1) // 2))
    first = (padded.shape[1] - wanted) // 2
    return padded[:, first : first + wanted]
