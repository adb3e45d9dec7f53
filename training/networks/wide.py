"""A wide network that decides frame by frame, too: a teacher for edge."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from training.networks.along_time import Residual, pointwise
from training.networks.heard import FrameNetwork

PLANES = (48, 96, 160)
"""Channels along bands and time; the bands are halved from each to the next."""
CHANNELS = 256
KERNELS = (9, 13, 15)

_BLOCKS = (2, 3, 2)
"""Residual blocks of each width."""


class Wide(FrameNetwork):
    """Residual convolutions along bands and time at once, then separable ones along time.

    2,300,000 parameters and 80 times the multiplications of edge, which hears the same features and
    decides at the same steps: features [batch, 40, 101] to logits [batch, labels]. Source of the
    residuals: K. He et al., "Deep Residual Learning for Image Recognition", 2016, arXiv:1512.03385.
    """

    inner_channels = CHANNELS

    def __init__(self, labels: int, dropout: float = 0.0, bands: int = 40) -> None:
        super().__init__(CHANNELS, labels, dropout)
        self.stem = nn.Sequential(
            *_planes(1, PLANES[0], kernel=5, stride=(2, 2)),
            *_blocks(0),
            *_planes(PLANES[0], PLANES[1], kernel=3, stride=(2, 1)),
            *_blocks(1),
            *_planes(PLANES[1], PLANES[2], kernel=3, stride=(2, 1)),
            *_blocks(2),
        )
        self.join = nn.Sequential(
            nn.Dropout(dropout / 3), *pointwise(PLANES[2] * bands // 8, CHANNELS)
        )
        self.body = nn.Sequential(*(Residual(CHANNELS, kernel) for kernel in KERNELS))
        self.tail = nn.Identity()


class _PlaneResidual(nn.Module):
    """Two convolutions along bands and time, added to what they hear."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.change = nn.Sequential(
            *_planes(channels, channels, kernel=3, stride=(1, 1)),
            nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, planes: Tensor) -> Tensor:
        return functional.relu(planes + self.change(planes))


def _blocks(stage: int) -> list[nn.Module]:
    return [_PlaneResidual(PLANES[stage]) for _ in range(_BLOCKS[stage])]


def _planes(before: int, after: int, kernel: int, stride: tuple[int, int]) -> list[nn.Module]:
    return [
        nn.Conv2d(before, after, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(),
    ]
