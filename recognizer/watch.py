"""Lets a monitor look at a stream: stands between the stages and changes nothing in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from recognizer.audio import SAMPLE_RATE, Block, Samples
from recognizer.decoding.decoder import Decoder
from recognizer.detection import Detection
from recognizer.gate import Gate, GatedBlock
from recognizer.recognizer import Answer
from recognizer.snapshot import SILENCE_LEVEL, Monitor, Snapshot
from recognizer.windows import Window


class WatchedDecoder:
    """Hands everything on to a decoder and remembers the last answer.

    Attributes:
        last: the last answer of the model; None where there is none that still holds.

    """

    last: Answer | None = None

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def process(self, window: Window, answer: Answer) -> Iterator[Detection]:
        """Take the next window, in order of time, and yield the words that it decides."""
        self.last = answer
        yield from self._decoder.process(window, answer)

    def finish(self) -> Iterator[Detection]:
        """Decide what is still open."""
        yield from self._decoder.finish()


class WatchedGate:
    """Hands on what a gate decides, cut at every hop, and tells the monitor there.

    A snapshot is told after the stages behind have done their work on its hop. Like windows, hops
    are counted from the stream's first sample, so the sizes of blocks change nothing.

    Args:
        gate: decides.
        decoder: knows the answer that belongs to the moment.
        hop: seconds from one snapshot to the next, 0.01 to 1.
        monitor: called with each snapshot.

    """

    def __init__(self, gate: Gate, decoder: WatchedDecoder, hop: float, monitor: Monitor) -> None:
        self._gate = gate
        self._decoder = decoder
        self._hop = round(hop * SAMPLE_RATE)
        self._monitor = monitor
        self._start_hop()

    def process(self, block: Block) -> Iterator[GatedBlock]:
        """Take the next block of the stream and yield what is decided so far."""
        yield from self._watch(self._gate.process(block))

    def finish(self) -> Iterator[GatedBlock]:
        """Yield what is still held back at the end of the stream."""
        yield from self._watch(self._gate.finish())

    def _watch(self, decided: Iterable[GatedBlock]) -> Iterator[GatedBlock]:
        for gated in decided:
            for part in self._parts(gated):
                yield part
                self._hear(part)

    def _parts(self, gated: GatedBlock) -> Iterator[GatedBlock]:
        if len(gated.block.samples) <= self._missing:
            yield gated
            return
        first, samples = 0, gated.block.samples
        while first < len(samples):
            part = samples[first : first + self._missing]
            yield GatedBlock(Block(part, gated.block.start + first / SAMPLE_RATE), gated.is_open)
            first += len(part)

    def _hear(self, part: GatedBlock) -> None:
        self._energy += _energy(part.block.samples)
        self._missing -= len(part.block.samples)
        if not part.is_open:
            self._decoder.last = None
        if not self._missing:
            self._tell(part)
            self._start_hop()

    def _tell(self, part: GatedBlock) -> None:
        answer = self._decoder.last
        self._monitor(
            Snapshot(
                time=part.block.end,
                level=_level(self._energy / self._hop),
                is_open=part.is_open,
                probabilities=tuple(answer.probabilities.tolist()) if answer else None,
            )
        )

    def _start_hop(self) -> None:
        self._missing, self._energy = self._hop, 0.0


def watched(gate: Gate, decoder: Decoder, hop: float, monitor: Monitor) -> tuple[Gate, Decoder]:
    """Return stages that do what these two do, and tell the monitor every ``hop`` seconds."""
    watched_decoder = WatchedDecoder(decoder)
    return WatchedGate(gate, watched_decoder, hop, monitor), watched_decoder


def _energy(samples: Samples) -> float:
    # A third of the time that a sum of squares takes.
    return float(np.dot(samples, samples))


def _level(power: float) -> float:
    return max(SILENCE_LEVEL, 10 * math.log10(power)) if power > 0 else SILENCE_LEVEL
