"""Probabilities of windows become detections: one for each word that stands by itself.

A word is a stretch of sound between pauses. Every window that hears it casts its probabilities as
a ballot, and when the word is over, the windows that heard most of it decide together. So parts of
a word, which may well sound like another word, have no say, a word is reported once, and the same
word said again is another word.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recognizer.decoding.decoder import DecoderParameters
from recognizer.decoding.stretches import Stretch, find_stretches
from recognizer.detection import Detection
from recognizer.metadata import OTHER
from recognizer.recognizer import Answer
from recognizer.windows import Window

MOST_BALLOTS = 128
EDGE = 0.02
"""Sound this close to the edge of a window, in seconds, may go on beyond it."""


@dataclass(frozen=True)
class Observation:
    """What was seen in one window.

    Attributes:
        start: of the window, in seconds of stream time.
        end: of the window, in seconds of stream time.
        probabilities: float32 [labels].
        stretches: where in the window sound is.

    """

    start: float
    end: float
    probabilities: NDArray[np.float32]
    stretches: tuple[Stretch, ...]


@dataclass
class _Word:
    extent: Stretch
    ballots: deque[Observation] = field(default_factory=lambda: deque(maxlen=MOST_BALLOTS))
    seen_whole: bool = False
    decided: bool = False

    def see(self, stretch: Stretch, window: Observation) -> None:
        """Take the ballot of a window in which the word looks like ``stretch``."""
        self.ballots.append(window)
        goes_on = stretch.end > window.end - EDGE
        if stretch.start > window.start + EDGE and not goes_on:
            # Only beside the whole word can its sound be told from the background before it.
            self.extent, self.seen_whole = stretch, True
        elif goes_on or not self.seen_whole:
            self.extent = self.extent.union(stretch)

    def coverage(self, ballot: Observation) -> float:
        return self.extent.overlap(ballot.start, ballot.end) / self.extent.length

    def weight(self, ballot: Observation) -> float:
        """Return which part of the sound in the window belongs to this word, 0..1."""
        sound = sum(stretch.length for stretch in ballot.stretches)
        own = sum(self.extent.overlap(s.start, s.end) for s in ballot.stretches)
        return own / sound


class WindowDecoder:
    """Follows the words of one stream, for models that answer for whole windows alone.

    Args:
        labels: of the model, in the order of its probabilities; "other" is never a detection.
        thresholds: least probability for each keyword, 0..1.
        parameters: see there.

    """

    def __init__(
        self,
        labels: Sequence[str],
        thresholds: Mapping[str, float],
        parameters: DecoderParameters | None = None,
    ) -> None:
        self._labels = tuple(labels)
        self._parameters = parameters or DecoderParameters()
        self._thresholds = dict(thresholds)
        self.reset()

    def reset(self) -> None:
        """Forget all that was heard, as before the first window."""
        self._words: list[_Word] = []
        self._now = 0.0

    def process(self, window: Window, answer: Answer) -> Iterator[Detection]:
        """Take the next window, in order of time, and yield the words that it decides."""
        stretches = find_stretches(window.samples, window.start)
        yield from self.observe(
            Observation(window.start, window.end, answer.probabilities, stretches)
        )

    def observe(self, observation: Observation) -> Iterator[Detection]:
        """Take what was seen in the next window, and yield the words that it decides."""
        self._now = observation.end
        for stretch in observation.stretches:
            self._cast(stretch, observation)
        for word in self._words:
            if self._is_ready(word, observation):
                yield from self._decide(word)
        self._words = [word for word in self._words if word.extent.end > observation.start]

    def finish(self) -> Iterator[Detection]:
        """Decide the words that are still open: the stream, or the gate's opening, is over."""
        for word in self._words:
            yield from self._decide(word)

    def _cast(self, stretch: Stretch, observation: Observation) -> None:
        word = self._word_of(stretch)
        if word.decided:
            return
        word.see(stretch, observation)

    def _word_of(self, stretch: Stretch) -> _Word:
        """Return the word that shares most sound with the stretch, a new one if none does."""

        def shared(word: _Word) -> float:
            return word.extent.overlap(stretch.start, stretch.end)

        closest = max(self._words, key=shared, default=None)
        if closest is not None and shared(closest) > 0:
            return closest
        word = _Word(stretch)
        self._words.append(word)
        return word

    def _is_ready(self, word: _Word, now: Observation) -> bool:
        quiet = now.end - word.extent.end
        whole = sum(word.coverage(ballot) >= 1 for ballot in word.ballots)
        enough = whole >= self._parameters.ballots or now.start > word.extent.start
        return quiet >= self._parameters.patience or (quiet >= self._parameters.settle and enough)

    def _decide(self, word: _Word) -> Iterator[Detection]:
        if word.decided:
            return
        word.decided = True
        probabilities = self._count(word)
        label = self._labels[int(np.argmax(probabilities))]
        confidence = float(np.max(probabilities))
        if label != OTHER and confidence >= self._parameters.least(self._thresholds[label]):
            yield Detection(label, confidence, word.extent.start, word.extent.end, self._now)

    def _count(self, word: _Word) -> NDArray[np.float64]:
        best = max(word.coverage(ballot) for ballot in word.ballots)
        if best < self._parameters.coverage:
            return np.zeros(len(self._labels))
        voters = [ballot for ballot in word.ballots if word.coverage(ballot) >= 0.97 * best]
        weights = np.array([word.weight(ballot) for ballot in voters])
        probabilities = np.array([ballot.probabilities for ballot in voters], dtype=np.float64)
        return np.asarray(weights @ probabilities / weights.sum())
