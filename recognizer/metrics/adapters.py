"""Let metrics see what passes between the stages, and change nothing in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import Block
from recognizer.metrics.metrics import Metrics
from recognizer.pipeline import WindowClassifier
from recognizer.recognizer import Answer


class CountedSource:
    """Hands on the blocks of a source and counts them.

    Args:
        source: blocks of sound.
        metrics: is told of each block.

    """

    def __init__(self, source: Iterable[Block], metrics: Metrics) -> None:
        self._source = source
        self._metrics = metrics

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks as they come."""
        for block in self._source:
            self._metrics.count_block()
            yield block


class TimedClassifier:
    """Hands windows on to a recognizer and takes the time that it needs for each.

    Args:
        classifier: tells the words apart.
        metrics: is told how long each window took.
        clock: seconds.

    """

    def __init__(
        self,
        classifier: WindowClassifier,
        metrics: Metrics,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._classifier = classifier
        self._metrics = metrics
        self._clock = clock

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the probabilities."""
        return self._classifier.labels

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The least probability of a detection for each keyword, 0..1."""
        return self._classifier.thresholds

    @property
    def frame_seconds(self) -> float | None:
        """Seconds from one frame to the next; None where it answers for windows alone."""
        return self._classifier.frame_seconds

    def classify_window(self, window: NDArray[np.float32], /) -> Answer:
        """Return all there is to say to one window, float32 [16000]."""
        start = self._clock()
        answer = self._classifier.classify_window(window)
        self._metrics.time_inference(self._clock() - start)
        return answer
