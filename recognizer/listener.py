"""From a source to detections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recognizer.audio import Block
from recognizer.decoding.decoder import DecoderParameters
from recognizer.detection import Detection
from recognizer.errors import DigitListenError
from recognizer.pipeline import WindowClassifier, make_pipeline
from recognizer.snapshot import Monitor
from recognizer.windows import DEFAULT_HOP

DEFAULT_VAD = 1


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
        pipeline = make_pipeline(
            self._recognizer,
            hop=self._hop,
            vad=self._vad,
            parameters=self._parameters,
            monitor=self._monitor,
        )
        failure: DigitListenError | None = None
        try:
            for block in self._source:
                yield from pipeline.process(block)
        except DigitListenError as error:
            failure = error
        yield from pipeline.finish()
        if failure:
            raise failure
