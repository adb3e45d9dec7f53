"""Draws stretches of streams: running speech, connected keywords, words cut at the edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from training.canvases import CANVAS, FADE, cut
from training.example import Example, pick
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip
from training.recordings.passages import Passage
from training.said_phones import SaidPhones
from training.tracks import UNDECIDED, Spoken, shift

_ANYWHERE = SAMPLE_RATE / 2
"""A window may lie anywhere on its canvas."""
_CENTRED_SHARE = 0.7
_CENTRED_KEYWORDS = 0.5
_NEAR = SAMPLE_RATE / 10
"""By how much a centred word may leave the middle of its window."""
_MIDDLE = 0.9 * SAMPLE_RATE
"""Samples about a centred word in which the words beside it count."""
_SLIVER = 0.06 * SAMPLE_RATE
"""Samples of a neighbour that do not count."""
_COMPOSED = 2 * CANVAS
_COMPOSED_SHARE = 0.45
_KEYWORDS_SHARE = 0.6
_OTHER_SHARE = 0.15
_BACK_TO_BACK = 0.5
_LONGEST_GAP = SAMPLE_RATE * 4 // 5
_LEVEL = 0.1
_LEVEL_SPREAD_DB = 4.0


@dataclass(frozen=True)
class _Stream:
    """Sound, all its words in order, and its phones where they are known."""

    samples: NDArray[np.int16]
    words: Sequence[Spoken]
    phones: Sequence[Spoken] | None


class StreamDrawer:
    """Draws stretches of streams: most about a word, some in which windows may lie anywhere.

    A third kind is as common as the others: running speech in which keywords are said, running
    speech without any, and strings composed of words that were spoken alone.

    Args:
        extents: words and where each lies in its recording, in samples; all are in ``audio``.
        passages: running speech word by word; all are in ``audio``.
        audio: the decoded recordings.
        labels: all labels in the order of the outputs, OTHER among them.
        phones: those of recordings, where they are known.

    """

    def __init__(
        self,
        extents: Mapping[Clip, tuple[int, int]],
        passages: Sequence[Passage],
        audio: AudioStore,
        labels: Sequence[str],
        phones: SaidPhones,
    ) -> None:
        self.audio = audio
        self.labels = tuple(labels)
        self._other = self.labels.index(OTHER)
        self._phones = phones
        self._with = [item for item in passages if _keywords(item)]
        self._without = [item for item in passages if not _keywords(item)]
        self._voices = _voices([clip for clip in extents if clip.label != OTHER])
        self._others = [clip for clip in extents if clip.label == OTHER]
        self._extents = extents

    def draw(self, rng: np.random.Generator) -> Example:
        """Return a stretch of a stream; its window has a target where it has a word in its middle.

        About the middle of other windows there may be anything, so what they are is undecided.
        """
        stream = self._draw_stream(rng)
        if stream.words and rng.random() < _CENTRED_SHARE:
            return self._centred(stream, rng)
        near = self._keywords(stream.words) or [Spoken(0, 0, len(stream.samples))]
        return self._example(stream, _near_a_word(near, rng), _ANYWHERE, UNDECIDED)

    def _draw_stream(self, rng: np.random.Generator) -> _Stream:
        passages = self._with if rng.random() < _KEYWORDS_SHARE else self._without
        if not passages or rng.random() < _COMPOSED_SHARE:
            return self._compose(rng)
        return self._labelled(pick(passages, rng))

    def _centred(self, stream: _Stream, rng: np.random.Generator) -> Example:
        word = pick(stream.words, rng)
        keywords = self._keywords(stream.words)
        if keywords and rng.random() < _CENTRED_KEYWORDS:
            word = pick(keywords, rng)
        neighbours = [other for other in stream.words if other is not word]
        target = window_target(word, neighbours, self._other)
        return self._example(stream, _middle(word), _NEAR, target)

    def _example(self, stream: _Stream, middle: float, slack: float, target: int) -> Example:
        origin = round(middle) - CANVAS // 2
        canvas = cut(stream.samples, origin, CANVAS)
        words = [word for word in stream.words if word.label != self._other]
        phones = None if stream.phones is None else shift(stream.phones, origin)
        return Example(canvas, slack, shift(words, origin), target, phones=phones)

    def _keywords(self, words: Iterable[Spoken]) -> list[Spoken]:
        return [word for word in words if word.label not in (UNDECIDED, self._other)]

    def _labelled(self, passage: Passage) -> _Stream:
        words = [
            Spoken(self._place(word.label), word.start * SAMPLE_RATE, word.end * SAMPLE_RATE)
            for word in passage.words
        ]
        return _Stream(self.audio.samples[passage.path], words, self._phones.of(passage.path))

    def _place(self, label: str | None) -> int:
        return UNDECIDED if label is None else self.labels.index(label)

    def _compose(self, rng: np.random.Generator) -> _Stream:
        """Return three seconds of words by one voice, with gaps of 0 to 0.8 s, and other words."""
        voice = pick(self._voices, rng)
        stream = np.zeros(_COMPOSED, dtype=np.float32)
        words: list[Spoken] = []
        phones: list[Spoken] = []
        at = int(rng.integers(0, _LONGEST_GAP))
        while at < len(stream):
            is_other = bool(self._others) and rng.random() < _OTHER_SHARE
            clip = pick(self._others if is_other else voice, rng)
            sound = self._sound(clip, rng)[: len(stream) - at]
            stream[at : at + len(sound)] += sound
            words.append(Spoken(self.labels.index(clip.label), at, at + len(sound)))
            phones += self._word_phones(clip, words[-1])
            at += len(sound) + _gap(rng)
        return _Stream((stream.clip(-1, 1) * 32767).astype(np.int16), words, phones)

    def _word_phones(self, clip: Clip, word: Spoken) -> Sequence[Spoken]:
        """Return the phones of a clip at the place where its word is said."""
        first, last = self._extents[clip]
        phones = self._phones.of(clip.path, first - word.start, first, last)
        return [Spoken(UNDECIDED, word.start, word.end)] if phones is None else phones

    def _sound(self, clip: Clip, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return a word alone at about the same loudness as all others, faded in and out."""
        first, last = self._extents[clip]
        sound = cut(self.audio.samples[clip.path], first, min(last - first, CANVAS))
        ramp = np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / FADE
        rms = max(float(np.sqrt(np.mean(np.square(sound)))), 1e-4)
        level = _LEVEL / rms * 10 ** (rng.uniform(-_LEVEL_SPREAD_DB, _LEVEL_SPREAD_DB) / 20)
        return np.asarray(sound * ramp.clip(0, 1) * level, dtype=np.float32)


