"""Many streams, one recognizer: what they have to classify is classified together."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import Block
from recognizer.decoding.decoder import Decoder, DecoderParameters
from recognizer.detection import Detection
from recognizer.gate import Gate, GatedBlock, make_gate
from recognizer.listener import DEFAULT_VAD
from recognizer.pipeline import WindowClassifier, make_decoder
from recognizer.recognizer import Answer
from recognizer.windows import DEFAULT_HOP, Window, Windows

logger = logging.getLogger(__name__)

AT_ONCE = 64
"""Most windows that are classified together."""
MOST_WAITING = 10
"""Most windows of a stream that wait, however long nobody works."""
_WARN_EVERY = 10.0
"""Seconds between two warnings of too many streams."""


class BatchClassifier(WindowClassifier, Protocol):
    """What tells words apart in many windows at once, too; Recognizer does."""

    def classify_windows(self, windows: NDArray[np.float32], /) -> list[Answer]:
        """Return all there is to say to each window of float32 [n, 16000]."""
        ...


@dataclass(frozen=True)
class _Waiting:
    """A window, and when it began to wait."""

    window: Window
    since: float


class _Mark(Enum):
    """What happens between windows: the gate is closed, or the stream is over."""

    CLOSED = auto()
    END = auto()


class PooledStream:
    """One stream of a pool.

    Attributes:
        skipped: windows that were not classified, because there were too many.
        is_over: whether it was finished, and all of it answered.

    """

    def __init__(self, gate: Gate, windows: Windows, decoder: Decoder, rules: _Rules) -> None:
        self.skipped = 0
        self.is_over = False
        self._gate = gate
        self._windows = windows
        self._decoder = decoder
        self._rules = rules
        self._lock = threading.Lock()
        self._events: deque[_Waiting | _Mark] = deque()

    def hear(self, block: Block) -> None:
        """Take the next block of the stream; what is in it is answered by the pool's work."""
        for gated in self._gate.process(block):
            self._take_in(gated)

    def finish(self) -> None:
        """End the stream; what is still open is answered by the pool's work."""
        for gated in self._gate.finish():
            self._take_in(gated)
        for window in self._windows.finish():
            self._wait(window)
        self._mark(_Mark.END)

    def take(self) -> tuple[list[Detection], Window | None]:
        """Return what is decided before the next window that waits, and that window, if any."""
        detections: list[Detection] = []
        while (event := self._pop()) is not None:
            if isinstance(event, _Waiting):
                return detections, event.window
            detections += self._decoder.finish()
            self.is_over = event is _Mark.END
        return detections, None

    def decide(self, window: Window, answer: Answer) -> Iterator[Detection]:
        """Yield the words that the answer for a window decides."""
        yield from self._decoder.process(window, answer)

    def _take_in(self, gated: GatedBlock) -> None:
        for window in self._windows.process(gated):
            self._wait(window)
        if not gated.is_open:
            self._mark(_Mark.CLOSED)

    def _wait(self, window: Window) -> None:
        with self._lock:
            self._events.append(_Waiting(window, self._rules.clock()))
            if sum(isinstance(event, _Waiting) for event in self._events) > MOST_WAITING:
                oldest = next(event for event in self._events if isinstance(event, _Waiting))
                self._events.remove(oldest)
                self.skipped += 1

    def _mark(self, mark: _Mark) -> None:
        with self._lock:
            if mark is _Mark.END or not self._events or self._events[-1] is not mark:
                self._events.append(mark)

    def _pop(self) -> _Waiting | _Mark | None:
        with self._lock:
            event = self._events.popleft() if self._events else None
            while self._is_late(event) and self._events and isinstance(self._events[0], _Waiting):
                event = self._events.popleft()
                self.skipped += 1
            return event

    def _is_late(self, event: _Waiting | _Mark | None) -> bool:
        rules = self._rules
        return isinstance(event, _Waiting) and rules.clock() - event.since > rules.hop


@dataclass(frozen=True)
class _Rules:
    """What all streams of a pool have in common.

    Attributes:
        hop: seconds from one window to the next, and what one may wait.
        clock: tells seconds.

    """

    hop: float
    clock: Callable[[], float]


class ListenerPool:
    """Listens to many streams; each has a gate, windows and decisions of its own.

    Streams are heard in any threads, each stream in one at a time; ``work`` is called in one
    thread, at least once in a hop. A window is answered in the call that follows it, so no later
    than a hop after it was heard as long as the machine keeps up. When it does not, windows that
    have waited for longer than a hop are skipped where the next one of the same stream waits, too:
    streams are looked at less often, and are not answered ever later.

    Args:
        recognizer: tells the words apart.
        hop: seconds between windows, 0.01 to 1.
        vad: webrtcvad aggressiveness 0..3, or None to classify every window.
        parameters: of the decoders.
        clock: tells seconds.

    """

    def __init__(
        self,
        recognizer: BatchClassifier,
        *,
        hop: float = DEFAULT_HOP,
        vad: int | None = DEFAULT_VAD,
        parameters: DecoderParameters | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._recognizer = recognizer
        self._vad = vad
        self._parameters = parameters
        self._rules = _Rules(hop, clock)
        self._lock = threading.Lock()
        self._streams: list[PooledStream] = []
        self._told = 0
        self._told_at = -math.inf

    def __len__(self) -> int:
        """Return how many streams are open, or have more to be answered."""
        return sum(not stream.is_over for stream in self._streams)

    def open(self) -> PooledStream:
        """Return a new stream, which begins with the first block that it hears."""
        decoder = make_decoder(self._recognizer, self._parameters)
        gate, windows = make_gate(self._vad), Windows(self._rules.hop)
        stream = PooledStream(gate, windows, decoder, self._rules)
        with self._lock:
            self._streams.append(stream)
        return stream

    def work(self) -> Iterator[tuple[PooledStream, Detection]]:
        """Classify all windows that wait, and yield what is detected, in order for each stream."""
        while True:
            batch: list[tuple[PooledStream, Window]] = []
            for stream in self._open_streams():
                detections, window = stream.take()
                yield from ((stream, detection) for detection in detections)
                if window is not None:
                    batch.append((stream, window))
            if not batch:
                break
            for first in range(0, len(batch), AT_ONCE):
                yield from self._classify(batch[first : first + AT_ONCE])
        self._tell()

    def _open_streams(self) -> list[PooledStream]:
        with self._lock:
            self._streams = [stream for stream in self._streams if not stream.is_over]
            return list(self._streams)

    def _classify(
        self, batch: list[tuple[PooledStream, Window]]
    ) -> Iterator[tuple[PooledStream, Detection]]:
        windows = np.stack([window.samples for _, window in batch])
        answers = self._recognizer.classify_windows(windows)
        for (stream, window), answer in zip(batch, answers, strict=True):
            for detection in stream.decide(window, answer):
                yield stream, detection

    def _tell(self) -> None:
        """Warn that windows are skipped, now and then."""
        skipped = sum(stream.skipped for stream in self._streams)
        now = self._rules.clock()
        if skipped > self._told and now - self._told_at >= _WARN_EVERY:
            logger.warning("too many streams, %d: windows skipped so far: %d", len(self), skipped)
            self._told_at = now
        self._told = skipped
