"""Runs of frames in which one keyword is heard: where words may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recognizer.decoding.frame_track import Piece
from recognizer.metadata import OTHER

ENTER = 0.25
"""Probability from which a keyword may have begun."""
KEEP = 0.15
"""Probability below which it is over."""
_LONGEST_GAP = 0.03
_LEAST_SECONDS = 0.03
LONGEST = 1.5
"""Seconds beyond which a run is no word: nobody takes that long to say one."""
_DIP = 0.35
"""A fall to this part of the peaks on both sides tells two words from one."""
_BEST = 5
"""So many of a run's surest frames tell how sure it is."""


@dataclass(frozen=True)
class Candidate:
    """What may be a word.

    Attributes:
        label: the keyword.
        confidence: 0..1.
        start: of the frames that sound like it, in seconds of stream time; a word begins earlier.
        end: of these frames.

    """

    label: str
    confidence: float
    start: float
    end: float


@dataclass
class _Run:
    """Frames of one keyword so far: its highest value, and the lowest behind that.

    Once it is too long for a word it forgets them, but for its beginning and end.
    """

    place: int
    start: float
    end: float = 0.0
    times: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    peak: float = 0.0
    valley: int = 0

    def add(self, time: float, value: float) -> None:
        self.end = time
        if self.is_too_long:
            self.times.clear()
            self.values.clear()
        else:
            self._remember(time, value)

    def _remember(self, time: float, value: float) -> None:
        self.times.append(time)
        self.values.append(value)
        if value > self.peak:
            self.peak, self.valley = value, len(self.values) - 1
        elif value <= self.values[self.valley]:
            self.valley = len(self.values) - 1

    @property
    def is_too_long(self) -> bool:
        """Whether it lasts longer than any word."""
        return self.end - self.start > LONGEST

    @property
    def is_two(self) -> bool:
        """Whether its values fell and rose again: the same word was said twice."""
        if self.is_too_long:
            return False
        low = self.values[self.valley]
        return low <= _DIP * self.peak and low <= _DIP * self.values[-1]

    def split(self) -> tuple[_Run, _Run]:
        """Return the runs before and behind the valley."""
        parts = _Run(self.place, self.start), _Run(self.place, self.times[self.valley])
        for index, (time, value) in enumerate(zip(self.times, self.values, strict=True)):
            parts[index >= self.valley].add(time, value)
        return parts


class WordRuns:
    """Follows the track of frames of one stream.

    A sound that is taken for one keyword without a break for longer than any word lasts is none:
    nothing comes of it, and it takes no more memory the longer it is.

    Args:
        labels: of the model, in the order of its probabilities.

    """

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = tuple(labels)
        self._keywords = [place for place, label in enumerate(labels) if label != OTHER]
        self._run: _Run | None = None

    @property
    def open_since(self) -> float | None:
        """When the run began that is not over; None without any."""
        return self._run.start if self._run else None

    def process(self, piece: Piece) -> Iterator[Candidate]:
        """Take the next frames and yield the words that end in them."""
        for time, probabilities in zip(piece.times.tolist(), piece.values, strict=True):
            yield from self._follow(time, probabilities)

    def finish(self) -> Iterator[Candidate]:
        """Yield the word that is not over yet."""
        yield from self._close()

    def _follow(self, time: float, probabilities: NDArray[np.float32]) -> Iterator[Candidate]:
        best = self._keywords[int(probabilities[self._keywords].argmax())]
        run = self._run
        if run and self._goes_on(run, best, probabilities):
            run.add(time, float(probabilities[run.place]))
            yield from self._split(run)
        elif probabilities[best] >= ENTER:
            yield from self._close()
            self._run = _Run(best, time)
            self._run.add(time, float(probabilities[best]))
        elif run and time - run.end > _LONGEST_GAP:
            yield from self._close()

    def _goes_on(self, run: _Run, best: int, probabilities: NDArray[np.float32]) -> bool:
        surpassed = best != run.place and probabilities[best] >= ENTER
        return bool(probabilities[run.place] >= KEEP) and not surpassed

    def _split(self, run: _Run) -> Iterator[Candidate]:
        if run.is_two:
            first, self._run = run.split()
            yield from self._word(first)

    def _close(self) -> Iterator[Candidate]:
        run, self._run = self._run, None
        if run:
            yield from self._word(run)

    def _word(self, run: _Run) -> Iterator[Candidate]:
        if run.is_too_long or run.end - run.start < _LEAST_SECONDS:
            return
        surest = sorted(run.values)[-_BEST:]
        yield Candidate(self._labels[run.place], sum(surest) / len(surest), run.start, run.end)
