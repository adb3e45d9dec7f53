"""A recognizer that works out each window once, so that trying many thresholds costs little."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from recognizer.pipeline import WindowClassifier
from recognizer.recognizer import Answer


class RememberingClassifier:
    """Answers like the recognizer behind it; the same window is classified once.

    Args:
        recognizer: what tells the words apart.

    """

    def __init__(self, recognizer: WindowClassifier) -> None:
        self._recognizer = recognizer
        self._answers: dict[bytes, Answer] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the probabilities."""
        return self._recognizer.labels

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The least probability of a detection for each keyword, 0..1."""
        return self._recognizer.thresholds

    @property
    def frame_seconds(self) -> float | None:
        """Seconds from one frame to the next; None where it answers for windows alone."""
        return self._recognizer.frame_seconds

    def classify_window(self, window: NDArray[np.float32], /) -> Answer:
        """Return all there is to say to one window, float32 [16000]."""
        key = _digest(window)
        if key not in self._answers:
            self._answers[key] = self._recognizer.classify_window(window)
        return self._answers[key]


def _digest(window: NDArray[np.float32]) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(window).data, digest_size=16).digest()
