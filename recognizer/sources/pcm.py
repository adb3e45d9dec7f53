"""Raw integer samples become frames, whatever pieces their bytes come in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LARGEST_WIDTH = 4
"""Most bytes of one sample."""

MIDDLE = np.float32(128)
"""Silence in unsigned samples of one byte."""


class PcmDecoder:
    """Turns the bytes of one stream into float frames; half a frame waits for the rest of it.

    Args:
        width: bytes of one little-endian sample: 1 (unsigned, as in WAV files) or 2 to 4 (signed).
        channels: samples of one frame, one after the other.

    """

    def __init__(self, width: int, channels: int) -> None:
        self._width = width
        self._channels = channels
        self._rest = b""

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return self._width * self._channels

    @property
    def is_within_frame(self) -> bool:
        """Whether the bytes so far end in the middle of a frame."""
        return bool(self._rest)

    def decode(self, data: bytes) -> NDArray[np.float32]:
        """Return the frames that these bytes complete, float32 [n, channels] in -1..1."""
        data = self._rest + data
        whole = len(data) // self.frame_bytes * self.frame_bytes
        self._rest = data[whole:]
        return _samples(data[:whole], self._width).reshape(-1, self._channels)


def _samples(data: bytes, width: int) -> NDArray[np.float32]:
    if width == 1:
        return (np.frombuffer(data, np.uint8).astype(np.float32) - MIDDLE) / MIDDLE
    # The bytes go to the top of an integer that NumPy knows; 24-bit samples have none of their own.
    size = 2 if width == 2 else 4
    padded = np.zeros((len(data) // width, size), np.uint8)
    padded[:, size - width :] = np.frombuffer(data, np.uint8).reshape(-1, width)
    integers = padded.view(f"<i{size}")[:, 0]
    return integers.astype(np.float32) / np.float32(2.0 ** (8 * size - 1))
