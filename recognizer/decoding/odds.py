"""Probabilities as logits, in which evidence adds up, and back."""

from __future__ import annotations

import math

_LEAST = 1e-3
"""Closer to 0 and 1 than this, differences between probabilities tell nothing."""


def logit(probability: float) -> float:
    """Return the logarithm of the odds of a probability 0..1, in -6.91..6.91."""
    inside = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(inside / (1 - inside))


def probability(evidence: float) -> float:
    """Return the probability, 0..1, whose odds have this logarithm."""
    return 1 / (1 + math.exp(-evidence)) if evidence > 0 else 1 - 1 / (1 + math.exp(evidence))
