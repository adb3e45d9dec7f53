"""One stream of sound from a client, and what is heard in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from recognizer.closing import Closing
from recognizer.detection import Detection
from recognizer.listener_pool import PooledStream
from recognizer.sources.conversion import Converter
from recognizer.sources.pcm import PcmDecoder
from recognizer.wyoming.messages import AudioFormat

PIECE_SECONDS = 0.25


class ClientStream(Closing):
    """The sound between an audio-start and an audio-stop.

    Args:
        audio_format: of the bytes.
        pooled: new, for this stream alone.
        origin: the client's time of the first sample in milliseconds; None until a chunk tells it.

    Attributes:
        audio_format: as given.
        pooled: as given.
        origin: as given.
        is_detected: whether anything was reported to the client.

    """

    def __init__(self, audio_format: AudioFormat, pooled: PooledStream, origin: int | None) -> None:
        self.audio_format = audio_format
        self.pooled = pooled
        self.origin = origin
        self.is_detected = False
        self._decoder = PcmDecoder(audio_format.width, audio_format.channels)
        self._converter = Converter(audio_format.rate, "audio-chunk")

    def pieces(self, audio: bytes) -> Iterator[bytes]:
        """Cut sound into pieces that are heard in little time."""
        size = max(1, round(PIECE_SECONDS * self.audio_format.rate)) * self._decoder.frame_bytes
        for first in range(0, len(audio), size):
            yield audio[first : first + size]

    def hear(self, piece: bytes) -> None:
        """Take the next bytes; they may end anywhere within a frame."""
        for block in self._converter.convert(self._decoder.decode(piece)):
            self.pooled.hear(block)

    def finish(self) -> None:
        """End the stream."""
        for block in self._converter.finish():
            self.pooled.hear(block)
        self.pooled.finish()

    def close(self) -> None:
        """Forget what is not answered yet; closing twice does no harm."""
        self.pooled.close()

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
