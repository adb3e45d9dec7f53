"""The edge network: small enough for any machine, and it decides frame by frame."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from training.networks.along_time import Residual, Separable, pointwise
from training.networks.heard import FrameNetwork

PLANES = 16
"""Channels of what looks along bands and time. Processors compute multiples of 16 at once."""

CHANNELS = 80
LAST_CHANNELS = 128
KERNELS = (9, 13, 15)
_BLOCKS = 2
"""Residual blocks before the bands are halved again, and behind that."""


class Edge(FrameNetwork):
    """Residual convolutions along bands and time, then along time alone, all of them separable.

    About 79,000 parameters. Features [batch, 40, 101] to logits [batch, labels]; one decision
    every 20 ms besides. Along time after MatchboxNet (Majumdar and Ginsburg, 2020,
    arXiv:2004.08531). Along bands, voices differ as if the picture were shifted, and few weights
    see a word in all of them; their blocks widen in between (Sandler et al., 2018,
    arXiv:1801.04381).
    """

    inner_channels = CHANNELS

    def __init__(self, labels: int, dropout: float = 0.0, bands: int = 40) -> None:
        super().__init__(LAST_CHANNELS, labels, dropout)
        self.stem = nn.Sequential(
            nn.Conv2d(1, PLANES, kernel_size=5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(PLANES),
            nn.ReLU(),
            *(_PlaneResidual(PLANES) for _ in range(_BLOCKS)),
            nn.Conv2d(
                PLANES, PLANES, kernel_size=3, stride=(2, 1), padding=1, groups=PLANES, bias=False
            ),
            _across_planes(PLANES, PLANES),
            nn.ReLU(),
            *(_PlaneResidual(PLANES) for _ in range(_BLOCKS)),
        )
        self.join = pointwise(PLANES * bands // 4, CHANNELS)
        self.body = nn.Sequential(*(Residual(CHANNELS, kernel) for kernel in KERNELS))
        self.tail = Separable(CHANNELS, LAST_CHANNELS, kernel=17)


class _PlaneResidual(nn.Module):
    """A convolution along bands and time for each channel, then two across channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.along_both = nn.Conv2d(
            channels, channels, kernel_size=(3, 5), padding=(1, 2), groups=channels, bias=False
        )
        self.normalize = nn.BatchNorm2d(channels)
        self.widen = _across_planes(channels, 2 * channels)
        self.narrow = _across_planes(2 * channels, channels)

    def forward(self, planes: Tensor) -> Tensor:
        change = self.normalize(self.along_both(planes))
        change = self.narrow(functional.relu(self.widen(change)))
        return functional.relu(planes + change)


def _across_planes(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(before, after, kernel_size=1, bias=False), nn.BatchNorm2d(after))
