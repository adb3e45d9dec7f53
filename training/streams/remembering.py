"""A recognizer that works out each window once, so that trying many thresholds costs little."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from recognizer.listener import WindowClassifier

Answer = TypeVar("Answer")


class RememberingClassifier:
    """Answers like the recognizer behind it; the same windows are classified once.

    Every method of the recognizer whose name starts with ``classify`` and that takes windows is
    remembered, whatever it returns; all else is the recognizer's own.

    Args:
        recognizer: what tells the words apart.

    """

    def __init__(self, recognizer: WindowClassifier) -> None:
        self._recognizer = recognizer
        self._answers: dict[tuple[str, bytes], Any] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of the probabilities."""
        return self._recognizer.labels

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The least probability of a detection for each keyword, 0..1."""
        return self._recognizer.thresholds

    def classify_batch(self, windows: NDArray[np.float32], /) -> NDArray[np.float32]:
        """Return probabilities float32 [n, labels] for windows float32 [n, 16000]."""
        return self._remember("classify_batch", self._recognizer.classify_batch, windows)

    def __getattr__(self, name: str) -> object:
        # A listener may use more of a recognizer than every recognizer has.
        value: object = getattr(self._recognizer, name)
        if name.startswith("classify") and callable(value):
            return partial(self._remember, name, value)
        return value

    def _remember(
        self,
        name: str,
        classify: Callable[[NDArray[np.float32]], Answer],
        windows: NDArray[np.float32],
    ) -> Answer:
        digest = hashlib.blake2b(np.ascontiguousarray(windows).data, digest_size=16)
        digest.update(repr(windows.shape).encode())
        key = name, digest.digest()
        if key not in self._answers:
            self._answers[key] = classify(windows)
        answer: Answer = self._answers[key]
        return answer