def window_target(word: Spoken, neighbours: Iterable[Spoken], other: int) -> int:
    """Return the label of a window with a word in its middle, or UNDECIDED.

    Args:
        word: that in the middle, any word.
        neighbours: all other words of the stream, keywords or not.
        other: place of OTHER in the labels.

    Returns:
        The label of the word. OTHER if a word that is no keyword reaches more than 60 ms into the
        0.9 s about it; else UNDECIDED if the word, or one that reaches in so far, may be either.

    """
    first, last = _middle(word) - _MIDDLE / 2, _middle(word) + _MIDDLE / 2
    near = [item for item in neighbours if min(item.end, last) - max(item.start, first) > _SLIVER]
    labels = {item.label for item in (word, *near)}
    if other in labels:
        return other
    return UNDECIDED if UNDECIDED in labels else word.label


def _middle(word: Spoken) -> float:
    return (word.start + word.end) / 2


def _near_a_word(words: Sequence[Spoken], rng: np.random.Generator) -> float:
    word = pick(words, rng)
    return rng.uniform(word.start - SAMPLE_RATE / 2, word.end + SAMPLE_RATE / 2)


def _gap(rng: np.random.Generator) -> int:
    """Return the samples between two words; less than none lets them overlap by their fades."""
    longest = FADE if rng.random() < _BACK_TO_BACK else _LONGEST_GAP
    return int(rng.integers(-FADE, longest))


def _keywords(passage: Passage) -> bool:
    return any(word.label not in (OTHER, None) for word in passage.words)


def _voices(clips: Sequence[Clip]) -> list[list[Clip]]:
    """Return the keywords of each source by one speaker, or by all where a speaker has few."""
    voices: dict[tuple[str, str], list[Clip]] = {}
    for clip in clips:
        voices.setdefault((clip.source, clip.speaker), []).append(clip)
    names = dict.fromkeys(source for source, _ in voices)
    sources = {name: [c for c in clips if c.source == name] for name in names}
    several = [members for members in voices.values() if len({c.label for c in members}) > 2]
    return [*several, *(members for members in sources.values() for _ in range(20))]
