"""Stretches of recordings in which no keyword is said, and those that a network mistakes for one.

What a network in training takes for a keyword and is none is heard more often from then on: hard
negative mining, after K.-K. Sung and T. Poggio, "Example-Based Learning for View-Based Human Face
Detection", 1998, IEEE Transactions on Pattern Analysis and Machine Intelligence 20.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from training.canvases import CANVAS, cut, stretch_of
from training.example import Example, pick
from training.mixture import FRAGMENTS, SPLICES, Cells
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind
from training.recordings.passages import Passage
from training.said_phones import SaidPhones
from training.tracks import UNDECIDED, Spoken

Answer = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Windows float32 [n, SAMPLE_RATE] to probabilities float32 [n, labels]."""

MISTAKEN = 0.2
"""Probability of all keywords together from which a stretch counts as mistaken."""

_NEAR = SAMPLE_RATE / 20
_BATCH = 128
_ANYTHING = Spoken(UNDECIDED, 0, CANVAS)


@dataclass(frozen=True)
class Stretch:
    """A second of a recording: its middle, in samples of the recording."""

    clip: Clip
    middle: int


class NegativeDrawer:
    """Draws stretches without keywords, and makes examples of them.

    Args:
        cells: what OTHER is drawn from; words inside longer recordings are left out.
        passages: running speech word by word; what may sound like a keyword there is left out.
        audio: the decoded recordings.
        phones: those of recordings, where they are known.

    """

    def __init__(
        self, cells: Cells, passages: Iterable[Passage], audio: AudioStore, phones: SaidPhones
    ) -> None:
        shares = cells.cell_shares(OTHER)
        names = [name for name, share in shares.items() if share and not _is_made(name)]
        whole = {name: _whole(cells.clips[OTHER][name]) for name in names}
        self._cells = {name: clips for name, clips in whole.items() if clips}
        self._shares = np.cumsum([shares[name] for name in self._cells])
        self._doubtful = {item.path: _doubtful(item) for item in passages}
        self._audio = audio
        self._phones = phones
        self._other = cells.labels.index(OTHER)

    def draw(self, count: int, rng: np.random.Generator) -> list[Stretch]:
        """Return stretches from all cells, as often as each is drawn for training."""
        drawn = (self._draw(rng) for _ in range(count if self._cells else 0))
        return [stretch for stretch in drawn if not self._is_doubtful(stretch)]

    def mistaken(self, stretches: Sequence[Stretch], answer: Answer) -> list[Stretch]:
        """Return the stretches that a network takes for keywords.

        Args:
            stretches: those to choose from.
            answer: the network's; OTHER is where it is in the labels.

        """
        return [
            stretch
            for group in (stretches[at : at + _BATCH] for at in range(0, len(stretches), _BATCH))
            for stretch, row in zip(group, answer(self._windows(group)), strict=True)
            if 1 - row[self._other] >= MISTAKEN
        ]

    def example(self, stretch: Stretch) -> Example:
        """Return the example that a stretch is: OTHER as a whole, and no example of frames.

        Windows decide what is a keyword. Frames find what may be one, so what sounds like it need
        not be kept from them.
        """
        canvas = self._cut(stretch, CANVAS)
        phones = self._phones.of(stretch.clip.path, stretch.middle - CANVAS // 2)
        return Example(canvas, _NEAR, (_ANYTHING,), self._other, stretch.clip.source, phones)

    def _draw(self, rng: np.random.Generator) -> Stretch:
        place = np.searchsorted(self._shares, rng.uniform(0, self._shares[-1]), side="right")
        clip = pick(list(self._cells.values())[place], rng)
        first, length = _first(clip), len(stretch_of(clip, self._audio.samples[clip.path]))
        return Stretch(clip, first + int(rng.integers(length + 1)))

    def _is_doubtful(self, stretch: Stretch) -> bool:
        words = self._doubtful.get(stretch.clip.path, ())
        return any(word.start <= stretch.middle < word.end for word in words)

    def _windows(self, stretches: Iterable[Stretch]) -> NDArray[np.float32]:
        return np.stack([self._cut(item, SAMPLE_RATE) for item in stretches])

    def _cut(self, stretch: Stretch, length: int) -> NDArray[np.float32]:
        clip = stretch.clip
        heard = stretch_of(clip, self._audio.samples[clip.path])
        return cut(heard, stretch.middle - _first(clip) - length // 2, length)


def _first(clip: Clip) -> int:
    return round(clip.start * SAMPLE_RATE)


def _is_made(cell: str) -> bool:
    return cell in (FRAGMENTS, SPLICES)


def _whole(clips: Sequence[Clip]) -> list[Clip]:
    return [clip for clip in clips if clip.kind is not Kind.SEGMENT]


def _doubtful(passage: Passage) -> tuple[Spoken, ...]:
    """Return the keywords of a passage, and what sounds like one."""
    return tuple(
        Spoken(UNDECIDED, word.start * SAMPLE_RATE, word.end * SAMPLE_RATE)
        for word in passage.words
        if word.label != OTHER
    )
