"""Layers along time, of networks that decide frame by frame."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional


class Separable(nn.Module):
    """A convolution along time for each channel, then one across channels."""

    def __init__(self, before: int, after: int, kernel: int) -> None:
        super().__init__()
        self.along_time = nn.Conv1d(
            before, before, kernel, padding=kernel // 2, groups=before, bias=False
        )
        self.across = pointwise(before, after)

    def forward(self, steps: Tensor) -> Tensor:
        """Return [batch, channels, n] from the same shape, or with ``after`` channels."""
        result: Tensor = self.across(self.along_time(steps))
        return result


class Residual(nn.Module):
    """Two separable convolutions, added to what they hear."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.first = Separable(channels, channels, kernel)
        self.along_time = nn.Conv1d(
            channels, channels, kernel, padding=kernel // 2, groups=channels, bias=False
        )
        self.across = nn.Conv1d(channels, channels, kernel_size=1, bias=False)
        self.normalize = nn.BatchNorm1d(channels)

    def forward(self, steps: Tensor) -> Tensor:
        """Return [batch, channels, n] from the same shape."""
        change = self.normalize(self.across(self.along_time(self.first(steps))))
        return functional.relu(steps + change)


def pointwise(before: int, after: int) -> nn.Sequential:
    """Return a layer across channels, step by step."""
    return nn.Sequential(
        nn.Conv1d(before, after, kernel_size=1, bias=False), nn.BatchNorm1d(after), nn.ReLU()
    )
