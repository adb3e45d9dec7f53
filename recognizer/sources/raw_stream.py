"""Raw 16-bit mono sound from a pipe, heard as soon as it arrives."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Protocol

from recognizer.audio import Block
from recognizer.errors import AudioError
from recognizer.sources.conversion import Converter
from recognizer.sources.pcm import PcmDecoder

logger = logging.getLogger(__name__)

READ_BYTES = 16_384
WIDTH = 2
WAV_MAGIC = b"RIFF"


class ByteStream(Protocol):
    """What RawStream reads from: ``sys.stdin.buffer``, say."""

    def read1(self, size: int = -1, /) -> bytes:
        """Return what is there, at most ``size`` bytes, waiting only if nothing is; b"" at end."""
        ...


class RawStream:
    """Yields signed 16-bit little-endian mono samples as float32 blocks at 16 kHz, once.

    Each block comes out as soon as its bytes arrive, so a live pipe stays live. The stream
    belongs to the caller and is not closed.

    Args:
        stream: where the bytes come from.
        sample_rate: of the samples, 1000 to 384000 Hz.
        name: what messages call the stream.

    Raises:
        InputError: the sample rate is out of range.

    """

    def __init__(
        self, stream: ByteStream, sample_rate: int = 16_000, name: str = "standard input"
    ) -> None:
        self.sample_rate = sample_rate
        self._stream = stream
        self._name = name
        self._converter = Converter(sample_rate, name)

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks.

        Raises:
            AudioError: the stream held no samples or starts like a WAV file.

        """
        decoder = PcmDecoder(WIDTH, channels=1)
        received = 0
        for data in self._pieces():
            frames = decoder.decode(data)
            received += len(frames)
            yield from self._converter.convert(frames)
        yield from self._converter.finish()
        if decoder.is_within_frame:
            logger.warning("%s: ended in the middle of a sample, one byte is left out", self._name)
        if received == 0:
            raise AudioError(f"{self._name}: held no samples, expected raw 16-bit mono samples")

    def _pieces(self) -> Iterator[bytes]:
        """Yield the bytes as they arrive, but the first only when they can be told from WAV."""
        head = b""
        while len(head) < len(WAV_MAGIC) and (data := self._stream.read1(READ_BYTES)):
            head += data
        if head.startswith(WAV_MAGIC):
            raise AudioError(
                f"{self._name}: found a WAV file, expected raw 16-bit mono samples; "
                "give WAV by its file name"
            )
        yield head
        while data := self._stream.read1(READ_BYTES):
            yield data
