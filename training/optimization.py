"""How weights change in training: which optimizer for which of them, and at which rate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

from training.orthogonal_momentum import OrthogonalMomentum
from training.settings import TrainingSettings

_WARM_UP = 0.05
_FINAL_RATE = 0.01
_SMALLEST_MATRIX = 16
"""Fewest rows and columns of what is worth the orthogonal steps."""


class Optimization:
    """Changes the weights of a network, step by step.

    Args:
        model: whose parameters are trained.
        settings: rates, decay, and whether matrices take orthogonal steps.
        total_steps: length of the rates' schedule.

    """

    def __init__(self, model: nn.Module, settings: TrainingSettings, total_steps: int) -> None:
        parameters = [item for item in model.parameters() if item.requires_grad]
        matrices = [item for item in parameters if settings.matrix_rate and _is_matrix(item)]
        steered = set(matrices)
        rest = [item for item in parameters if item not in steered]
        decay = settings.weight_decay
        adam = torch.optim.AdamW(_decay_groups(rest, decay), lr=settings.learning_rate)
        self.optimizers: list[torch.optim.Optimizer] = [adam]
        if matrices:
            rate = settings.matrix_rate
            self.optimizers.append(OrthogonalMomentum(matrices, rate, weight_decay=decay))
        self._schedules = [
            LambdaLR(optimizer, lambda step: _rate(step, total_steps))
            for optimizer in self.optimizers
        ]

    @property
    def rates(self) -> list[float]:
        """The rate of each optimizer in the next step."""
        return [float(schedule.get_last_lr()[0]) for schedule in self._schedules]

    def forget_gradients(self) -> None:
        """Make ready for the gradients of the next step."""
        for optimizer in self.optimizers:
            optimizer.zero_grad()

    def step(self) -> None:
        """Change the weights by their gradients."""
        for optimizer, schedule in zip(self.optimizers, self._schedules, strict=True):
            optimizer.step()
            schedule.step()

    def state(self) -> dict[str, Any]:
        """Return all that ``restore`` needs."""
        return {
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "schedules": [schedule.state_dict() for schedule in self._schedules],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a state."""
        for optimizer, values in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(values)
        for schedule, values in zip(self._schedules, state["schedules"], strict=True):
            schedule.load_state_dict(values)


def _is_matrix(weights: nn.Parameter) -> bool:
    return weights.ndim > 1 and min(len(weights), weights[0].numel()) >= _SMALLEST_MATRIX


def _decay_groups(parameters: Iterable[nn.Parameter], decay: float) -> list[dict[str, Any]]:
    """Leave biases and normalization without weight decay."""
    parameters = list(parameters)
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def _rate(step: int, total: int) -> float:
    """Return the share of the highest rate: a linear warm-up, then half a cosine."""
    warm_up = max(round(total * _WARM_UP), 1)
    if step < warm_up:
        return (step + 1) / warm_up
    progress = min((step - warm_up) / max(total - warm_up, 1), 1.0)
    return _FINAL_RATE + (1 - _FINAL_RATE) * (1 + math.cos(math.pi * progress)) / 2
