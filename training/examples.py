"""Draws training examples: balanced over classes and sources, placed on 1.5-second canvases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from training.canvases import CANVAS, FADE, anywhere, cut, isolated, on_canvas, word_bounds
from training.mixture import FRAGMENTS, SPLICES, Mixture, sort_into_cells
from training.nonwords import fragment_bounds, join, piece_bounds
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind

_NEAR = SAMPLE_RATE / 20
_LEVELS = (0.5, 1.5)
_LONGEST_EXTENSION = SAMPLE_RATE // 2

_T = TypeVar("_T")
_Parts = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True)
class Batch:
    """Examples before augmentation.

    Attributes:
        canvases: float32 [batch, CANVAS], the word in the middle.
        slack: float32 [batch], samples by which the word may be shifted and still be whole.
        lengths: float32 [batch], samples of the keyword in the middle, 0 where there is none.
        targets: int64 [batch], places in the labels.
        noise: float32 [batch, SAMPLE_RATE], recorded noise to be mixed in.

    """

    canvases: Tensor
    slack: Tensor
    lengths: Tensor
    targets: Tensor
    noise: Tensor


@dataclass(frozen=True)
class _Placed:
    """A canvas, and by how many samples its word may be shifted."""

    canvas: NDArray[np.float32]
    slack: float


@dataclass(frozen=True)
class _Example:
    placed: _Placed
    length: int
    target: int


class ExampleDrawer:
    """Draws examples of labels, each from every source that has it.

    Args:
        clips: what to draw from, keywords and OTHER.
        audio: the decoded recordings; clips that are not in it are left out.
        labels: all labels in the order of the outputs, OTHER among them.
        mixture: what a batch is made of.

    """

    def __init__(
        self, clips: Sequence[Clip], audio: AudioStore, labels: Sequence[str], mixture: Mixture
    ) -> None:
        self.audio = audio
        self.labels = tuple(labels)
        self.mixture = mixture
        usable = [clip for clip in clips if clip.path in audio.samples]
        cells = sort_into_cells(usable, labels, mixture)
        self._clips = cells.clips
        self._label_shares = cells.label_shares()
        self._cell_shares = {label: cells.cell_shares(label) for label in cells.clips}
        self._noises = [audio.samples[c.path] for c in usable if c.kind is Kind.NOISE]
        self._speech = [audio.samples[c.path] for c in usable if c.kind is Kind.SPEECH]
        self._extents = {c: word_bounds(c, audio.samples[c.path]) for c in usable if _has_word(c)}

    def draw_batch(self, size: int, rng: np.random.Generator) -> Batch:
        """Return a batch of examples; the same generator state gives the same batch."""
        examples = [self._draw(rng) for _ in range(size)]
        return Batch(
            torch.from_numpy(np.stack([example.placed.canvas for example in examples])),
            torch.tensor([example.placed.slack for example in examples], dtype=torch.float32),
            torch.tensor([example.length for example in examples], dtype=torch.float32),
            torch.tensor([example.target for example in examples]),
            torch.from_numpy(np.stack([self._draw_noise(rng) for _ in range(size)])),
        )

    def _draw(self, rng: np.random.Generator) -> _Example:
        label = _choose(self._label_shares, rng)
        cell = _choose(self._cell_shares[label], rng)
        if cell in (FRAGMENTS, SPLICES):
            clip = self._draw_keyword(rng)
            make = self._fragment if cell == FRAGMENTS else self._splice
            return _Example(make(clip, rng), 0, self.labels.index(OTHER))
        clip = _pick(self._clips[label][cell], rng)
        first, last = (0, 0) if label == OTHER else self._extents[clip]
        return _Example(self._place(clip, rng), last - first, self.labels.index(label))

    def _draw_keyword(self, rng: np.random.Generator) -> Clip:
        keywords = [label for label in self.labels if label != OTHER]
        label = keywords[rng.integers(len(keywords))]
        return _pick(self._clips[label][_choose(self._cell_shares[label], rng)], rng)

    def _place(self, clip: Clip, rng: np.random.Generator) -> _Placed:
        samples = self.audio.samples[clip.path]
        if _has_word(clip):
            return self._place_word(clip, samples, rng)
        if clip.kind is Kind.SPEECH and rng.random() < self.mixture.piece_share:
            extent = piece_bounds(samples, rng)
            return _Placed(isolated(samples, *extent), _slack(extent))
        return _Placed(anywhere(samples, rng), SAMPLE_RATE / 4)

    def _place_word(
        self, clip: Clip, samples: NDArray[np.int16], rng: np.random.Generator
    ) -> _Placed:
        first, last = self._extents[clip]
        slack = _slack((first, last))
        if rng.random() < self.mixture.context_share[clip.kind]:
            # Neighbours would come nearer to the middle than the word itself.
            slack = slack if clip.kind is Kind.WORD else min(slack, _NEAR)
            return _Placed(cut(samples, (first + last - CANVAS) // 2, CANVAS), slack)
        before, after = rng.integers(0, 4 * FADE, size=2)
        return _Placed(isolated(samples, first - int(before), last + int(after)), slack)

    def _fragment(self, clip: Clip, rng: np.random.Generator) -> _Placed:
        extent = fragment_bounds(self._extents[clip], self.mixture.fragment_keep, rng)
        return _Placed(isolated(self.audio.samples[clip.path], *extent), _slack(extent))

    def _splice(self, clip: Clip, rng: np.random.Generator) -> _Placed:
        """Join a part of a keyword with one of another, or the whole with a piece of speech."""
        whole = bool(self._speech) and rng.random() < self.mixture.whole_share
        other = self._draw_keyword(rng)
        parts = self._extended(clip, rng) if whole else self._halves(clip, other, rng)
        if min(map(len, parts)) <= FADE or (not whole and other.label == clip.label):
            return self._fragment(clip, rng)
        joined = join(*parts, rng.uniform(*_LEVELS))
        return _Placed(on_canvas(joined), _slack((0, len(joined))))

    def _extended(self, clip: Clip, rng: np.random.Generator) -> _Parts:
        speech = _pick(self._speech, rng)
        word, piece = self._word(clip), _cut_out(speech, piece_bounds(speech, rng))
        before = rng.random() < 0.5
        return (piece[-_LONGEST_EXTENSION:], word) if before else (word, piece[:_LONGEST_EXTENSION])

    def _halves(self, clip: Clip, other: Clip, rng: np.random.Generator) -> _Parts:
        head, tail = self._word(clip), self._word(other)
        kept = rng.uniform(*self.mixture.splice_keep, size=2)
        return head[: round(len(head) * kept[0])], tail[len(tail) - round(len(tail) * kept[1]) :]

    def _word(self, clip: Clip) -> NDArray[np.float32]:
        return _cut_out(self.audio.samples[clip.path], self._extents[clip])

    def _draw_noise(self, rng: np.random.Generator) -> NDArray[np.float32]:
        speech = bool(self._speech) and rng.random() < self.mixture.speech_share
        noises = self._speech if speech else self._noises
        if not noises:
            return rng.standard_normal(SAMPLE_RATE, dtype=np.float32)
        noise = _pick(noises, rng)
        return cut(noise, int(rng.integers(max(len(noise) - SAMPLE_RATE, 0) + 1)), SAMPLE_RATE)


class BatchDataset(Dataset[Batch]):
    """Batches by step: the same seed and step give the same batch, in any process."""

    def __init__(self, drawer: ExampleDrawer, size: int, seed: int) -> None:
        self.drawer = drawer
        self.size = size
        self.seed = seed

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of a step."""
        return self.drawer.draw_batch(self.size, np.random.default_rng([self.seed, step]))


def _pick(choices: Sequence[_T], rng: np.random.Generator) -> _T:
    return choices[int(rng.integers(len(choices)))]


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
