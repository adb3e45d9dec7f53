"""The CRNN: convolutions along time, then an LSTM across the channels."""

from __future__ import annotations

from torch import Tensor, nn


class Crnn(nn.Module):
    """Three 1-D convolutions, an LSTM over 256 channels, two linear layers.

    1,942,346 parameters at ten labels. Features [batch, 128, 44] to logits [batch, labels].
    """

    def __init__(self, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.blocks = nn.Sequential(_block(128, 128), _block(128, 128), _block(128, 256))
        self.lstm = nn.LSTM(input_size=5, hidden_size=96, batch_first=True)
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(24576, 64),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(64, labels),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Return logits [batch, labels]."""
        steps, _ = self.lstm(self.blocks(features))
        logits: Tensor = self.head(steps)
        return logits


def _block(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(before, after, kernel_size=5, padding=2),
        nn.BatchNorm1d(after),
        nn.ReLU(),
        nn.MaxPool1d(2),
    )
