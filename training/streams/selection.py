"""Which recordings are played: all that are held out, or as many as fill a time."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def interleaved(
    items: Sequence[Item], group: Callable[[Item], Hashable], seed: int
) -> Iterator[Item]:
    """Yield all items in random order, but one of each group in turn while it has some.

    Whoever stops early has taken about equally many of each group.
    """
    shuffled = random.Random(seed).sample(items, len(items))
    groups: dict[Hashable, list[Item]] = defaultdict(list)
    for item in shuffled:
        groups[group(item)].append(item)
    longest = max(map(len, groups.values()), default=0)
    for place in range(longest):
        yield from (members[place] for members in groups.values() if place < len(members))


def filling(
    items: Iterator[Item], seconds: Callable[[Item], float], limit: float | None
) -> list[Item]:
    """Return items from the first on until they last as long as the limit; None takes all.

    Args:
        items: in the order of their importance.
        seconds: tells how long one lasts.
        limit: in seconds; the last item may go beyond it.

    """
    chosen: list[Item] = []
    filled = 0.0
    for item in items:
        if limit is not None and filled >= limit:
            break
        filled += seconds(item)
        chosen.append(item)
    return chosen
