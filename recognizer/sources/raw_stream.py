"""Raw 16-bit mono sound from a pipe, heard as soon as it arrives."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from recognizer.audio import Block
from recognizer.errors import AudioError
from recognizer.sources.conversion import Converter

logger = logging.getLogger(__name__)

READ_BYTES = 16_384
FULL_SCALE = np.float32(32_768)


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
        received = 0
        for data in self._whole_samples():
            if received == 0 and data.startswith(b"RIFF"):
                raise AudioError(
                    f"{self._name}: found a WAV file, expected raw 16-bit mono samples; "
                    "give WAV by its file name"
                )
            received += len(data)
            samples = np.frombuffer(data, dtype="<i2").astype(np.float32) / FULL_SCALE
            yield from self._converter.convert(samples[:, np.newaxis])
        yield from self._converter.finish()
        if received == 0:
            raise AudioError(f"{self._name}: held no samples, expected raw 16-bit mono samples")

    def _whole_samples(self) -> Iterator[bytes]:
        half = b""
        while data := self._stream.read1(READ_BYTES):
            data = half + data
            half = data[len(data) // 2 * 2 :]
            if len(data) > 1:
                yield data[: len(data) // 2 * 2]
        if half:
            logger.warning("%s: ended in the middle of a sample, one byte is left out", self._name)
