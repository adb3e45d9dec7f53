"""The edge network: small enough for any machine, and it decides frame by frame."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from training.networks.heard import Heard

FRAME_SECONDS = 0.02
"""Time from one decision to the next."""

CHANNELS = 72
LAST_CHANNELS = 128
KERNELS = (9, 11, 13, 15)
_INNER = 3
"""Blocks before the inner steps: later ones serve the labels alone."""


class Edge(nn.Module):
    """Time-channel separable convolutions with residuals behind a small two-dimensional stem.

    About 75,000 parameters. Features [batch, 40, 101] to logits [batch, labels]; one decision
    every 20 ms besides. After MatchboxNet (Majumdar and Ginsburg, 2020, arXiv:2004.08531).
    """

    def __init__(self, labels: int, dropout: float = 0.0, bands: int = 40) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 8, kernel_size=5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 8, kernel_size=3, stride=(2, 1), padding=1, groups=8, bias=False),
            nn.Conv2d(8, 16, kernel_size=1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
        )
        self.join = _pointwise(16 * bands // 4, CHANNELS)
        self.body = nn.Sequential(*(_Residual(CHANNELS, kernel) for kernel in KERNELS))
        self.tail = _Separable(CHANNELS, LAST_CHANNELS, kernel=17)
        self.attention = nn.Conv1d(LAST_CHANNELS, 1, kernel_size=1)
        self.dropout = nn.Dropout(dropout)
        self.clip = nn.Linear(LAST_CHANNELS, labels)
        self.frame = nn.Conv1d(LAST_CHANNELS, labels, kernel_size=1)

    def forward(self, features: Tensor) -> Tensor:
        """Return logits of the window, [batch, labels]."""
        return self.hear(features).clip

    def hear(self, features: Tensor) -> Heard:
        """Return logits of the window, of its 51 frames, and 51 inner steps of CHANNELS."""
        picture = self.stem(features.unsqueeze(1))
        inner = self.body[:_INNER](self.join(picture.flatten(1, 2)))
        steps = self.tail(self.body[_INNER:](inner))
        weights = self.attention(steps).softmax(dim=2)
        pooled = (steps * weights).sum(dim=2)
        clip = self.clip(self.dropout(pooled))
        return Heard(clip, self.frame(self.dropout(steps)).transpose(1, 2), inner)


class _Separable(nn.Module):
    """A convolution along time for each channel, then one across channels."""

    def __init__(self, before: int, after: int, kernel: int) -> None:
        super().__init__()
        self.along_time = nn.Conv1d(
            before, before, kernel, padding=kernel // 2, groups=before, bias=False
        )
        self.across = _pointwise(before, after)

    def forward(self, steps: Tensor) -> Tensor:
        result: Tensor = self.across(self.along_time(steps))
        return result


class _Residual(nn.Module):
    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.first = _Separable(channels, channels, kernel)
        self.along_time = nn.Conv1d(
            channels, channels, kernel, padding=kernel // 2, groups=channels, bias=False
        )
        self.across = nn.Conv1d(channels, channels, kernel_size=1, bias=False)
        self.normalize = nn.BatchNorm1d(channels)

    def forward(self, steps: Tensor) -> Tensor:
        change = self.normalize(self.across(self.along_time(self.first(steps))))
        return functional.relu(steps + change)


def _pointwise(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(before, after, kernel_size=1, bias=False), nn.BatchNorm1d(after), nn.ReLU()
    )
