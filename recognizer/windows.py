"""The last second of a stream, every hop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recognizer.audio import SAMPLE_RATE, Block, Samples
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
        self._recent = _Recent()
        self._next = 0
        self._origin: float | None = None
        self._is_open = False

    def process(self, gated: GatedBlock) -> Iterator[Window]:
        """Take the next block of the stream and yield the windows that end in it."""
        if self._origin is None:
            self._origin = gated.block.start
        self._is_open = gated.is_open
        samples = gated.block.samples
        for first in range(0, len(samples), WINDOW_SAMPLES):
            self._recent.append(samples[first : first + WINDOW_SAMPLES])
            yield from self._complete()

    def finish(self) -> Iterator[Window]:
        """Yield one last window at the very end, unless there was one or the gate is closed."""
        last = self._recent.end - WINDOW_SAMPLES
        if self._is_open and last > self._next - self._hop and last >= 0:
            yield self._window(last)

    def _complete(self) -> Iterator[Window]:
        """Step over the windows that are heard to their end, and yield them if the gate is open."""
        while self._next + WINDOW_SAMPLES <= self._recent.end:
            if self._is_open:
                yield self._window(self._next)
            self._next += self._hop

    def _window(self, first: int) -> Window:
        return Window(self._recent.window(first), (self._origin or 0.0) + first / SAMPLE_RATE)


class _Recent:
    """The last second of a stream at least, in a buffer that moves once a second at most."""

    def __init__(self) -> None:
        self._buffer = np.zeros(2 * WINDOW_SAMPLES, dtype=np.float32)
        self._position = 0
        self._count = 0

    @property
    def end(self) -> int:
        """Samples of the stream that were heard."""
        return self._position + self._count

    def append(self, samples: Samples) -> None:
        """Add the next samples of the stream, a second of them at most."""
        if self._count + len(samples) > len(self._buffer):
            self._forget()
        self._buffer[self._count : self._count + len(samples)] = samples
        self._count += len(samples)

    def window(self, first: int) -> Samples:
        """Return a second from this sample of the stream on."""
        at = first - self._position
        return self._buffer[at : at + WINDOW_SAMPLES].copy()

    def _forget(self) -> None:
        surplus = self._count - WINDOW_SAMPLES
        self._buffer[:WINDOW_SAMPLES] = self._buffer[surplus : self._count]
        self._position += surplus
        self._count = WINDOW_SAMPLES
