"""Values of features between their bands or frames."""

from __future__ import annotations

from torch import Tensor


def read_between(features: Tensor, places: Tensor, axis: int) -> Tensor:
    """Return features at other places along an axis, by straight lines between neighbours.

    Args:
        features: [batch, bands, frames].
        places: float32 [batch, n], 0 to the length of the axis minus 1; n is that length.
        axis: 1 for bands, 2 for frames.

    """
    other = 3 - axis
    below = places.floor().long().clamp(max=features.shape[axis] - 2)
    share = (places - below).unsqueeze(other)
    index = below.unsqueeze(other).expand_as(features)
    lower, upper = features.gather(axis, index), features.gather(axis, index + 1)
    return lower * (1 - share) + upper * share
