"""The baseline network: four convolutions over the log-mel picture."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn


class Baseline(nn.Module):
    """Four 3x3 convolutions with pooling, then one linear layer; 143,242 parameters at ten labels.

    Features [batch, 128, 44] to logits [batch, labels].
    """

    def __init__(self, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        channels = (1, 16, 32, 64, 128)
        self.blocks = nn.Sequential(*(_block(*pair) for pair in pairwise(channels)))
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(4608, labels))

    def forward(self, features: Tensor) -> Tensor:
        """Return logits [batch, labels]."""
        logits: Tensor = self.head(self.blocks(features.unsqueeze(1)))
        return logits


def _block(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, kernel_size=3, padding=2), nn.ReLU(), nn.MaxPool2d(2)
    )
