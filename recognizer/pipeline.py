"""The stages behind a source in a row: blocks go in, detections come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


class Pipeline:
    """The stages behind the source, with the state of one stream.

    Detections are decided while they are taken from the iterators, so take all of them.
    """

    def __init__(
        self, recognizer: WindowClassifier, gate: Gate, windows: Windows, decoder: Decoder
    ) -> None:
        self._recognizer = recognizer
        self._gate = gate
        self._windows = windows
        self._decoder = decoder

    def process(self, block: Block) -> Iterator[Detection]:
        """Take the next block of the stream and yield the words that it decides."""
        for gated in self._gate.process(block):
            yield from self._hear(gated)

    def finish(self) -> Iterator[Detection]:
        """Decide what is still open at the end of the stream."""
        for gated in self._gate.finish():
            yield from self._hear(gated)
        for window in self._windows.finish():
            yield from self._classify(window)
        yield from self._decoder.finish()

    def _hear(self, gated: GatedBlock) -> Iterator[Detection]:
        for window in self._windows.process(gated):
            yield from self._classify(window)
        if not gated.is_open:
            yield from self._decoder.finish()

    def _classify(self, window: Window) -> Iterator[Detection]:
        answer = self._recognizer.classify_window(window.samples)
        yield from self._decoder.process(window, answer)


def make_pipeline(
    recognizer: WindowClassifier,
    *,
    hop: float,
    vad: int | None,
    parameters: DecoderParameters | None = None,
    monitor: Monitor | None = None,
) -> Pipeline:
    """Return the stages for one stream; the arguments are those of Listener."""
    gate = make_gate(vad)
    decoder = make_decoder(recognizer, parameters)
    if monitor:
        gate, decoder = watched(gate, decoder, hop, monitor)
    return Pipeline(recognizer, gate, Windows(hop), decoder)


def make_decoder(recognizer: WindowClassifier, parameters: DecoderParameters | None) -> Decoder:
    """Return the decoder that makes the most of what the recognizer says."""
    kind = WindowDecoder if recognizer.frame_seconds is None else FrameDecoder
    return kind(recognizer.labels, recognizer.thresholds, parameters)
