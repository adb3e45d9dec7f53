"""Frames of a model become detections, also of connected words.

Frames tell where words may be, and which; windows with a word in their middle tell whether it is a
command. It is reported when the speech around it is made of keywords, too: a keyword among other
words is none. Speech is what is about as loud as the word itself, and not part of any keyword.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.decoding.centred_windows import CentredWindows
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
_LEVEL_SAMPLES = round(_LEVEL_STEP * SAMPLE_RATE)
_MARGIN = 0.1
"""Around a word so much may still be part of it, in seconds."""
_REACH = 0.15
"""So far beyond the frames of a word its beginning and end are looked for, in seconds."""
_BESIDE = 0.3
"""Words with no longer pause between them belong together, in seconds."""
_SURE = 0.5
"""Probability from which a word vouches for those right beside it."""
_HEARD = 0.6
"""Share of a word on which a network calls it by its label; its first part may be any word."""
_SHORTEST_REPEAT = 0.2
"""What is shorter and follows its own label at once is the rest of that word, in seconds."""
_NOTHING = 0.05
"""So little sound behind a word is no beginning of another, in seconds."""


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
        self._labels = tuple(labels)
        self._runs = WordRuns(labels)
        self._frames = Track(self._parameters.look_ahead)
        self._levels = Track()
        self._loudness = Loudness(_REMEMBERED)
        self._windows = CentredWindows()
        self._words: deque[Candidate] = deque()
        self._pending: deque[Candidate] = deque()
        self._now = -math.inf
        self._string_end = -math.inf

    def process(self, window: Window, answer: Answer) -> Iterator[Detection]:
        """Take the next window, in order of time, and yield the words that it decides.

        Raises:
            ValueError: the answer is without frames.

        """
        if answer.frames is None:
            raise ValueError("an answer without frames; expected a model that decides by frames")
        self._listen(window)
        self._windows.add(window, answer.probabilities)
        piece = self._frames.process(window.start, window.end, answer.frames)
        self._collect(self._runs.process(piece))
        yield from self._decide(at_once=False)

    def finish(self) -> Iterator[Detection]:
        """Decide what is still open: the stream, or the gate's opening, is over."""
        self._collect(self._runs.process(self._frames.finish()))
        self._collect(self._runs.finish())
        yield from self._decide(at_once=True)

    def _listen(self, window: Window) -> None:
        """Measure how loud the part of a window is that no earlier one held."""
        most = len(window.samples) // _LEVEL_SAMPLES
        new = (window.end - max(self._now, window.start)) / _LEVEL_STEP
        steps = min(math.ceil(new) + 1, most)
        samples = window.samples[-steps * _LEVEL_SAMPLES :]
        start = window.end - len(samples) / SAMPLE_RATE
        self._now = window.end
        values = levels(Window(samples, start), steps + 1)
        self._loudness.extend(self._levels.process(start, window.end, values))

    def _collect(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            word = self._placed(candidate)
            if not self._is_rest(word):
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

    def _is_rest(self, word: Candidate) -> bool:
        """Whether it is the rest of the word before, which was taken for two."""
        if not self._words or word.label != self._words[-1].label:
            return False
        at_once = word.start - self._words[-1].end <= _NOTHING
        return at_once and word.end - word.start < _SHORTEST_REPEAT

    def _decide(self, at_once: bool) -> Iterator[Detection]:
        while self._pending:
            word = self._pending[0]
            waited = self._now - word.end
            if not at_once and waited < self._parameters.pause:
                return
            is_last_chance = at_once or waited >= self._parameters.patience
            confidence = self._confidence(word)
            counts = confidence is not None and self._is_command(word, is_last_chance)
            if not (counts or is_last_chance):
                return
            self._pending.popleft()
            if counts and confidence is not None:
                self._string_end = word.end
                yield Detection(word.label, confidence, word.start, word.end, self._now)

    def _confidence(self, word: Candidate) -> float | None:
        """Return how sure a word is; None if that is not enough, by itself or in its string."""
        beside = self._parameters.beside
        own = word.confidence if self._parameters.embedded else self._window_confidence(word)
        if own >= self._least(word) and word.confidence >= beside:
            return own
        both = self._both(word)
        if min(both, word.confidence) >= beside and self._has_sure_neighbour(word):
            return both
        return None

    def _least(self, word: Candidate) -> float:
        return self._parameters.least(self._parameters.ease * self._thresholds[word.label])

    def _window_confidence(self, word: Candidate) -> float:
        place = self._labels.index(word.label)
        return self._windows.confidence(place, (word.start + word.end) / 2)

    def _both(self, word: Candidate) -> float:
        return (word.confidence + self._window_confidence(word)) / 2

    def _has_sure_neighbour(self, word: Candidate) -> bool:
        return any(
            max(other.start - word.end, word.start - other.end) <= _BESIDE
            for other in self._words
            if other is not word and self._both(other) >= _SURE
        )

    def _is_command(self, word: Candidate, is_last_chance: bool) -> bool:
        """Whether no other speech surrounds it, or it continues a string of keywords."""
        parameters = self._parameters
        if parameters.embedded or word.start - self._string_end <= parameters.before:
            return True
        times, speech = self._loudness.speech(word.start, word.end)
        speech &= ~self._explained(times)
        before = (times >= word.start - parameters.before) & (times < word.start)
        behind = (times > word.end) & (times <= word.end + parameters.after)
        tolerated = parameters.tolerance if is_last_chance else _NOTHING
        return bool(
            (speech & before).sum() * _LEVEL_STEP <= parameters.tolerance
            and (speech & behind).sum() * _LEVEL_STEP <= tolerated
        )

    def _explained(self, times: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return when what is said is part of a keyword, be it ever so unsure."""
        explained = np.zeros(len(times), dtype=bool)
        for word in self._words:
            explained |= (times >= word.start - _MARGIN) & (times <= word.end + _MARGIN)
        if self._runs.open_since is not None:
            explained |= times >= self._runs.open_since - _MARGIN
        return explained
