"""Draws single words, and what is none: pieces of speech, noise, parts of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from training.canvases import (
    CANVAS,
    FADE,
    anywhere,
    cut,
    isolated,
    on_canvas,
    stretch_of,
    word_bounds,
)
from training.example import Example, pick
from training.mixture import FRAGMENTS, SPLICES, Mixture, sort_into_cells
from training.nonwords import fragment_bounds, join, piece_bounds
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind
from training.room_tones import room_tone
from training.said_phones import SaidPhones
from training.tracks import UNDECIDED, Spoken

_NEAR = SAMPLE_RATE / 20
_LEVELS = (0.5, 1.5)
_LONGEST_EXTENSION = SAMPLE_RATE // 2

_UNKNOWN = Spoken(UNDECIDED, 0, CANVAS)

_Parts = tuple[NDArray[np.float32], NDArray[np.float32]]


class WordDrawer:
    """Draws examples of labels, each from every source that has it.

    Args:
        clips: what to draw from, keywords and OTHER; all are in ``audio``.
        audio: the decoded recordings.
        labels: all labels in the order of the outputs, OTHER among them.
        mixture: what a batch is made of.
        phones: those of recordings, where they are known.

    """

    def __init__(
        self,
        clips: Sequence[Clip],
        audio: AudioStore,
        labels: Sequence[str],
        mixture: Mixture,
        phones: SaidPhones,
    ) -> None:
        self.audio = audio
        self.labels = tuple(labels)
        self.mixture = mixture
        self._phones = phones
        self.cells = cells = sort_into_cells(clips, labels, mixture)
        self.adjustments = cells.adjustments()
        self._clips = cells.clips
        self._label_shares = cells.label_shares()
        self._cell_shares = {label: cells.cell_shares(label) for label in cells.clips}
        self.speech = [stretch_of(c, audio.samples[c.path]) for c in clips if c.kind is Kind.SPEECH]
        self.extents = {c: word_bounds(c, audio.samples[c.path]) for c in clips if _has_word(c)}

        tones = (
            room_tone(audio.samples[clip.path], extent)
            for clip, extent in self.extents.items()
            if clip.kind is Kind.WORD
        )
        self.tones = [tone for tone in tones if tone is not None]

    def draw(self, rng: np.random.Generator) -> Example:
        """Return an example whose window has a label."""
        label = _choose(self._label_shares, rng)
        cell = _choose(self._cell_shares[label], rng)
        if cell in (FRAGMENTS, SPLICES):
            clip = self._draw_keyword(rng)
            return self._fragment(clip, rng) if cell == FRAGMENTS else self._splice(clip, rng)
        return self._place(pick(self._clips[label][cell], rng), rng)

    def _draw_keyword(self, rng: np.random.Generator) -> Clip:
        keywords = [label for label in self.labels if label != OTHER]
        label = pick(keywords, rng)
        return pick(self._clips[label][_choose(self._cell_shares[label], rng)], rng)

    def _place(self, clip: Clip, rng: np.random.Generator) -> Example:
        samples = self.audio.samples[clip.path]
        if _has_word(clip):
            return self._place_word(clip, samples, rng)
        samples = stretch_of(clip, samples)
        if clip.kind is Kind.SPEECH and rng.random() < self.mixture.piece_share:
            extent = piece_bounds(samples, rng)
            return self._other(clip, isolated(samples, *extent), _slack(extent))
        return self._other(clip, anywhere(samples, rng), SAMPLE_RATE / 4)

    def _place_word(
        self, clip: Clip, samples: NDArray[np.int16], rng: np.random.Generator
    ) -> Example:
        first, last = self.extents[clip]
        if rng.random() < self.mixture.context_share and clip.kind is Kind.WORD:
            origin = (first + last - CANVAS) // 2
            heard = origin, origin + CANVAS
            return self._example(clip, cut(samples, origin, CANVAS), origin, heard)
        before, after = map(int, rng.integers(0, 4 * FADE, size=2))
        heard = first - before, last + after
        origin = (heard[0] + min(heard[1], heard[0] + CANVAS) - CANVAS) // 2
        return self._example(clip, isolated(samples, *heard), origin, heard)

    def _example(
        self, clip: Clip, canvas: NDArray[np.float32], origin: int, heard: tuple[int, int]
    ) -> Example:
        """Return the example of a word on a canvas that starts at ``origin`` in the recording.

        ``heard`` is what is on it of the recording: from its first sample to that behind its last.
        """
        place = self.labels.index(clip.label)
        extent = self.extents[clip]
        word = Spoken(place, extent[0] - origin, extent[1] - origin)
        phones = self._phones.of(clip.path, origin, *heard)
        return Example(canvas, _slack(extent), (word,), place, clip.source, phones)

    def _other(
        self, clip: Clip, canvas: NDArray[np.float32], slack: float, words: tuple[Spoken, ...] = ()
    ) -> Example:
        return Example(canvas, slack, words, self.labels.index(OTHER), clip.source)

    def _fragment(self, clip: Clip, rng: np.random.Generator) -> Example:
        extent = fragment_bounds(self.extents[clip], self.mixture.fragment_keep, rng)
        return self._other(clip, isolated(self.audio.samples[clip.path], *extent), _slack(extent))

    def _splice(self, clip: Clip, rng: np.random.Generator) -> Example:
        """Join a part of a keyword with one of another, or the whole with a piece of speech."""
        whole = bool(self.speech) and rng.random() < self.mixture.whole_share
        other = self._draw_keyword(rng)
        parts = self._extended(clip, rng) if whole else self._halves(clip, other, rng)
        if min(map(len, parts)) <= FADE or (not whole and other.label == clip.label):
            return self._fragment(clip, rng)
        joined = join(*parts, rng.uniform(*_LEVELS))
        # No keyword as a whole, yet its frames sound like one.
        words = (_UNKNOWN,) if whole else ()
        return self._other(clip, on_canvas(joined), _slack((0, len(joined))), words)

    def _extended(self, clip: Clip, rng: np.random.Generator) -> _Parts:
        speech = pick(self.speech, rng)
        word, piece = self._word(clip), _cut_out(speech, piece_bounds(speech, rng))
        before = rng.random() < 0.5
        return (piece[-_LONGEST_EXTENSION:], word) if before else (word, piece[:_LONGEST_EXTENSION])

    def _halves(self, clip: Clip, other: Clip, rng: np.random.Generator) -> _Parts:
        head, tail = self._word(clip), self._word(other)
        kept = rng.uniform(*self.mixture.splice_keep, size=2)
        return head[: round(len(head) * kept[0])], tail[len(tail) - round(len(tail) * kept[1]) :]

    def _word(self, clip: Clip) -> NDArray[np.float32]:
        return _cut_out(self.audio.samples[clip.path], self.extents[clip])


def _choose(shares: Mapping[str, float], rng: np.random.Generator) -> str:
    """Draw a name by its share; faster than rng.choice, and shares need not sum to exactly 1."""
    place = rng.random() * sum(shares.values())
    for name, share in shares.items():
        place -= share
        if place < 0:
            return name
    return name


def _has_word(clip: Clip) -> bool:
    return clip.kind in (Kind.WORD, Kind.SEGMENT)


def _cut_out(samples: NDArray[np.int16], extent: tuple[int, int]) -> NDArray[np.float32]:
    first, last = extent
    return cut(samples, first, min(last - first, CANVAS))


def _slack(extent: tuple[int, int]) -> float:
    """Return by how many samples a word may leave the middle and stay whole, or nearly."""
    return max((SAMPLE_RATE - (extent[1] - extent[0])) / 2, _NEAR)
