"""An optimizer for matrices: each step turns all directions that the gradient has by as much.

Source: K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of a quintic that brings singular values near 1 in a few rounds."""
_ROUNDS = 5


class OrthogonalMomentum(torch.optim.Optimizer):
    """Steps along the orthogonal matrix that is nearest to the averaged gradient.

    Kernels of convolutions count as matrices with a row for each output.

    Args:
        parameters: two or more dimensions each.
        lr: length of a step.
        momentum: decay of the averaged gradient, 0..1.
        weight_decay: share of the weights, times ``lr``, that each step takes away.

    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.0,
    ) -> None:
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        super().__init__(parameters, defaults)

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # noqa: ARG002
        """Take a step."""
        for group in self.param_groups:
            for weights in group["params"]:
                if weights.grad is not None:
                    self._change(weights, weights.grad, group)

    def _change(self, weights: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state = self.state[weights]
        average = state.setdefault("average", torch.zeros_like(weights))
        average.mul_(group["momentum"]).add_(gradient)
        ahead = gradient + group["momentum"] * average
        matrix = orthogonal(ahead.flatten(1))
        # Tall matrices get longer steps, so that outputs change as much as those of square ones.
        length = group["lr"] * max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5
        weights.mul_(1 - group["lr"] * group["weight_decay"])
        weights.sub_(length * matrix.view_as(weights))


def orthogonal(matrix: Tensor) -> Tensor:
    """Return about the orthogonal matrix that is nearest to a matrix [rows, columns].

    Singular values come to lie between 0.7 and 1.2, by Newton-Schulz iteration.
    """
    linear, cubic, quintic = _COEFFICIENTS
    wide = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    wide = wide / (wide.norm() + 1e-7)
    for _ in range(_ROUNDS):
        square = wide @ wide.T
        wide = linear * wide + (cubic * square + quintic * square @ square) @ wide
    result: Tensor = wide if matrix.shape[0] <= matrix.shape[1] else wide.T
    return result
