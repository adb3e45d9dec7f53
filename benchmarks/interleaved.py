"""Times things against each other on a machine that has other work, too.

All are timed in turns, so that what disturbs the machine disturbs all of them; a ratio is that of
two neighbours in time, and of many such the median counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median, quantiles

Contenders = Mapping[str, Callable[[], object]]
Clock = Callable[[], float]
Timings = dict[str, list[float]]


def interleave(
    contenders: Contenders, rounds: int, seconds: float, clock: Clock = time.perf_counter
) -> Timings:
    """Return for each contender its seconds a call, one value for each round.

    Args:
        contenders: what to call, by name.
        rounds: how often all have their turn.
        seconds: how long a turn lasts, at least one call; the median of its calls counts.
        clock: tells seconds.

    """
    for work in contenders.values():
        work()
    timings: Timings = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            timings[name].append(_one_turn(work, seconds, clock))
    return timings


def _one_turn(work: Callable[[], object], seconds: float, clock: Clock) -> float:
    first = before = clock()
    calls: list[float] = []
    while not calls or before - first < seconds:
        work()
        after = clock()
        calls.append(after - before)
        before = after
    return median(calls)


def ratio(timings: Timings, slow: str, fast: str) -> float:
    """Return how many times longer one takes than the other, by the median of all rounds."""
    return median(_ratios(timings, slow, fast))


def low_ratio(timings: Timings, slow: str, fast: str) -> float:
    """Return the ratio that three of four rounds reach: that of a machine at its worst."""
    return quantiles(_ratios(timings, slow, fast), n=4, method="inclusive")[0]


def _ratios(timings: Timings, slow: str, fast: str) -> list[float]:
    return [a / b for a, b in zip(timings[slow], timings[fast], strict=True)]
