"""Frames of a model become detections, also of connected words.

Frames tell where words may be, and which; windows that hear a word whole tell whether it is a
command. Other speech around it speaks against it: a keyword among other words is none. Speech is
what is about as loud as the word itself, and not part of any keyword.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from recognizer.audio import SAMPLE_RATE
from recognizer.decoding.centred_windows import CentredWindows
from recognizer.decoding.decoder import DecoderParameters
from recognizer.decoding.frame_track import Track, levels
from recognizer.decoding.odds import logit, probability
from recognizer.decoding.surroundings import LEVEL_STEP, OtherSpeech, Surroundings
from recognizer.decoding.word_runs import Candidate, WordRuns
from recognizer.detection import Detection
from recognizer.metadata import OTHER
from recognizer.recognizer import Answer
from recognizer.windows import Window

_REMEMBERED = 4.0
"""Seconds of the past in which words are remembered."""
_LEVEL_SAMPLES = round(LEVEL_STEP * SAMPLE_RATE)
_REACH = 0.15
"""So far beyond the frames of a word its beginning and end are looked for, in seconds."""
_BESIDE = 0.3
"""Words with no longer pause between them belong together, in seconds."""
_HEARD = 0.6
"""Share of a word on which a network calls it by its label; its first part may be any word."""
_REST = 0.5
"""What follows its own label soon and is shorter than this share of it is the rest of that word."""
_SOON = 0.2
"""Longest pause within a word, in seconds."""
_NOTHING = 0.05
"""So little sound behind a word is no beginning of another, in seconds."""
_LEAST_FRAMES = 0.35
"""Least probability of a word's frames, however sure windows are."""
_LEAST_WINDOWS = 0.1
"""Least probability of the windows around a word in a string, however sure frames are."""
_CLEAR = 0.2
"""Where unsure words stand together, so much other speech may come before them, in seconds."""
_SAME = 0.05
"""A window so close to the middle of a word is its own, whatever else is there, in seconds."""


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
        self._surroundings = Surroundings()
        self._windows = CentredWindows(labels.index(OTHER) if OTHER in labels else None)
        self._words: deque[Candidate] = deque()
        self._pending: deque[Candidate] = deque()
        self._now = -math.inf
        self._string_end = -math.inf
        self._string_level = math.nan

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
        new = (window.end - max(self._now, window.start)) / LEVEL_STEP
        steps = min(math.ceil(new) + 1, most)
        samples = window.samples[-steps * _LEVEL_SAMPLES :]
        start = window.end - len(samples) / SAMPLE_RATE
        self._now = window.end
        values = levels(Window(samples, start), steps + 1)
        self._surroundings.extend(self._levels.process(start, window.end, values))

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
        onset, offset = self._surroundings.bounds(
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
        before = self._words[-1]
        is_short = word.end - word.start < _REST * (before.end - before.start)
        return is_short and word.start - before.end <= _SOON

    def _decide(self, at_once: bool) -> Iterator[Detection]:
        while self._pending:
            word = self._pending[0]
            haste = 0.0 if at_once else self._haste(word)
            if haste > 1:
                return
            confidence = self._confidence(word, haste)
            if confidence is None and haste > 0:
                return
            self._pending.popleft()
            if confidence is not None:
                self._string_end, self._string_level = word.end, self._level(word)
                yield Detection(word.label, confidence, word.start, word.end, self._now)

    def _haste(self, word: Candidate) -> float:
        """Return how early it is for a decision: 1 after the pause, 0 when patience is over."""
        parameters = self._parameters
        left = parameters.patience - (self._now - word.end)
        return max(left, 0.0) / max(parameters.patience - parameters.pause, 1e-6)

    def _confidence(self, word: Candidate, haste: float) -> float | None:
        """Return how sure a word is; None if that is not enough, by itself or in its string."""
        if self._parameters.embedded:
            return self._by_frames(word) or self._in_string(word)
        if word.start - self._string_end <= self._parameters.string:
            return self._going_on(word, haste)
        around = self._around(word)
        if self._is_among_others(around, haste):
            return None
        speech_before = around.before(self._parameters.memory)
        by_itself = self._by_itself(word, haste, -self._parameters.distrust * speech_before)
        if by_itself is None and speech_before <= _CLEAR:
            return self._in_string(word)
        return by_itself

    def _going_on(self, word: Candidate, haste: float) -> float | None:
        """Return how sure a word is that goes on a string: one voice says all of that."""
        if self._string_level - self._level(word) > self._parameters.fainter:
            return None
        return self._by_itself(word, haste, self._parameters.trust) or self._in_string(word)

    def _by_frames(self, word: Candidate) -> float | None:
        return word.confidence if word.confidence >= self._least(word) else None

    def _by_itself(self, word: Candidate, haste: float, context: float) -> float | None:
        """Return how sure a word is by its windows, where the words before it count ``context``."""
        place, middle = self._labels.index(word.label), _middle(word)
        evidence = self._windows.evidence(place, middle, lambda at: self._is_taken(at, word))
        evidence += context
        needed = self._needed(word) + self._parameters.eagerness * haste
        is_enough = evidence >= needed and word.confidence >= _LEAST_FRAMES
        return probability(evidence) if is_enough else None

    def _in_string(self, word: Candidate) -> float | None:
        windows, both = self._by_windows(word), self._both(word)
        is_likely = min(both, word.confidence) >= self._parameters.beside
        if is_likely and windows >= _LEAST_WINDOWS and self._has_sure_neighbour(word):
            return both
        return None

    def _level(self, word: Candidate) -> float:
        return self._surroundings.level(word.start, word.end)

    def _is_taken(self, at: float, word: Candidate) -> bool:
        """Whether a window with this moment in its middle is about another word."""
        if abs(at - _middle(word)) <= _SAME:
            return False
        return any(other.start <= at <= other.end for other in self._words if other is not word)

    def _least(self, word: Candidate) -> float:
        return self._parameters.least(self._thresholds[word.label])

    def _needed(self, word: Candidate) -> float:
        caution = self._parameters.caution if self._parameters.threshold is None else 0.0
        return logit(self._least(word)) + caution

    def _both(self, word: Candidate) -> float:
        return (word.confidence + self._by_windows(word)) / 2

    def _by_windows(self, word: Candidate) -> float:
        return self._windows.confidence(self._labels.index(word.label), _middle(word))

    def _has_sure_neighbour(self, word: Candidate) -> bool:
        return any(
            max(other.start - word.end, word.start - other.end) <= _BESIDE
            for other in self._words
            if other is not word and self._both(other) >= self._parameters.vouching
        )

    def _around(self, word: Candidate) -> OtherSpeech:
        keywords = [(other.start, other.end) for other in self._words]
        if self._runs.open_since is not None:
            keywords.append((self._runs.open_since, math.inf))
        return self._surroundings.other_speech(word, keywords)

    def _is_among_others(self, around: OtherSpeech, haste: float) -> bool:
        parameters = self._parameters
        tolerated = parameters.after_tolerance if haste == 0 else _NOTHING
        return (
            around.before(parameters.before) > parameters.before_tolerance
            or around.behind(parameters.after) > tolerated
        )


def _middle(word: Candidate) -> float:
    return (word.start + word.end) / 2
