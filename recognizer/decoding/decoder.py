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
        patience: seconds of quiet behind a word until it is decided at the latest.
        settle: for models that answer for windows alone: seconds of quiet behind a word until it
            is decided at the earliest.
        ballots: likewise: windows that hear a word whole, enough to decide before patience is over.
        coverage: likewise: least part of a word that a window must have heard for the word to be
            decided.
        look_ahead: for models that decide frame by frame: seconds that a window must have heard
            beyond a frame for it to count.
        caution: likewise: how much more evidence, in logits, a word needs in a stream than the
            model's own threshold asks for; less if below 0.
        pause: likewise: seconds of quiet behind a word until it is decided at the earliest.
        eagerness: likewise: how much more evidence, in logits, a word needs to be decided at the
            earliest; that falls evenly to nothing while patience lasts.
        beside: likewise: least probability, 0..1, of a keyword right beside a sure one: strings
            are made of keywords.
        sure: likewise: least probability, 0..1, of a keyword that vouches for those beside it; a
            higher ``threshold`` stands in its place.
        string: likewise: seconds behind a reported keyword in which others belong to its string,
            whatever other speech is around.
        trust: likewise: by how much a string that was begun speaks for a word in it, in logits.
        fainter: likewise: by how much a word of a string may be quieter than the one before it, in
            dB: one voice says both.
        embedded: likewise: report keywords among other words, too.
        before: likewise: seconds before a word that must be free of other speech.
        before_tolerance: likewise: most seconds of other speech there.
        after: likewise: seconds behind a word that must be free of other speech.
        after_tolerance: likewise: most seconds of other speech there.
        memory: likewise: seconds before a word in which any other speech speaks against it.
        distrust: likewise: by how much a second of that lowers the evidence for the word, in
            logits.

    """

    threshold: float | None = None
    patience: float = 0.6
    settle: float = 0.3
    ballots: int = 3
    coverage: float = 0.8
    look_ahead: float = 0.1
    caution: float = -1.5
    pause: float = 0.15
    eagerness: float = 1.4
    beside: float = 0.4
    sure: float = 0.6
    string: float = 1.5
    trust: float = 2.5
    fainter: float = 15.0
    embedded: bool = False
    before: float = 1.5
    before_tolerance: float = 0.25
    after: float = 0.4
    after_tolerance: float = 0.2
    memory: float = 3.0
    distrust: float = 2.0

    def least(self, calibrated: float) -> float:
        """Return the least probability of a detection where the model's own is ``calibrated``."""
        return calibrated if self.threshold is None else self.threshold

    @property
    def vouching(self) -> float:
        """The least probability of a keyword that vouches for those beside it."""
        return max(self.sure, self.threshold or 0.0)


class Decoder(Protocol):
    """Follows the words of one stream."""

    def process(self, window: Window, answer: Answer) -> Iterator[Detection]:
        """Take the next window, in order of time, and yield the words that it decides."""
        ...

    def finish(self) -> Iterator[Detection]:
        """Decide what is still open: the stream, or the gate's opening, is over."""
        ...
