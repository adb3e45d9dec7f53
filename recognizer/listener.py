"""From a source to detections: the stages in a row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import Block
from recognizer.decoding.decoder import Decoder, DecoderParameters
from recognizer.decoding.frame_decoder import FrameDecoder
from recognizer.decoding.window_decoder import WindowDecoder
from recognizer.detection import Detection
from recognizer.errors import DigitListenError
from recognizer.gate import Gate, GatedBlock, make_gate
from recognizer.recognizer import Answer
from recognizer.snapshot import Monitor
from recognizer.watch import watched
from recognizer.windows import DEFAULT_HOP, Window, Windows

DEFAULT_VAD = 1
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


class Listener:
    """Iterates over the detections in a source, live or recorded.

    Where a block starts later than the last one ended, sound was lost: the words before the seam
    are finished, and listening begins anew behind it, so that no word is made of both sides.

    Args:
        recognizer: tells the words apart.
        source: blocks of sound; each iteration over the listener takes the source from where it
            stands.
        hop: seconds between windows, 0.01 to 1.
        vad: webrtcvad aggressiveness 0..3, or None to classify every window.
        parameters: of the decoder.
        monitor: called with a snapshot for each hop of the stream, also while the gate is closed,
            after the detections of that hop were yielded.

    """

    def __init__(
        self,
        recognizer: WindowClassifier,
        source: Iterable[Block],
        *,
        hop: float = DEFAULT_HOP,
        vad: int | None = DEFAULT_VAD,
        parameters: DecoderParameters | None = None,
        monitor: Monitor | None = None,
    ) -> None:
        self._recognizer = recognizer
        self._source = source
        self._hop = hop
        self._vad = vad
        self._parameters = parameters
        self._monitor = monitor

    def __iter__(self) -> Iterator[Detection]:
        """Yield detections as they are decided.

        Raises:
            DigitListenError: the source failed; what was heard before is yielded first.

        """
        pipeline = self._pipeline()
        end = math.inf
        failure: DigitListenError | None = None
        try:
            for block in self._source:
                if block.start > end + SEAM_SECONDS:
                    yield from pipeline.finish()
                    pipeline = self._pipeline()
                end = block.end
                yield from pipeline.process(block)
        except DigitListenError as error:
            failure = error
        yield from pipeline.finish()
        if failure:
            raise failure

    def _pipeline(self) -> _Pipeline:
        """Return the stages at the beginning of a stream."""
        gate = make_gate(self._vad)
        decoder = _make_decoder(self._recognizer, self._parameters)
        if self._monitor:
            gate, decoder = watched(gate, decoder, self._hop, self._monitor)
        return _Pipeline(self._recognizer, gate, Windows(self._hop), decoder)


def _make_decoder(recognizer: WindowClassifier, parameters: DecoderParameters | None) -> Decoder:
    """Return the decoder that makes the most of what the recognizer says."""
    kind = WindowDecoder if recognizer.frame_seconds is None else FrameDecoder
    return kind(recognizer.labels, recognizer.thresholds, parameters)


class _Pipeline:
    """The stages behind the source, with the state of one stream."""

    def __init__(
        self, recognizer: WindowClassifier, gate: Gate, windows: Windows, decoder: Decoder
    ) -> None:
        self._recognizer = recognizer
        self._gate = gate
        self._windows = windows
        self._decoder = decoder

    def process(self, block: Block) -> Iterator[Detection]:
        for gated in self._gate.process(block):
            yield from self._hear(gated)

    def finish(self) -> Iterator[Detection]:
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
