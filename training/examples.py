"""Draws batches of training examples: single words and stretches of streams, with noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from training.canvases import cut
from training.example import Example, pick
from training.mixture import Mixture
from training.negatives import Answer, NegativeDrawer, Stretch
from training.recordings.alignment import Alignment
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind
from training.recordings.passages import Passage
from training.room_tones import loop
from training.said_phones import SaidPhones, draw_phones
from training.stream_examples import StreamDrawer
from training.tracks import Tracks, draw_track
from training.word_examples import WordDrawer


@dataclass(frozen=True)
class Material:
    """What examples are drawn from.

    Attributes:
        clips: keywords and OTHER.
        passages: running speech word by word.
        audio: the decoded recordings; what is not in it is left out.
        phones: those of recordings, by file, where they are known.

    """

    clips: Sequence[Clip]
    passages: Sequence[Passage]
    audio: AudioStore
    phones: Mapping[Path, Alignment] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """Examples before augmentation.

    Attributes:
        canvases: float32 [batch, CANVAS], the word in the middle.
        slack: float32 [batch], samples by which the word may be shifted and still be whole.
        tracks: of CANVAS_STEPS, what is said at each hundredth of a second.
        targets: int64 [batch], places in the labels; UNDECIDED where a window may hold anything.
        noise: float32 [batch, SAMPLE_RATE], recorded noise to be mixed in.
        adjustments: float32 [batch, labels], added to the logits in training, so that nothing is
            gained by knowing the source (mixture.Cells.adjustments).
        other: place of OTHER in the labels.

    """

    canvases: Tensor
    slack: Tensor
    tracks: Tracks
    targets: Tensor
    noise: Tensor
    adjustments: Tensor
    other: int


class ExampleDrawer:
    """Draws examples of labels.

    Args:
        material: what to draw from.
        labels: all labels in the order of the outputs, OTHER among them.
        mixture: what a batch is made of.

    """

    def __init__(self, material: Material, labels: Sequence[str], mixture: Mixture) -> None:
        audio = material.audio
        self.labels = tuple(labels)
        self.mixture = mixture
        clips = [clip for clip in material.clips if clip.path in audio.samples]
        passages = [item for item in material.passages if item.path in audio.samples]
        phones = SaidPhones(material.phones)
        self._words = WordDrawer(clips, audio, labels, mixture, phones)
        self._streams = StreamDrawer(self._words.extents, passages, audio, labels, phones)
        self._negatives = NegativeDrawer(self._words.cells, passages, audio, phones)
        self._mistaken: list[Stretch] = []
        self._noises = [audio.samples[c.path] for c in clips if c.kind is Kind.NOISE]

    def look_for_mistaken(self, answer: Answer, count: int, rng: np.random.Generator) -> int:
        """Let a network hear stretches without keywords; examples are drawn of those it mistakes.

        Args:
            answer: the network's.
            count: how many stretches it hears.
            rng: draws them.

        Returns:
            How many it took for keywords.

        """
        stretches = self._negatives.draw(count, rng)
        self._mistaken = self._negatives.mistaken(stretches, answer)
        return len(self._mistaken)

    def draw_batch(self, size: int, rng: np.random.Generator) -> Batch:
        """Return a batch of examples; the same generator state gives the same batch."""
        examples = [self._draw(rng) for _ in range(size)]
        other = self.labels.index(OTHER)
        return Batch(
            torch.from_numpy(np.stack([example.canvas for example in examples])),
            torch.tensor([example.slack for example in examples], dtype=torch.float32),
            _tracks(examples, other),
            torch.tensor([example.target for example in examples]),
            torch.from_numpy(np.stack([self._draw_noise(rng) for _ in range(size)])),
            torch.from_numpy(np.stack([self._adjustment(example.source) for example in examples])),
            other,
        )

    def _adjustment(self, source: str) -> NDArray[np.float32]:
        none = np.zeros(len(self.labels), dtype=np.float32)
        return self._words.adjustments.get(source, none)

    def _draw(self, rng: np.random.Generator) -> Example:
        kind = rng.random()
        if self._mistaken and kind > 1 - self.mixture.mistaken_share:
            return self._negatives.example(pick(self._mistaken, rng))
        if kind < self.mixture.stream_share:
            return self._streams.draw(rng)
        return self._words.draw(rng)

    def _draw_noise(self, rng: np.random.Generator) -> NDArray[np.float32]:
        kind = rng.random()
        if kind < self.mixture.tone_share and self._words.tones:
            return loop(pick(self._words.tones, rng), SAMPLE_RATE)
        speech = kind > 1 - self.mixture.speech_share and self._words.speech
        noises = self._words.speech if speech else self._noises
        if not noises:
            return rng.standard_normal(SAMPLE_RATE, dtype=np.float32)
        noise = pick(noises, rng)
        return cut(noise, int(rng.integers(max(len(noise) - SAMPLE_RATE, 0) + 1)), SAMPLE_RATE)


def _tracks(examples: Sequence[Example], other: int) -> Tracks:
    labels = [draw_track(example.words, other) for example in examples]
    phones = [draw_phones(example.phones) for example in examples]
    return Tracks(torch.from_numpy(np.stack(labels)), torch.from_numpy(np.stack(phones)))


class BatchDataset(Dataset[Batch]):
    """Batches by step: the same seed and step give the same batch, in any process."""

    def __init__(self, drawer: ExampleDrawer, size: int, seed: int) -> None:
        self.drawer = drawer
        self.size = size
        self.seed = seed

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of a step."""
        return self.drawer.draw_batch(self.size, np.random.default_rng([self.seed, step]))
