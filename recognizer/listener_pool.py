"""Many streams, one recognizer: what they have to classify is classified together."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import Block
from recognizer.backlog import Backlog, BacklogRules
from recognizer.closing import Closing
from recognizer.decoding.decoder import DecoderParameters
from recognizer.detection import Detection
from recognizer.listener import DEFAULT_VAD
from recognizer.pipeline import Question, Stages, WindowClassifier, make_stages
from recognizer.recognizer import Answer
from recognizer.windows import DEFAULT_HOP

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


class PooledStream(Closing):
    """One stream of a pool; closes itself in a ``with``.

    Blocks and their seams are those of Listener.
    """

    def __init__(self, stages: Stages, rules: BacklogRules) -> None:
        self._stages = stages
        self._backlog = Backlog(rules)
        self._is_finished = False

    @property
    def skipped(self) -> int:
        """Windows that were not classified, because there were too many."""
        return self._backlog.skipped

    @property
    def is_over(self) -> bool:
        """Whether it was finished, and all of it answered, or closed."""
        return self._is_finished and not self._backlog

    def hear(self, block: Block) -> None:
        """Take the next block of the stream; what is in it is answered by the pool's work."""
        for step in self._stages.process(block):
            self._backlog.put(step)

    def finish(self) -> None:
        """End the stream; what is still open is answered by the pool's work."""
        for step in self._stages.finish():
            self._backlog.put(step)
        self._is_finished = True

    def close(self) -> None:
        """Leave the pool, with whatever is not answered yet; closing twice does no harm."""
        self._is_finished = True
        self._backlog.clear()

    def take(self) -> tuple[list[Detection], Question | None]:
        """Return what is decided before the next window that waits, and that window, if any."""
        detections: list[Detection] = []
        while (step := self._backlog.take()) is not None:
            if isinstance(step, Question):
                return detections, step
            detections += step.decide()
        return detections, None


class ListenerPool:
    """Listens to many streams; each is heard as Listener hears it.

    Streams are heard in any threads, each stream in one at a time; ``work`` is called in one
    thread, at least once in a hop. A window is answered in the call that follows it, so no later
    than a hop after it was heard as long as the machine keeps up. When it does not, windows that
    have waited for longer than a hop are skipped where the next one of the same stream waits, too:
    streams are looked at less often, and are not answered ever later. Where nothing may be skipped,
    as in recordings, whoever lets streams hear must wait for the work.

    Args:
        recognizer: tells the words apart.
        hop: seconds between windows, 0.01 to 1.
        vad: webrtcvad aggressiveness 0..3, or None to classify every window.
        parameters: of the decoders.
        may_skip: whether windows are skipped when there are too many.
        clock: tells seconds.

    """

    def __init__(
        self,
        recognizer: BatchClassifier,
        *,
        hop: float = DEFAULT_HOP,
        vad: int | None = DEFAULT_VAD,
        parameters: DecoderParameters | None = None,
        may_skip: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._recognizer = recognizer
        self._make_stages = partial(
            make_stages, recognizer, hop=hop, vad=vad, parameters=parameters
        )
        self._clock = clock
        self._rules = BacklogRules(
            clock, hop if may_skip else math.inf, MOST_WAITING if may_skip else math.inf
        )
        self._lock = threading.Lock()
        self._streams: list[PooledStream] = []
        self._told = 0
        self._told_at = -math.inf

    def __len__(self) -> int:
        """Return how many streams are open, or have more to be answered."""
        return sum(not stream.is_over for stream in self._streams)

    def open(self) -> PooledStream:
        """Return a new stream, which begins with the first block that it hears."""
        stream = PooledStream(self._make_stages(), self._rules)
        self._keep_open(stream)
        return stream

    def work(self) -> Iterator[tuple[PooledStream, Detection]]:
        """Classify all windows that wait, and yield what is detected, in order for each stream."""
        while True:
            batch: list[tuple[PooledStream, Question]] = []
            for stream in self._keep_open():
                detections, question = stream.take()
                yield from ((stream, detection) for detection in detections)
                if question is not None:
                    batch.append((stream, question))
            if not batch:
                break
            for first in range(0, len(batch), AT_ONCE):
                yield from self._classify(batch[first : first + AT_ONCE])
        self._tell()

    def _keep_open(self, *new: PooledStream) -> list[PooledStream]:
        """Let go the streams that are over, take in new ones, and return all."""
        with self._lock:
            # A new list each time: others may be looking through the old one.
            self._streams = [*(each for each in self._streams if not each.is_over), *new]
            return self._streams

    def _classify(
        self, batch: list[tuple[PooledStream, Question]]
    ) -> Iterator[tuple[PooledStream, Detection]]:
        windows = np.stack([question.window.samples for _, question in batch])
        answers = self._recognizer.classify_windows(windows)
        for (stream, question), answer in zip(batch, answers, strict=True):
            yield from ((stream, detection) for detection in question.decide(answer))

    def _tell(self) -> None:
        """Warn that windows are skipped, now and then."""
        skipped = sum(stream.skipped for stream in self._streams)
        now = self._clock()
        if skipped > self._told and now - self._told_at >= _WARN_EVERY:
            logger.warning("too many streams, %d: windows skipped so far: %d", len(self), skipped)
            self._told_at = now
        self._told = skipped
