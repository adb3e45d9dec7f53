"""One training example, before augmentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from training.tracks import Spoken

_T = TypeVar("_T")


@dataclass(frozen=True)
class Example:
    """A stretch of sound and what is said in it.

    Attributes:
        canvas: float32 [CANVAS].
        slack: samples by which the canvas may be shifted, so that a word in it stays whole.
        words: the keywords on the canvas; all else is OTHER.
        target: place of the label of the window, or UNDECIDED.
        source: the collection it comes from; empty where there are several.
        phones: those on the canvas, with silence between them; None where they are not known.

    """

    canvas: NDArray[np.float32]
    slack: float
    words: tuple[Spoken, ...]
    target: int
    source: str = ""
    phones: tuple[Spoken, ...] | None = None


def pick(choices: Sequence[_T], rng: np.random.Generator) -> _T:
    """Return one of the choices, each as likely as the next."""
    return choices[int(rng.integers(len(choices)))]
