"""A model that says which word a second of sound holds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.bundled import DEFAULT_MODEL, find_model
from recognizer.closing import Closing
from recognizer.errors import AudioError
from recognizer.metadata import Metadata
from recognizer.model_file import FRAMES, INPUT, PROBABILITIES, load_model
from recognizer.onnx_session import CPU, OnnxSession
from recognizer.providers import AUTO, choose_session
from recognizer.samples import fit_to_length, to_mono

_AT_ONCE = 8
"""Windows that a processor is given at a time: what it makes of more does not fit its cache."""


@dataclass(frozen=True)
class Prediction:
    """What one second of sound was taken for.

    Attributes:
        label: the most probable label; may be "other".
        confidence: its probability, 0..1.
        probabilities: of every label, in the order of the recognizer's labels.

    """

    label: str
    confidence: float
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class Answer:
    """What a model says to one window.

    Attributes:
        probabilities: float32 [labels], of the window as a whole.
        frames: float32 [n, labels], at n equal steps through the window; None where the model
            does not decide frame by frame.

    """

    probabilities: NDArray[np.float32]
    frames: NDArray[np.float32] | None = None


class Recognizer(Closing):
    """A loaded model, ready to classify; closes itself in a ``with``.

    Args:
        model: name of a bundled model or path of an ONNX file that keeps the model contract.
        provider: "cpu", "cuda", or "auto" for CUDA where it works and the CPU elsewhere.

    Attributes:
        metadata: what the model file says about itself.
        provider: the execution provider that really runs, such as "cpu" or "cuda".

    Raises:
        ModelError: no such model, or a file that breaks the model contract.
        ProviderError: "cuda" was asked for and does not work here.

    """

    metadata: Metadata
    provider: str

    def __init__(self, model: str | os.PathLike[str] = DEFAULT_MODEL, provider: str = AUTO) -> None:
        model_file = load_model(find_model(model))
        session = choose_session(model_file, provider)
        self.metadata = model_file.metadata
        self.provider = session.provider
        self._session: OnnxSession | None = session

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the model's outputs in their order, such as zero to nine, then "other"."""
        return self.metadata.labels

    @property
    def keywords(self) -> tuple[str, ...]:
        """The labels that can be detected: all but "other"."""
        return self.metadata.keywords

    @property
    def thresholds(self) -> Mapping[str, float]:
        """For each keyword the calibrated probability, 0..1, from which it counts as heard."""
        return self.metadata.thresholds

    @property
    def frame_seconds(self) -> float | None:
        """Seconds from one frame to the next; None where the model answers for windows alone."""
        return self.metadata.frame_seconds

    @property
    def sample_rate(self) -> int:
        """Samples a second of a window: 16,000."""
        return self.metadata.sample_rate

    @property
    def window_samples(self) -> int:
        """Samples of a window: 16,000, one second."""
        return self.metadata.window_samples

    def classify(self, samples: ArrayLike, sample_rate: float = SAMPLE_RATE) -> Prediction:
        """Return what a recording of one word holds.

        A recording shorter than a second is centred in silence; of a longer one the second with
        the most energy counts.

        Args:
            samples: [n] or [n, channels], any length; float in -1..1, uint8, int16 or int32.
            sample_rate: samples a second of the input, 1,000 to 384,000.

        Raises:
            AudioError: samples that are no sound, or a sample rate out of range.

        """
        window = fit_to_length(to_mono(samples, sample_rate), self.window_samples)
        probabilities = self.classify_batch(window[np.newaxis])[0]
        best = int(np.argmax(probabilities))
        return Prediction(
            label=self.labels[best],
            confidence=float(probabilities[best]),
            probabilities=tuple(probabilities.tolist()),
        )

    def classify_batch(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities of all labels for each window.

        Args:
            windows: float32 [n, 16000], mono, 16 kHz, nominally in -1..1; n may be 0.

        Returns:
            float32 [n, labels], rows sum to 1.

        Raises:
            AudioError: another shape or element type.
            ValueError: the recognizer is closed.

        """
        return self._run([PROBABILITIES], windows)[0]

    def classify_window(self, window: NDArray[np.float32]) -> Answer:
        """Return all that the model says to one window.

        Args:
            window: float32 [16000], mono, 16 kHz, nominally in -1..1.

        Raises:
            AudioError: another shape or element type.
            ValueError: the recognizer is closed.

        """
        return self.classify_windows(window[np.newaxis])[0]

    def classify_windows(self, windows: NDArray[np.float32]) -> list[Answer]:
        """Return all that the model says to each of many windows.

        Args:
            windows: float32 [n, 16000], mono, 16 kHz, nominally in -1..1; n may be 0.

        Raises:
            AudioError: another shape or element type.
            ValueError: the recognizer is closed.

        """
        names = [PROBABILITIES] if self.frame_seconds is None else [PROBABILITIES, FRAMES]
        return [Answer(*answer) for answer in zip(*self._run(names, windows), strict=True)]

    def close(self) -> None:
        """Let the model go; closing twice is no error."""
        self._session = None

    def _run(
        self, outputs: Sequence[str], windows: NDArray[np.float32]
    ) -> list[NDArray[np.float32]]:
        if self._session is None:
            raise ValueError("classify on a closed Recognizer; expected an open one")
        self._check_windows(windows)
        if len(windows) == 0:
            return [np.zeros((0, len(self.labels)), np.float32) for _ in outputs]
        if self.provider != CPU or len(windows) <= _AT_ONCE:
            return self._session.run(outputs, {INPUT: windows})
        answers = [
            self._session.run(outputs, {INPUT: windows[first : first + _AT_ONCE]})
            for first in range(0, len(windows), _AT_ONCE)
        ]
        return [np.concatenate(parts) for parts in zip(*answers, strict=True)]

    def _check_windows(self, windows: NDArray[np.float32]) -> None:
        expected = (self.window_samples,)
        if windows.ndim != 2 or windows.shape[1:] != expected or windows.dtype != np.float32:
            raise AudioError(
                f"windows are {windows.dtype} {list(windows.shape)}; "
                f"expected float32 [n, {self.window_samples}]"
            )
