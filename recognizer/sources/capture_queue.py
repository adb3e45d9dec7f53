"""Hands sound from an audio system's thread to ours, which may be late but not for ever."""

from __future__ import annotations

import logging
import queue
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

logger = logging.getLogger(__name__)


class CaptureQueue:
    """A bounded queue of frames, float32 [n, channels], that counts what it loses.

    Args:
        name: what warnings call the device.
        most_blocks: how many blocks may wait; later ones are lost until there is room.

    Attributes:
        lost: how often sound was lost, here or in the audio system before it.

    """

    def __init__(self, name: str, most_blocks: int) -> None:
        self.lost = 0
        self._name = name
        self._most_blocks = most_blocks
        self._queue: queue.SimpleQueue[NDArray[np.float32] | None] = queue.SimpleQueue()

    def put(self, frames: NDArray[np.float32], *, overflowed: bool) -> None:
        """Copy a block into the queue without waiting.

        Args:
            frames: the block; the caller may reuse it.
            overflowed: whether the audio system lost sound before this block.

        """
        is_full = self._queue.qsize() >= self._most_blocks
        self.lost += overflowed + is_full
        if not is_full:
            self._queue.put(frames.copy())

    def end(self) -> None:
        """Tell the reader that no more blocks come."""
        self._queue.put(None)

    def frames(self, stall_seconds: float) -> Iterator[NDArray[np.float32]]:
        """Yield blocks until the end, waiting for them; lost sound is logged as a warning.

        Raises:
            TimeoutError: no block came for ``stall_seconds``.

        """
        reported = 0
        while (block := self._next(stall_seconds)) is not None:
            yield block
            # Each warning waits until twice as much is lost, so that they cannot flood the log.
            if self.lost > 2 * reported:
                reported = self.lost
                logger.warning(
                    "%s: sound was lost %d times, the machine is too slow or busy",
                    self._name,
                    reported,
                )

    def _next(self, stall_seconds: float) -> NDArray[np.float32] | None:
        try:
            return self._queue.get(timeout=stall_seconds)
        except queue.Empty:
            raise TimeoutError from None
