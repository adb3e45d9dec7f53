"""Hands sound from an audio system's thread to ours, which may be late but not for ever."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

import numpy as np
from numpy.typing import NDArray

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Capture:
    """Consecutive frames from an audio system.

    Attributes:
        frames: float32 [n, channels].
        arrived: when the last of them was there, in seconds of the queue's clock.
        begins: whether nothing was heard right before: here the stream starts, or goes on after a
            loss.

    """

    frames: NDArray[np.float32]
    arrived: float
    begins: bool


class CaptureQueue:
    """A bounded queue of frames, float32 [n, channels], that counts what it loses.

    Once it is full it loses all until half of it is free: one long gap spoils fewer words than
    many short ones.

    Args:
        name: what warnings call the device.
        most_blocks: how many blocks may wait; later ones are lost until there is room.
        clock: tells the time in seconds.

    Attributes:
        lost: how often sound was lost, here or in the audio system before it.
        has_sound: whether a block ever came.
        has_ended: whether no more blocks come.

    """

    def __init__(self, name: str, most_blocks: int, clock: Callable[[], float] = monotonic) -> None:
        self.lost = 0
        self.has_sound = False
        self.has_ended = False
        self._name = name
        self._most_blocks = most_blocks
        self._clock = clock
        self._begins = True
        self._is_full = False
        self._queue: queue.SimpleQueue[Capture | None] = queue.SimpleQueue()

    def put(self, frames: NDArray[np.float32], *, overflowed: bool) -> None:
        """Put a block into the queue without waiting.

        Args:
            frames: the block; it belongs to the queue from now on.
            overflowed: whether the audio system lost sound before this block.

        """
        most = self._most_blocks // 2 if self._is_full else self._most_blocks - 1
        self._is_full = self._queue.qsize() > most
        self.lost += overflowed + self._is_full
        self._begins |= overflowed or self._is_full
        if not self._is_full:
            self._queue.put(Capture(frames, self._clock(), self._begins))
            self._begins = False
            self.has_sound = True

    def end(self) -> None:
        """Tell the reader that no more blocks come."""
        self.has_ended = True
        self._queue.put(None)

    def captures(self, stall_seconds: float) -> Iterator[Capture]:
        """Yield blocks until the end, waiting for them; lost sound is logged as a warning.

        Raises:
            TimeoutError: no block came for ``stall_seconds``.

        """
        reported = 0
        while (capture := self._next(stall_seconds)) is not None:
            yield capture
            # Each warning waits until twice as much is lost, so that they cannot flood the log.
            if self.lost > 2 * reported:
                reported = self.lost
                logger.warning(
                    "%s: sound was lost %d times, the machine is too slow or busy",
                    self._name,
                    reported,
                )

    def _next(self, stall_seconds: float) -> Capture | None:
        try:
            return self._queue.get(timeout=stall_seconds)
        except queue.Empty:
            raise TimeoutError from None
