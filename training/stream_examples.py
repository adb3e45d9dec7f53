"""Draws stretches of streams: running speech, connected keywords, words cut at the edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from training.canvases import CANVAS, FADE, cut
from training.example import Example, pick
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip
from training.recordings.passages import Passage
from training.tracks import UNDECIDED, Spoken

_ANYWHERE = SAMPLE_RATE / 2
"""A window may lie anywhere on its canvas."""
_COMPOSED = 2 * CANVAS
_COMPOSED_SHARE = 0.45
_KEYWORDS_SHARE = 0.6
_OTHER_SHARE = 0.15
_BACK_TO_BACK = 0.5
_LONGEST_GAP = SAMPLE_RATE * 4 // 5
_LEVEL = 0.1
_LEVEL_SPREAD_DB = 4.0


class StreamDrawer:
    """Draws stretches of streams, in which windows may lie anywhere.

    A third kind is as common as the others: running speech in which keywords are said, running
    speech without any, and strings composed of words that were spoken alone.

    Args:
        extents: words and where each lies in its recording, in samples; all are in ``audio``.
        passages: running speech word by word; all are in ``audio``.
        audio: the decoded recordings.
        labels: all labels in the order of the outputs, OTHER among them.

    """

    def __init__(
        self,
        extents: Mapping[Clip, tuple[int, int]],
        passages: Sequence[Passage],
        audio: AudioStore,
        labels: Sequence[str],
    ) -> None:
        self.audio = audio
        self.labels = tuple(labels)
        self._with = [item for item in passages if _keywords(item)]
        self._without = [item for item in passages if not _keywords(item)]
        self._voices = _voices([clip for clip in extents if clip.label != OTHER])
        self._others = [clip for clip in extents if clip.label == OTHER]
        self._extents = extents

    def draw(self, rng: np.random.Generator) -> Example:
        """Return a stretch of a stream; what its window as a whole is stays undecided."""
        passages = self._with if rng.random() < _KEYWORDS_SHARE else self._without
        if not passages or rng.random() < _COMPOSED_SHARE:
            samples, words = self._compose(rng)
            middle = float(rng.integers(0, len(samples)))
        else:
            passage = pick(passages, rng)
            samples, words = self._labelled(passage)
            middle = _near_a_word(words or [Spoken(0, 0, len(samples))], rng)
        return _example(samples, words, round(middle) - CANVAS // 2)

    def _labelled(self, passage: Passage) -> tuple[NDArray[np.int16], list[Spoken]]:
        words = [
            Spoken(self._place(word.label), word.start * SAMPLE_RATE, word.end * SAMPLE_RATE)
            for word in passage.words
            if word.label != OTHER
        ]
        return self.audio.samples[passage.path], words

    def _place(self, label: str | None) -> int:
        return UNDECIDED if label is None else self.labels.index(label)

    def _compose(self, rng: np.random.Generator) -> tuple[NDArray[np.int16], list[Spoken]]:
        """Return three seconds of words by one voice, with gaps of 0 to 0.8 s, and other words."""
        voice = pick(self._voices, rng)
        stream = np.zeros(_COMPOSED, dtype=np.float32)
        words, at = [], int(rng.integers(0, _LONGEST_GAP))
        while at < len(stream):
            is_other = bool(self._others) and rng.random() < _OTHER_SHARE
            clip = pick(self._others if is_other else voice, rng)
            sound = self._sound(clip, rng)[: len(stream) - at]
            stream[at : at + len(sound)] += sound
            if not is_other:
                words.append(Spoken(self.labels.index(clip.label), at, at + len(sound)))
            at += len(sound) + _gap(rng)
        return (stream.clip(-1, 1) * 32767).astype(np.int16), words

    def _sound(self, clip: Clip, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return a word alone at about the same loudness as all others, faded in and out."""
        first, last = self._extents[clip]
        sound = cut(self.audio.samples[clip.path], first, min(last - first, CANVAS))
        ramp = np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / FADE
        rms = max(float(np.sqrt(np.mean(np.square(sound)))), 1e-4)
        level = _LEVEL / rms * 10 ** (rng.uniform(-_LEVEL_SPREAD_DB, _LEVEL_SPREAD_DB) / 20)
        return np.asarray(sound * ramp.clip(0, 1) * level, dtype=np.float32)


def _example(samples: NDArray[np.int16], words: Sequence[Spoken], origin: int) -> Example:
    moved = tuple(Spoken(word.label, word.start - origin, word.end - origin) for word in words)
    return Example(cut(samples, origin, CANVAS), _ANYWHERE, moved, UNDECIDED)


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
