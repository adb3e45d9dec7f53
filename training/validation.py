"""The held-out speakers by which a run is judged: clips as they are, and the same disturbed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from recognizer.audio import SAMPLE_RATE
from training.augmentation.draws import Draws
from training.augmentation.pipeline import AugmentationSettings, augment
from training.canvases import CANVAS, fixed_window
from training.examples import Batch
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind

_BATCH = 128
_SEED = 20_000


@dataclass(frozen=True)
class ValidationSet:
    """Clips and their windows.

    Attributes:
        clips: one for each row.
        clean: float32 [clips, SAMPLE_RATE].
        disturbed: the same words with every augmentation.

    """

    clips: tuple[Clip, ...]
    clean: Tensor
    disturbed: Tensor


def build_validation(
    clips: Sequence[Clip], audio: AudioStore, settings: AugmentationSettings
) -> ValidationSet:
    """Return the windows of the clips; the disturbed ones are the same in every run.

    Args:
        clips: of speakers held out; at least one is in ``audio``.
        audio: the decoded recordings; clips that are not in it are left out.
        settings: how strongly the disturbed windows are changed.

    """
    usable = tuple(clip for clip in clips if clip.path in audio.samples)
    windows = [fixed_window(clip, audio.samples[clip.path]) for clip in usable]
    clean = torch.from_numpy(np.stack(windows))
    noises = [window for clip, window in zip(usable, windows, strict=True) if _is_noise(clip)]
    hiss = Draws(_SEED, clean.device).normal((1, SAMPLE_RATE))
    noise = torch.from_numpy(np.stack(noises)) if noises else hiss
    return ValidationSet(usable, clean, _disturb(clean, noise, settings))


def predict(model: nn.Module, windows: Tensor, device: torch.device) -> NDArray[np.float32]:
    """Return probabilities float32 [windows, labels]."""
    model.eval()
    with torch.inference_mode():
        logits = [model(batch.to(device)).cpu() for batch in torch.split(windows, _BATCH)]
    return np.asarray(torch.cat(logits).softmax(dim=1).numpy(), dtype=np.float32)


def _is_noise(clip: Clip) -> bool:
    return clip.kind is Kind.NOISE


def _disturb(clean: Tensor, noise: Tensor, settings: AugmentationSettings) -> Tensor:
    margin = (CANVAS - SAMPLE_RATE) // 2
    canvases = functional.pad(clean, (margin, margin))
    parts = [
        augment(_batch(part, noise), settings, Draws(_SEED + place, clean.device)).waveforms
        for place, part in enumerate(torch.split(canvases, _BATCH))
    ]
    return torch.cat(parts)


def _batch(canvases: Tensor, noise: Tensor) -> Batch:
    rows = torch.arange(len(canvases)) % len(noise)
    slack = torch.full((len(canvases),), SAMPLE_RATE / 20)
    nothing = torch.zeros(len(canvases))
    return Batch(canvases, slack, nothing, nothing.long(), noise[rows])
