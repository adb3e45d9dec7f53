"""What sound is inside the program: mono float32 at 16 kHz, in blocks that know their time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Samples a second of all audio behind the sources."""

LOWEST_RATE = 1_000
"""Lowest sample rate in Hz that sources and recordings may have."""

HIGHEST_RATE = 384_000
"""Highest sample rate in Hz that sources and recordings may have."""

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Block:
    """Consecutive samples of a stream.

    A block that starts later than the one before it ended follows lost sound. An empty one tells
    that time went by without any.

    Attributes:
        samples: float32 [n], mono, 16 kHz, nominally in -1..1; n varies from block to block.
        start: stream time of the first sample in seconds.

    """

    samples: Samples
    start: float

    @property
    def end(self) -> float:
        """Stream time just behind the last sample, in seconds."""
        return self.start + len(self.samples) / SAMPLE_RATE
