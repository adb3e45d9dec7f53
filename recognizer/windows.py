"""The last second of a stream, every hop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recognizer.audio import SAMPLE_RATE, Block
from recognizer.gate import GatedBlock
from recognizer.metadata import WINDOW_SAMPLES

DEFAULT_HOP = 0.1


@dataclass(frozen=True)
class Window(Block):
    """A block of one second: samples are float32 [16000], all of them heard, none made up."""


class Windows:
    """Cuts a gated stream into windows that start at multiples of the hop.

    Counted from the stream's first sample, so the sizes of blocks change nothing. A window comes
    out only if the gate is open at its end.

    Args:
        hop: seconds from one window's start to the next, 0.01 to 1.

    """

    def __init__(self, hop: float = DEFAULT_HOP) -> None:
        self._hop = round(hop * SAMPLE_RATE)
        self._buffer = np.zeros(0, dtype=np.float32)
        self._position = 0
        self._next = 0
        self._origin: float | None = None
        self._is_open = False

    def process(self, gated: GatedBlock) -> Iterator[Window]:
        """Take the next block of the stream and yield the windows that end in it."""
        if self._origin is None:
            self._origin = gated.block.start
        self._is_open = gated.is_open
        self._buffer = np.concatenate([self._buffer, gated.block.samples])
        while self._next + WINDOW_SAMPLES <= self._heard:
            if gated.is_open:
                yield self._window(self._next)
            self._next += self._hop
        self._forget()

    def finish(self) -> Iterator[Window]:
        """Yield one last window at the very end, unless there was one or the gate is closed."""
        last = self._heard - WINDOW_SAMPLES
        if self._is_open and last > self._next - self._hop and last >= 0:
            yield self._window(last)

    @property
    def _heard(self) -> int:
        return self._position + len(self._buffer)

    def _window(self, first: int) -> Window:
        at = first - self._position
        samples = self._buffer[at : at + WINDOW_SAMPLES].copy()
        return Window(samples, (self._origin or 0.0) + first / SAMPLE_RATE)

    def _forget(self) -> None:
        surplus = max(0, len(self._buffer) - WINDOW_SAMPLES)
        self._buffer = self._buffer[surplus:]
        self._position += surplus
