"""Frames of a model become detections, also of connected words.

A word is reported when the speech around it is made of keywords, too: a keyword among other words
is no command. Speech is what is about as loud as the word itself, and not part of any keyword.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer.decoder import DecoderParameters
from recognizer.detection import Detection
from recognizer.frame_track import Piece, Track, levels
from recognizer.recognizer import Answer
from recognizer.windows import Window
from recognizer.word_runs import Candidate, WordRuns

_REMEMBERED = 4.0
"""Seconds of the past that words are judged by."""
_MARGIN_BEFORE, _MARGIN_AFTER = 0.06, 0.14
"""Around a word that its frames found, so much may still be part of it."""
_BELOW_WORD_DB = 18.0
_ABOVE_FLOOR_DB = 8.0


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
        self._loudness: deque[tuple[float, float]] = deque()
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
        loudness = levels(window, len(answer.frames))
        self._remember(self._levels.process(window.start, window.end, loudness))
        piece = self._frames.process(window.start, window.end, answer.frames)
        self._collect(self._runs.process(piece))
        yield from self._decide(at_once=False)

    def finish(self) -> Iterator[Detection]:
        """Decide what is still open: the stream, or the gate's opening, is over."""
        self._collect(self._runs.process(self._frames.finish()))
        self._collect(self._runs.finish())
        yield from self._decide(at_once=True)

    def _remember(self, piece: Piece) -> None:
        self._loudness.extend(zip(piece.times.tolist(), piece.values.tolist(), strict=True))
        past = self._now - _REMEMBERED
        while self._loudness and self._loudness[0][0] < past:
            self._loudness.popleft()
        while self._words and self._words[0].end < past:
            self._words.popleft()

    def _collect(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            self._words.append(candidate)
            if candidate.confidence >= self._threshold(candidate.label):
                self._pending.append(candidate)

    def _decide(self, at_once: bool) -> Iterator[Detection]:
        while self._pending:
            word = self._pending[0]
            waited = self._now - word.end
            if not at_once and waited < self._parameters.pause:
                return
            alone = self._parameters.embedded or self._is_alone(word)
            if not (alone or at_once or waited >= self._parameters.patience):
                return
            self._pending.popleft()
            if alone:
                yield Detection(word.label, word.confidence, word.start, word.end, self._now)

    def _is_alone(self, word: Candidate) -> bool:
        times, loudness = np.array(self._loudness).T
        speech = self._unexplained(word, times, loudness)
        parameters = self._parameters
        step = float(times[1] - times[0]) if len(times) > 1 else 0.0
        before = (times >= word.start - parameters.before) & (times < word.start)
        after = (times > word.end) & (times <= word.end + parameters.after)
        most = parameters.tolerance
        return bool(
            (speech & before).sum() * step <= most and (speech & after).sum() * step <= most
        )

    def _unexplained(
        self, word: Candidate, times: NDArray[np.float64], loudness: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Return when there is speech that is part of no keyword."""
        own = loudness[(times >= word.start) & (times <= word.end)]
        level = float(np.quantile(own, 0.75)) if len(own) else 0.0
        floor = float(np.quantile(loudness, 0.1))
        speech = (loudness > level - _BELOW_WORD_DB) & (loudness > floor + _ABOVE_FLOOR_DB)
        for other in self._words:
            near = times >= other.start - _MARGIN_BEFORE
            speech &= ~(near & (times <= other.end + _MARGIN_AFTER))
        if self._runs.open_since is not None:
            speech &= times < self._runs.open_since - _MARGIN_BEFORE
        return speech

    def _threshold(self, label: str) -> float:
        if self._parameters.threshold is not None:
            return self._parameters.threshold
        return self._thresholds[label]
