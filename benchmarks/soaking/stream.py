"""A stream of any length, made while it is listened to, with words at known times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.soaking.sounds import QUIET, Sound, hiss
from recognizer.audio import SAMPLE_RATE, Samples

SHARE_OF_WORDS = 0.65
SHORTEST_PAUSE, LONGEST_PAUSE = 5.0, 40.0
SHARE_OF_LONG_PAUSES, LONG_PAUSE = 0.01, 600.0
SHARE_OF_SILENCE = 0.1
"""Of pauses; in their middle nothing but zeros comes."""

_EDGE = 4.0
"""Seconds of a quiet room behind zeros, before the next sound."""
_ROOM_SAMPLES = 60 * SAMPLE_RATE
_PIECE_SAMPLES = 10 * SAMPLE_RATE


@dataclass(frozen=True)
class Word:
    """A word of the stream.

    Attributes:
        label: which one.
        start: of its sound, in seconds of the stream.
        end: likewise.

    """

    label: str
    start: float
    end: float


@dataclass(frozen=True)
class Passage:
    """The next part of the stream.

    Attributes:
        pcm: signed 16-bit samples [n], mono, 16 kHz.
        word: the one that it is, if it is one.

    """

    pcm: NDArray[np.int16]
    word: Word | None = None


class Stream:
    """Yields sounds, words and others, each alone in a quiet room.

    Args:
        words: to choose from.
        others: likewise.
        seconds: how long the stream is.
        chance: chooses.

    """

    def __init__(
        self, words: Sequence[Sound], others: Sequence[Sound], seconds: float, chance: Generator
    ) -> None:
        self._words = words
        self._others = others
        self._left = round(seconds * SAMPLE_RATE)
        self._position = 0
        self._chance = chance
        self._room = QUIET * hiss(_ROOM_SAMPLES, chance)

    def __iter__(self) -> Iterator[Passage]:
        """Yield the stream in passages of ten seconds at most; its end is quiet."""
        while self._left:
            yield from self._pause()
            sound = self._choose()
            if self._left < len(sound.samples) + _EDGE * SAMPLE_RATE:
                yield from self._quiet(self._left)
            else:
                yield self._heard(sound)

    def _pause(self) -> Iterator[Passage]:
        is_long = self._chance.random() < SHARE_OF_LONG_PAUSES
        seconds = LONG_PAUSE if is_long else self._chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE)
        if self._chance.random() < SHARE_OF_SILENCE:
            yield from self._quiet(round(_EDGE * SAMPLE_RATE))
            yield from self._quiet(round(seconds * SAMPLE_RATE), is_silent=True)
        yield from self._quiet(round(max(_EDGE, seconds) * SAMPLE_RATE))

    def _choose(self) -> Sound:
        kind = self._words if self._chance.random() < SHARE_OF_WORDS else self._others
        return kind[int(self._chance.integers(len(kind)))]

    def _quiet(self, count: int, *, is_silent: bool = False) -> Iterator[Passage]:
        count = min(count, self._left)
        while count:
            part = min(count, _PIECE_SAMPLES)
            yield self._passage(np.zeros(part, np.float32) if is_silent else self._air(part))
            count -= part

    def _heard(self, sound: Sound) -> Passage:
        start = self._position / SAMPLE_RATE
        passage = self._passage(sound.samples + self._air(len(sound.samples)))
        if sound.label is None:
            return passage
        return Passage(passage.pcm, Word(sound.label, start, self._position / SAMPLE_RATE))

    def _air(self, count: int) -> Samples:
        first = int(self._chance.integers(_ROOM_SAMPLES - count))
        return self._room[first : first + count]

    def _passage(self, samples: Samples) -> Passage:
        self._position += len(samples)
        self._left -= len(samples)
        return Passage((np.clip(samples, -1, 1) * 32_767).astype("<i2"))
