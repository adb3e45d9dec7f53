"""A teacher: the public speech embedding, with a head for labels of our own."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

EMBEDDED = 96
"""Values of an embedding."""
STEPS = 5
"""Embeddings of a window, one every 80 ms, each of 0.76 s."""
ZERO_BELS = -5.0
"""Power in bels of full scale at which features are 0: about the mean of speech."""

_STAGES = ((24, 1, (2, 2)), (48, 2, (1, 2)), (72, 2, (2, 2)), (96, 2, (1, 2)), (96, 2, (2, 2)))
"""Channels, pairs of convolutions, and how far frames and bands are pooled behind them."""
_HIDDEN = 256
_SLOPE = 0.2
_LOWEST = -0.4
_PUBLISHED_ZERO = 2 + 2 * math.log10(32767) + ZERO_BELS
"""The published weights hear bels of 16-bit samples, plus 2."""


class Embedding(nn.Module):
    """Small convolutions along bands and along time in turn, then two layers over a whole window.

    460,000 parameters, 330,000 of them in the embedding. Features [batch, 32, 108] to logits
    [batch, labels]. Source: J. Lin et al., "Training keyword spotters with limited and synthesized
    speech data", 2020, arXiv:2002.01322; its weights are public (training/published.py).
    """

    def __init__(self, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.embed = nn.Sequential(*_layers())
        self.normalize = nn.BatchNorm1d(EMBEDDED * STEPS)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(EMBEDDED * STEPS, _HIDDEN),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(_HIDDEN, labels),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return logits of the window, [batch, labels]."""
        picture = features.transpose(1, 2).unsqueeze(1) + _PUBLISHED_ZERO
        embeddings = self.embed(picture)
        logits: Tensor = self.head(self.normalize(embeddings.flatten(1)))
        return logits

    def parts(self) -> tuple[list[nn.Conv2d], nn.BatchNorm2d]:
        """Return the convolutions of the embedding from first to last, and its normalization."""
        layers = list(self.embed)
        convolutions = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
        (normalization,) = [layer for layer in layers if isinstance(layer, nn.BatchNorm2d)]
        return convolutions, normalization


class _Knee(nn.Module):
    """What is below zero is flattened, down to a lowest value."""

    def forward(self, values: Tensor) -> Tensor:
        return torch.maximum(values, (_SLOPE * values).clamp(min=_LOWEST))


def _layers() -> list[nn.Module]:
    before = _STAGES[0][0]
    layers: list[nn.Module] = [
        nn.Conv2d(1, before, kernel_size=3, padding=(0, 1), bias=False),
        nn.ReLU(),
        nn.BatchNorm2d(before, eps=1e-3),
        _Knee(),
    ]
    for channels, pairs, pooled in _STAGES:
        for _ in range(pairs):
            layers += _pair(before, channels)
            before = channels
        layers.append(nn.MaxPool2d(pooled))
    return [*layers, nn.Conv2d(before, EMBEDDED, kernel_size=(3, 1), bias=False)]


def _pair(before: int, after: int) -> list[nn.Module]:
    """Return a convolution along bands and one along time, which keeps no frames at the edges."""
    return [
        nn.Conv2d(before, after, kernel_size=(1, 3), padding=(0, 1)),
        _Knee(),
        nn.Conv2d(after, after, kernel_size=(3, 1)),
        _Knee(),
    ]
