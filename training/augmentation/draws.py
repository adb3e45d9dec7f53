"""Random numbers from one generator, on the device of the batch."""

from __future__ import annotations

import math

import torch
from torch import Tensor


class Draws:
    """Draws float tensors; the numbers depend on the seed alone, not on the device.

    Args:
        seed: a non-negative integer.
        device: where the tensors are wanted.

    """

    def __init__(self, seed: int, device: torch.device) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.device = device

    def uniform(self, shape: tuple[int, ...], low: float, high: float) -> Tensor:
        """Return float32 values in low..high."""
        values = torch.rand(shape, generator=self.generator)
        return (values * (high - low) + low).to(self.device)

    def log_uniform(self, shape: tuple[int, ...], low: float, high: float) -> Tensor:
        """Return float32 values in low..high, each octave as likely as the next."""
        return self.uniform(shape, math.log(low), math.log(high)).exp()

    def normal(self, shape: tuple[int, ...]) -> Tensor:
        """Return float32 values with mean 0 and variance 1."""
        return torch.randn(shape, generator=self.generator).to(self.device)

    def chance(self, shape: tuple[int, ...], share: float) -> Tensor:
        """Return booleans that are true with the given probability."""
        return (torch.rand(shape, generator=self.generator) < share).to(self.device)
