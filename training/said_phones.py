"""Which phone is said when: of recordings, and as tracks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from training.recordings.alignment import PHONES, Aligned, Alignment
from training.tracks import CANVAS_STEPS, UNDECIDED, Spoken, draw_spans, shift

SILENCE = len(PHONES)
"""Entry of a stretch in which nothing is said; lower ones are places in PHONES."""


class SaidPhones:
    """The phones of recordings.

    Args:
        alignments: by file; names are those of PHONES.

    """

    def __init__(self, alignments: Mapping[Path, Alignment]) -> None:
        self._spoken = {path: tuple(map(_spoken, found)) for path, found in alignments.items()}

    def of(
        self, path: Path, origin: float = 0, first: float = -math.inf, last: float = math.inf
    ) -> tuple[Spoken, ...] | None:
        """Return the phones of a recording between two of its samples, counted from a third.

        Args:
            path: the file.
            origin: the sample from which is counted.
            first: nothing before it counts.
            last: nothing from it on counts.

        Returns:
            None where they are not known.

        """
        spoken = self._spoken.get(path)
        return None if spoken is None else shift(spoken, origin, first, last)


def draw_phones(phones: Iterable[Spoken] | None) -> NDArray[np.int64]:
    """Return the track [CANVAS_STEPS] of phones: SILENCE between them, UNDECIDED if not known."""
    if phones is None:
        return np.full(CANVAS_STEPS, UNDECIDED, dtype=np.int64)
    return draw_spans(phones, SILENCE)


def _spoken(phone: Aligned) -> Spoken:
    place = PHONES.index(phone.name)
    return Spoken(place, round(phone.start * SAMPLE_RATE), round(phone.end * SAMPLE_RATE))
