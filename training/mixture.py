"""What a batch is made of: labels, the cells that examples of a label come from, and their shares.

A cell is all clips of one label and one source, running speech apart from single words; besides
there are cells of what is made of keywords but is none. ``other`` and each keyword have their share
whatever number of clips they have, and so have the cells of a label.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recognizer.metadata import OTHER
from training.recordings.clip import Clip, Kind

FRAGMENTS = "fragments of keywords"
SPLICES = "keywords joined with other sounds"


@dataclass(frozen=True)
class Mixture:
    """What a batch is made of.

    Attributes:
        other_share: share of examples that are no keyword, 0..1.
        cell_weights: how often a cell is drawn beside the others that have the same label, by its
            name: the source of keywords and of noise, "SOURCE words" and "SOURCE speech" of OTHER.
        default_weight: the weight of cells that are not named.
        context_share: share of words spoken alone that keep the room tone around them.
        fragment_keep: smallest and largest share of a keyword that a fragment keeps.
        splice_keep: smallest and largest share of each of two keywords that are joined.
        whole_share: share of the joined that hold a whole keyword, with something else before or
            behind it.
        piece_share: share of running speech that is cut to the length of a word.
        speech_share: share of the noise that is other people's speech.
        stream_share: share of examples that are stretches of a stream, for networks that decide
            frame by frame.
        mistaken_share: share of examples that are stretches without keywords which the network
            took for some, as long as there are any.
        tone_share: share of the noise that is room tone of recorded words.
        adjustment: how far a network is kept from learning which labels a source has, 0..1.

    """

    other_share: float = 0.4
    cell_weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "speech_commands": 2.0,
            "synthesised": 0.5,
            "speech_commands words": 2.0,
            "speechocean762 words": 2.0,
            "synthesised words": 1.5,
            "LibriSpeech train-clean-100 speech": 1.5,
            "speechocean762 speech": 1.0,
            "an4 speech": 0.7,
            "spelled names speech": 0.3,
            "noise": 2.0,
            "_background_noise_": 0.6,
            SPLICES: 1.5,
        }
    )
    default_weight: float = 1.0
    context_share: float = 0.7
    fragment_keep: tuple[float, float] = (0.2, 0.45)
    splice_keep: tuple[float, float] = (0.3, 0.55)
    whole_share: float = 0.5
    piece_share: float = 0.6
    speech_share: float = 0.15
    stream_share: float = 0.0
    mistaken_share: float = 0.0
    tone_share: float = 0.3
    adjustment: float = 0.9

    def weight(self, cell: str) -> float:
        """Return the weight of a cell."""
        return self.cell_weights.get(cell, self.default_weight)


@dataclass(frozen=True)
class Cells:
    """All that can be drawn: clips by label and cell, and how likely each is.

    Attributes:
        clips: clips by label, then by name of the cell.
        labels: in the order of the outputs.
        mixture: shares and weights.

    """

    clips: Mapping[str, Mapping[str, Sequence[Clip]]]
    labels: tuple[str, ...]
    mixture: Mixture

    def label_shares(self) -> dict[str, float]:
        """Return how likely each label is."""
        keywords = [label for label in self.labels if label != OTHER]
        other = self.mixture.other_share if OTHER in self.labels else 0.0
        shares = dict.fromkeys(keywords, (1 - other) / max(len(keywords), 1))
        return {**shares, OTHER: other} if OTHER in self.labels else shares

    def cell_shares(self, label: str) -> dict[str, float]:
        """Return how likely each cell of a label is, once the label is drawn."""
        weights = {name: self.mixture.weight(name) for name in self.clips[label]}
        total = sum(weights.values())
        return {name: weight / total for name, weight in weights.items()}

    def adjustments(self) -> dict[str, NDArray[np.float32]]:
        """Return by source how much more often it has each label than all sources together.

        The logarithm of that ratio is added to the logits in training, so that a network gains
        nothing by telling sources apart (logit adjustment: Menon et al., 2021, arXiv:2007.07314,
        here by source). Sources without a keyword are left as they are: there is nothing that they
        could be mistaken for.
        """
        shares = self.label_shares()
        joint = self._shares_by_source()
        return {
            source: self._adjustment(by_label, shares)
            for source, by_label in joint.items()
            if any(share and label != OTHER for label, share in by_label.items())
        }

    def _adjustment(
        self, by_label: Mapping[str, float], shares: Mapping[str, float]
    ) -> NDArray[np.float32]:
        total = sum(by_label.values())
        keep = self.mixture.adjustment
        ratios = [
            1 - keep + keep * by_label.get(label, 0.0) / total / max(shares[label], 1e-9)
            for label in self.labels
        ]
        return np.array([math.log(max(ratio, 1e-3)) for ratio in ratios], dtype=np.float32)

    def _shares_by_source(self) -> dict[str, dict[str, float]]:
        """Return how likely a source and a label are together; made negatives count as theirs."""
        joint: dict[str, dict[str, float]] = {}
        for label, share in self.label_shares().items():
            for cell, part in self.cell_shares(label).items():
                for source, fraction in self._sources(cell, label).items():
                    row = joint.setdefault(source, {})
                    row[label] = row.get(label, 0.0) + share * part * fraction
        return joint

    def _sources(self, cell: str, label: str) -> dict[str, float]:
        if cell not in (FRAGMENTS, SPLICES):
            return {self.clips[label][cell][0].source: 1.0}
        keywords = [name for name in self.labels if name != OTHER]
        shares: dict[str, float] = {}
        for keyword in keywords:
            for source, share in self.cell_shares(keyword).items():
                shares[source] = shares.get(source, 0.0) + share / len(keywords)
        return shares


def sort_into_cells(clips: Sequence[Clip], labels: Sequence[str], mixture: Mixture) -> Cells:
    """Return the cells of all clips."""
    # Plain dictionaries: processes that draw examples may get them as a pickle.
    cells: dict[str, dict[str, Sequence[Clip]]] = {label: {} for label in (*labels, OTHER)}
    for clip in clips:
        members = cells.setdefault(clip.label, {}).setdefault(_cell(clip), [])
        assert isinstance(members, list)
        members.append(clip)
    keywords = [clip for clip in clips if clip.label != OTHER]
    cells[OTHER] |= {FRAGMENTS: keywords, SPLICES: keywords}
    return Cells(cells, tuple(labels), mixture)


def _cell(clip: Clip) -> str:
    if clip.kind is Kind.SPEECH:
        return f"{clip.source} speech"
    other_word = clip.label == OTHER and clip.kind is not Kind.NOISE
    return f"{clip.source} words" if other_word else clip.source
