"""The parallel network: a CNN and a bidirectional LSTM side by side."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Parallel(nn.Module):
    """Convolutions along frequency beside an LSTM over pooled bands; one linear layer joins them.

    260,042 parameters at ten labels. Features [batch, 128, 44] to logits [batch, labels].
    """

    def __init__(self, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            _block(1, 16, pool=2), _block(16, 32, pool=2), _block(32, 64, pool=2), _block(64, 64, 4)
        )
        self.pool = nn.MaxPool2d((4, 2))
        self.lstm = nn.LSTM(input_size=22, hidden_size=128, batch_first=True, bidirectional=True)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(192 + 8192, labels))

    def forward(self, features: Tensor) -> Tensor:
        """Return logits [batch, labels]."""
        picture = features.unsqueeze(1)
        steps, _ = self.lstm(self.pool(picture).squeeze(1))
        joined = torch.cat([self.blocks(picture).flatten(1), steps.flatten(1)], dim=1)
        logits: Tensor = self.head(joined)
        return logits


def _block(before: int, after: int, pool: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, kernel_size=(3, 1)),
        nn.BatchNorm2d(after),
        nn.ReLU(),
        nn.MaxPool2d(pool),
    )
