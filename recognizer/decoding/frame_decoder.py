"""Frames of a model become detections, also of connected words.

A word is reported when the speech around it is made of keywords, too: a keyword among other words
is no command. Speech is what is about as loud as the word itself, and not part of any keyword.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recognizer.decoding.decoder import DecoderParameters
from recognizer.decoding.frame_track import Track, levels
from recognizer.decoding.loudness import Loudness
from recognizer.decoding.word_runs import Candidate, WordRuns
from recognizer.detection import Detection
from recognizer.recognizer import Answer
from recognizer.windows import Window

_REMEMBERED = 4.0
"""Seconds of the past that words are judged by."""
_LEVEL_STEP = 0.01
_MARGIN = 0.1
"""Around a word so much may still be part of it, in seconds."""
_REACH = 0.15
"""So far beyond the frames of a word its beginning and end are looked for, in seconds."""
_BESIDE = 0.3
"""Words with no longer pause between them belong together, in seconds."""
_HEARD = 0.6
"""Share of a word on which a network calls it by its label; its first part may be any word."""


class FrameDecoder:
    """Follows the words of one stream, for models that decide frame by frame.

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
        self._parameters = parameters or DecoderParameters()
        self._thresholds = dict(thresholds)
        self._runs = WordRuns(labels)
        self._frames = Track(self._parameters.look_ahead)
        self._levels = Track()
        self._loudness = Loudness(_REMEMBERED)
        self._words: deque[Candidate] = deque()
        self._pending: deque[Candidate] = deque()
        self._now = 0.0

    def process(self, window: Window, answer: Answer) -> Iterator[Detection]:
        """Take the next window, in order of time, and yield the words that it decides.

        Raises:
            ValueError: the answer is without frames.

        """
        if answer.frames is None:
            raise ValueError("an answer without frames; expected a model that decides by frames")
        self._now = window.end
        loudness = levels(window, round((window.end - window.start) / _LEVEL_STEP) + 1)
        self._loudness.extend(self._levels.process(window.start, window.end, loudness))
        piece = self._frames.process(window.start, window.end, answer.frames)
        self._collect(self._runs.process(piece))
        yield from self._decide(at_once=False)

    def finish(self) -> Iterator[Detection]:
        """Decide what is still open: the stream, or the gate's opening, is over."""
        self._collect(self._runs.process(self._frames.finish()))
        self._collect(self._runs.finish())
        yield from self._decide(at_once=True)

    def _collect(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            word = self._placed(candidate)
            self._words.append(word)
            self._pending.append(word)
        while self._words and self._words[0].end < self._now - _REMEMBERED:
            self._words.popleft()

    def _placed(self, heard: Candidate) -> Candidate:
        """Return the word with the times at which it is said, as far as loudness tells them."""
        guess = heard.end - (heard.end - heard.start) / _HEARD
        onset, offset = self._loudness.bounds(
            heard.start, heard.end, earliest=guess - _REACH, latest=heard.end + _REACH
        )
        start = guess if onset is None else onset
        if self._words:
            start = min(max(start, self._words[-1].end), heard.start)
        end = heard.end if offset is None else offset
        return replace(heard, start=start, end=end)

    def _decide(self, at_once: bool) -> Iterator[Detection]:
        while self._pending:
            word = self._pending[0]
            waited = self._now - word.end
            if not at_once and waited < self._parameters.pause:
                return
            counts = self._is_sure(word) and (self._parameters.embedded or self._is_alone(word))
            if not (counts or at_once or waited >= self._parameters.patience):
                return
            self._pending.popleft()
            if counts:
                yield Detection(word.label, word.confidence, word.start, word.end, self._now)

    def _is_sure(self, word: Candidate) -> bool:
        """Whether it reaches its threshold, or a lower one right beside a word that does."""
        if self._margin(word) >= 0:
            return True
        beside = any(
            max(other.start - word.end, word.start - other.end) <= _BESIDE
            for other in self._words
            if self._margin(other) >= 0
        )
        return beside and word.confidence >= self._parameters.beside

    def _margin(self, word: Candidate) -> float:
        eased = self._parameters.ease * self._thresholds[word.label]
        return word.confidence - self._parameters.least(eased)

    def _is_alone(self, word: Candidate) -> bool:
        times, speech = self._loudness.speech(word.start, word.end)
        speech &= ~self._explained(times)
        before = (times >= word.start - self._parameters.before) & (times < word.start)
        behind = (times > word.end) & (times <= word.end + self._parameters.after)
        step = float(times[1] - times[0]) if len(times) > 1 else 0.0
        most = max((speech & before).sum(), (speech & behind).sum()) * step
        return bool(most <= self._parameters.tolerance)

    def _explained(self, times: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return when what is said is part of a keyword, be it ever so unsure."""
        explained = np.zeros(len(times), dtype=bool)
        for word in self._words:
            explained |= (times >= word.start - _MARGIN) & (times <= word.end + _MARGIN)
        if self._runs.open_since is not None:
            explained |= times >= self._runs.open_since - _MARGIN
        return explained
