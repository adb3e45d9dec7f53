"""What every decoder is: answers of a model over time become detections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from recognizer.detection import Detection
from recognizer.recognizer import Answer
from recognizer.windows import Window


@dataclass(frozen=True)
class DecoderParameters:
    """How sure and how patient a decoder is.

    Attributes:
        threshold: least probability of a detection, 0..1, for all keywords; None takes the one
            that the model was calibrated to for each keyword.
        settle: seconds of quiet after a word until it is decided at the earliest.
        patience: seconds of quiet after a word until it is decided at the latest.
        ballots: windows that hear a word whole, enough to decide before patience is over.
        coverage: least part of a word that a window must have heard for the word to be decided.

    """

    threshold: float | None = None
    settle: float = 0.3
    patience: float = 0.6
    ballots: int = 3
    coverage: float = 0.8


class Decoder(Protocol):
    """Follows the words of one stream."""

    def process(self, window: Window, answer: Answer) -> Iterator[Detection]:
        """Take the next window, in order of time, and yield the words that it decides."""
        ...

    def finish(self) -> Iterator[Detection]:
        """Decide what is still open: the stream, or the gate's opening, is over."""
        ...
