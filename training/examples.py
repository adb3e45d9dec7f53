"""Draws training examples: balanced over classes and sources, placed on 1.5-second canvases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from training.canvases import CANVAS, FADE, anywhere, cut, fragment_bounds, isolated, word_bounds
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind

_NEAR = SAMPLE_RATE / 20
_FRAGMENTS = "fragments of keywords"


@dataclass(frozen=True)
class Mixture:
    """What a batch is made of.

    Attributes:
        other_share: share of examples that are no keyword, 0..1.
        source_weights: how often a source is drawn beside the others that have the same label.
        default_weight: the weight of sources that are not named.
        context_share: share of words that keep what surrounds them in the recording: room tone
            around a word spoken alone, neighbours in an utterance around a segment.
        fragment_keep: smallest and largest share of a keyword that a fragment keeps.

    """

    other_share: float = 0.3
    source_weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "speech_commands": 2.0,
            _FRAGMENTS: 1.5,
            "noise": 0.5,
            "_background_noise_": 0.3,
            "spelled names": 0.5,
        }
    )
    default_weight: float = 1.0
    context_share: Mapping[Kind, float] = field(
        default_factory=lambda: {Kind.WORD: 0.7, Kind.SEGMENT: 0.1}
    )
    fragment_keep: tuple[float, float] = (0.2, 0.45)


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
class _Example:
    canvas: NDArray[np.float32]
    slack: float
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
        self._cells = _cells(usable)
        fragments = [clip for clip in usable if clip.label != OTHER]
        self._cells.setdefault(OTHER, {})[_FRAGMENTS] = fragments
        self._noises = [audio.samples[c.path] for c in usable if c.kind is Kind.NOISE]
        self._extents = {c: word_bounds(c, audio.samples[c.path]) for c in usable if _has_word(c)}

    def draw_batch(self, size: int, rng: np.random.Generator) -> Batch:
        """Return a batch of examples; the same generator state gives the same batch."""
        examples = [self._draw(rng) for _ in range(size)]
        return Batch(
            torch.from_numpy(np.stack([example.canvas for example in examples])),
            torch.tensor([example.slack for example in examples], dtype=torch.float32),
            torch.tensor([example.length for example in examples], dtype=torch.float32),
            torch.tensor([example.target for example in examples]),
            torch.from_numpy(np.stack([self._draw_noise(rng) for _ in range(size)])),
        )

    def _draw(self, rng: np.random.Generator) -> _Example:
        label = self._draw_label(rng)
        source = self._draw_source(label, rng)
        choices = self._cells[label][source]
        clip = choices[rng.integers(len(choices))]
        samples = self.audio.samples[clip.path]
        if source == _FRAGMENTS:
            extent = fragment_bounds(self._extents[clip], self.mixture.fragment_keep, rng)
            canvas, slack = isolated(samples, *extent), _slack(extent)
        elif _has_word(clip):
            canvas, slack = self._place_word(clip, samples, rng)
        else:
            canvas, slack = anywhere(samples, rng), SAMPLE_RATE / 4
        first, last = (0, 0) if label == OTHER else self._extents[clip]
        return _Example(canvas, slack, last - first, self.labels.index(label))

    def _place_word(
        self, clip: Clip, samples: NDArray[np.int16], rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], float]:
        first, last = self._extents[clip]
        slack = _slack((first, last))
        if rng.random() < self.mixture.context_share[clip.kind]:
            # Neighbours would come nearer to the middle than the word itself.
            slack = slack if clip.kind is Kind.WORD else min(slack, _NEAR)
            return cut(samples, (first + last - CANVAS) // 2, CANVAS), slack
        before, after = rng.integers(0, 4 * FADE, size=2)
        return isolated(samples, first - int(before), last + int(after)), slack

    def _draw_label(self, rng: np.random.Generator) -> str:
        if OTHER in self.labels and rng.random() < self.mixture.other_share:
            return OTHER
        keywords = [label for label in self.labels if label != OTHER]
        return keywords[rng.integers(len(keywords))]

    def _draw_source(self, label: str, rng: np.random.Generator) -> str:
        sources = list(self._cells[label])
        weights = np.array([self._weight(source) for source in sources])
        return sources[rng.choice(len(sources), p=weights / weights.sum())]

    def _weight(self, source: str) -> float:
        return self.mixture.source_weights.get(source, self.mixture.default_weight)

    def _draw_noise(self, rng: np.random.Generator) -> NDArray[np.float32]:
        if not self._noises:
            return rng.standard_normal(SAMPLE_RATE, dtype=np.float32)
        noise = self._noises[rng.integers(len(self._noises))]
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


def _cells(clips: Sequence[Clip]) -> dict[str, dict[str, list[Clip]]]:
    # Plain dictionaries: processes that draw examples may get the drawer as a pickle.
    cells: dict[str, dict[str, list[Clip]]] = {}
    for clip in clips:
        cells.setdefault(clip.label, {}).setdefault(clip.source, []).append(clip)
    return cells


def _has_word(clip: Clip) -> bool:
    return clip.kind in (Kind.WORD, Kind.SEGMENT)


def _slack(extent: tuple[int, int]) -> float:
    """Return by how many samples a word may leave the middle and stay whole, or nearly."""
    return max((SAMPLE_RATE - (extent[1] - extent[0])) / 2, _NEAR)
