"""The stages behind a source in a row: blocks go in, detections come out.

Where many streams share a model, their stages are taken apart at the model: blocks go in and
questions come out, answers go in and detections come out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import Block
from recognizer.decoding.decoder import Decoder, DecoderParameters
from recognizer.decoding.frame_decoder import FrameDecoder
from recognizer.decoding.window_decoder import WindowDecoder
from recognizer.detection import Detection
from recognizer.gate import Gate, GatedBlock, make_gate
from recognizer.recognizer import Answer
from recognizer.snapshot import Monitor
from recognizer.watch import watched
from recognizer.windows import Window, Windows

SEAM_SECONDS = 0.01
"""A block that starts so much later than the last one ended follows lost sound."""


class WindowClassifier(Protocol):
    """What tells words apart; Recognizer does."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the probabilities."""
        ...

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The least probability of a detection for each keyword, 0..1."""
        ...

    @property
    def frame_seconds(self) -> float | None:
        """Seconds from one frame to the next; None where it answers for windows alone."""
        ...

    def classify_window(self, window: NDArray[np.float32], /) -> Answer:
        """Return all there is to say to one window, float32 [16000]."""
        ...


@dataclass(frozen=True)
class Question:
    """A window that the model is to answer."""

    window: Window
    decoder: Decoder

    def decide(self, answer: Answer) -> Iterator[Detection]:
        """Yield the words that the answer decides."""
        yield from self.decoder.process(self.window, answer)


@dataclass(frozen=True)
class Pause:
    """A moment in which all that is open is decided: nobody speaks, or sound was lost or ends."""

    decoder: Decoder

    def decide(self) -> Iterator[Detection]:
        """Yield the words that were still open."""
        yield from self.decoder.finish()


@dataclass(frozen=True)
class _Stretch:
    """The stages for sound of which nothing is lost."""

    gate: Gate
    windows: Windows
    decoder: Decoder

    def process(self, block: Block) -> Iterator[Question | Pause]:
        for gated in self.gate.process(block):
            yield from self._hear(gated)

    def finish(self) -> Iterator[Question | Pause]:
        for gated in self.gate.finish():
            yield from self._hear(gated)
        for window in self.windows.finish():
            yield Question(window, self.decoder)
        yield Pause(self.decoder)

    def _hear(self, gated: GatedBlock) -> Iterator[Question | Pause]:
        for window in self.windows.process(gated):
            yield Question(window, self.decoder)
        if not gated.is_open:
            yield Pause(self.decoder)


class Stages:
    """The stages on both sides of the model, with the state of one stream.

    Where a block starts later than the last one ended, sound was lost: the words before the seam
    are finished, and all begins anew behind it. Questions and pauses are to be decided in the order
    in which they come; the stages go on when the next is taken, so take all of them.
    """

    def __init__(self, begin: Callable[[], _Stretch]) -> None:
        self._begin = begin
        self._stretch = begin()
        self._end = math.inf

    def process(self, block: Block) -> Iterator[Question | Pause]:
        """Take the next block of the stream and yield what is to be decided."""
        if block.start > self._end + SEAM_SECONDS:
            yield from self._stretch.finish()
            self._stretch = self._begin()
        self._end = block.end
        yield from self._stretch.process(block)

    def finish(self) -> Iterator[Question | Pause]:
        """Yield what is still to be decided at the end of the stream."""
        yield from self._stretch.finish()


class Pipeline:
    """The stages behind the source with a model between them.

    Detections are decided while they are taken from the iterators, so take all of them.
    """

    def __init__(self, recognizer: WindowClassifier, stages: Stages) -> None:
        self._recognizer = recognizer
        self._stages = stages

    def process(self, block: Block) -> Iterator[Detection]:
        """Take the next block of the stream and yield the words that it decides."""
        return self._decide(self._stages.process(block))

    def finish(self) -> Iterator[Detection]:
        """Decide what is still open at the end of the stream."""
        return self._decide(self._stages.finish())

    def _decide(self, steps: Iterator[Question | Pause]) -> Iterator[Detection]:
        for step in steps:
            if isinstance(step, Question):
                yield from step.decide(self._recognizer.classify_window(step.window.samples))
            else:
                yield from step.decide()


def make_pipeline(
    recognizer: WindowClassifier,
    *,
    hop: float,
    vad: int | None,
    parameters: DecoderParameters | None = None,
    monitor: Monitor | None = None,
) -> Pipeline:
    """Return all there is behind the source of one stream; the arguments are those of Listener."""
    stages = make_stages(recognizer, hop=hop, vad=vad, parameters=parameters, monitor=monitor)
    return Pipeline(recognizer, stages)


def make_stages(
    recognizer: WindowClassifier,
    *,
    hop: float,
    vad: int | None,
    parameters: DecoderParameters | None = None,
    monitor: Monitor | None = None,
) -> Stages:
    """Return the stages for one stream; the arguments are those of Listener."""

    def begin() -> _Stretch:
        gate = make_gate(vad)
        decoder = _make_decoder(recognizer, parameters)
        if monitor:
            gate, decoder = watched(gate, decoder, hop, monitor)
        return _Stretch(gate, Windows(hop), decoder)

    return Stages(begin)


def _make_decoder(recognizer: WindowClassifier, parameters: DecoderParameters | None) -> Decoder:
    """Return the decoder that makes the most of what the recognizer says."""
    kind = WindowDecoder if recognizer.frame_seconds is None else FrameDecoder
    return kind(recognizer.labels, recognizer.thresholds, parameters)
