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
from recognizer.metadata import OTHER
from training.augmentation.draws import Draws
from training.augmentation.pipeline import AugmentationSettings, augment
from training.calibration import Calibration, fit_calibration
from training.canvases import CANVAS, fixed_window
from training.examples import Batch
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind
from training.scores import ClipScores, calibrated_threshold, is_other_word, score_clips
from training.tracks import CANVAS_STEPS, Tracks

_SHARES = (0.02, 0.03, 0.04, 0.06, 0.08, 0.1)
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


@dataclass(frozen=True)
class Judgement:
    """What a network is worth, by clips of people that it never heard.

    Attributes:
        clean: scores on the recordings as they are.
        disturbed: scores on the same with every augmentation, at a threshold of their own.
        calibration: what makes confidence honest.
        score: what the best checkpoint is chosen by, 0..1: keywords accepted and right, clean and
            disturbed, mean over thresholds that let 2 to 10 % of other words pass. One threshold
            alone hangs on a handful of words.

    """

    clean: ClipScores
    disturbed: ClipScores
    calibration: Calibration
    score: float


def strange_words(validation: Sequence[Clip], training: Sequence[Clip]) -> list[Clip]:
    """Return the clips to validate on, without other words that the training heard.

    A network rejects words it was taught to reject; what counts is how it takes new ones. Where
    all other words were heard, they stay.
    """
    heard = {clip.word for clip in training if is_other_word(clip)}
    strange = [clip for clip in validation if not is_other_word(clip) or clip.word not in heard]
    return strange if any(map(is_other_word, strange)) else list(validation)


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


def judge(
    clips: Sequence[Clip],
    clean: NDArray[np.float32],
    disturbed: NDArray[np.float32],
    labels: Sequence[str],
    acceptable: float,
) -> Judgement:
    """Judge a network by its answers to validation.

    Args:
        clips: of the validation set.
        clean: probabilities [clips, labels] of the windows as they are.
        disturbed: probabilities [clips, labels] of the disturbed windows.
        labels: of the network, OTHER last.
        acceptable: share of other words that the threshold may let pass, 0..1.

    """
    calibration = _fit(clips, clean, disturbed, labels)
    both = [calibration.apply(probabilities) for probabilities in (clean, disturbed)]
    scores = [_score(clips, probabilities, labels, acceptable) for probabilities in both]
    accepted = [
        _score(clips, probabilities, labels, share).accepted
        for probabilities in both
        for share in _SHARES
    ]
    return Judgement(scores[0], scores[1], calibration, float(np.mean(accepted)))


def _score(
    clips: Sequence[Clip],
    probabilities: NDArray[np.float32],
    labels: Sequence[str],
    acceptable: float,
) -> ClipScores:
    threshold = calibrated_threshold(clips, probabilities, acceptable)
    return score_clips(clips, probabilities, labels, threshold)


def _fit(
    clips: Sequence[Clip],
    clean: NDArray[np.float32],
    disturbed: NDArray[np.float32],
    labels: Sequence[str],
) -> Calibration:
    """Fit on keywords and other words alike, so that neither decides because it is common."""
    targets = np.array([labels.index(clip.label) for clip in clips])
    keywords = np.array([clip.label != OTHER for clip in clips])
    words = np.array([is_other_word(clip) for clip in clips])
    weights = keywords / max(keywords.sum(), 1) + words / max(words.sum(), 1)
    return fit_calibration(
        np.concatenate([clean, disturbed]), np.tile(targets, 2), np.tile(weights, 2)
    )


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
    nothing = torch.zeros(len(canvases), CANVAS_STEPS, dtype=torch.long)
    tracks = Tracks(nothing, nothing)
    return Batch(canvases, slack, tracks, nothing[:, 0], noise[rows], torch.zeros(len(rows), 1), 0)
