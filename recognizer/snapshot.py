"""What there is to see in a stream at one moment, whether a word was said or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SILENCE_LEVEL = -100.0
"""The lowest level that is told, in dBFS; digital silence would be at minus infinity."""


@dataclass(frozen=True)
class Snapshot:
    """Where a listener stands.

    Attributes:
        time: end of what the gate has decided about, in seconds of stream time.
        level: root mean square of the last hop in dBFS, -100 at the least; a sine wave at full
            scale has -3.
        is_open: whether the gate lets sound through at that time.
        probabilities: of every label in the last window, 0..1, in the order of the labels; None
            while the gate is closed, and until the first window is complete.

    """

    time: float
    level: float
    is_open: bool
    probabilities: tuple[float, ...] | None


Monitor = Callable[[Snapshot], None]
"""Takes a snapshot for each hop of a stream, and should be quick about it."""
