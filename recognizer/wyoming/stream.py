"""One stream of sound from a client, and what is heard in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

from recognizer.detection import Detection
from recognizer.pipeline import Pipeline
from recognizer.sources.conversion import Converter
from recognizer.sources.pcm import PcmDecoder
from recognizer.wyoming.messages import AudioFormat

PIECE_SECONDS = 0.25


class ClientStream:
    """The sound between an audio-start and an audio-stop.

    Args:
        audio_format: of the bytes.
        pipeline: new, for this stream alone.
        origin: the client's time of the first sample in milliseconds; None until a chunk tells it.

    Attributes:
        audio_format: as given.
        origin: as given.
        is_detected: whether anything was reported to the client.

    """

    def __init__(self, audio_format: AudioFormat, pipeline: Pipeline, origin: int | None) -> None:
        self.audio_format = audio_format
        self.origin = origin
        self.is_detected = False
        self._pipeline = pipeline
        self._decoder = PcmDecoder(audio_format.width, audio_format.channels)
        self._converter = Converter(audio_format.rate, "audio-chunk")

    def pieces(self, audio: bytes) -> Iterator[bytes]:
        """Cut sound into pieces that are heard in little time."""
        size = max(1, round(PIECE_SECONDS * self.audio_format.rate)) * self._decoder.frame_bytes
        for first in range(0, len(audio), size):
            yield audio[first : first + size]

    def hear(self, piece: bytes) -> list[Detection]:
        """Return what the next bytes decide; they may end anywhere within a frame."""
        blocks = self._converter.convert(self._decoder.decode(piece))
        return list(chain.from_iterable(map(self._pipeline.process, blocks)))

    def finish(self) -> list[Detection]:
        """Return what the end of the stream decides."""
        rest = chain.from_iterable(map(self._pipeline.process, self._converter.finish()))
        return [*rest, *self._pipeline.finish()]

    def timestamp(self, detection: Detection) -> int:
        """Return the end of a word in the client's own time, in milliseconds."""
        return (self.origin or 0) + round(1000 * detection.end)

    def admit(
        self, detections: Collection[Detection], names: frozenset[str] | None
    ) -> list[Detection]:
        """Return those of the names that are asked for, all where names are None."""
        admitted = [d for d in detections if names is None or d.label in names]
        self.is_detected |= bool(admitted)
        return admitted
