"""The cheapest way from what was said to what was heard: substitutions, deletions, insertions.

Method: V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and
reversals", 1966, with words that may be left out at no cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Said(Protocol):
    """A word of the truth."""

    @property
    def label(self) -> str:
        """What should be heard."""
        ...

    @property
    def optional(self) -> bool:
        """Whether it may be left out at no cost."""
        ...


@dataclass(frozen=True)
class Edits:
    """How what was heard comes from what was said, by the indexes of both.

    Attributes:
        matches: (said, heard), optional words among them.
        substitutions: (said, heard).
        deletions: said, but not heard; optional words are left out.
        insertions: heard, but not said.

    """

    matches: tuple[tuple[int, int], ...]
    substitutions: tuple[tuple[int, int], ...]
    deletions: tuple[int, ...]
    insertions: tuple[int, ...]

    @property
    def errors(self) -> int:
        """The number of substitutions, deletions and insertions."""
        return len(self.substitutions) + len(self.deletions) + len(self.insertions)


def compare(said: Sequence[Said], heard: Sequence[str]) -> Edits:
    """Return the fewest edits; an optional word can only match its label or be left out."""
    steps = list(_steps_back(said, heard, _costs(said, heard)))[::-1]
    both = [(i, j) for i, j in steps if i is not None and j is not None]
    return Edits(
        tuple((i, j) for i, j in both if said[i].label == heard[j]),
        tuple((i, j) for i, j in both if said[i].label != heard[j]),
        tuple(i for i, j in steps if i is not None and j is None and not said[i].optional),
        tuple(j for i, j in steps if j is not None and i is None),
    )


def duplicates(edits: Edits, heard: Sequence[str]) -> tuple[int, ...]:
    """Return the insertions that repeat a match beside them."""
    matched = {j for _, j in edits.matches}
    inserted = set(edits.insertions)
    runs = [[j for j, _ in run] for _, run in groupby(enumerate(heard), key=lambda item: item[1])]
    return tuple(j for run in runs if not matched.isdisjoint(run) for j in run if j in inserted)


def _costs(said: Sequence[Said], heard: Sequence[str]) -> NDArray[np.float64]:
    """Return the least cost of turning the first i words said into the first j heard, [i, j]."""
    costs = np.zeros((len(said) + 1, len(heard) + 1))
    costs[0] = np.arange(len(heard) + 1)
    for i, word in enumerate(said):
        costs[i + 1, 0] = costs[i, 0] + _omission(word)
        for j, label in enumerate(heard):
            costs[i + 1, j + 1] = min(
                costs[i, j] + _exchange(word, label),
                costs[i, j + 1] + _omission(word),
                costs[i + 1, j] + 1,
            )
    return costs


def _steps_back(
    said: Sequence[Said], heard: Sequence[str], costs: NDArray[np.float64]
) -> Iterator[tuple[int | None, int | None]]:
    i, j = len(said), len(heard)
    while i or j:
        if i and j and costs[i, j] == costs[i - 1, j - 1] + _exchange(said[i - 1], heard[j - 1]):
            i, j = i - 1, j - 1
            yield i, j
        elif i and costs[i, j] == costs[i - 1, j] + _omission(said[i - 1]):
            i -= 1
            yield i, None
        else:
            j -= 1
            yield None, j


def _exchange(word: Said, label: str) -> float:
    if word.label == label:
        return 0.0
    return np.inf if word.optional else 1.0


def _omission(word: Said) -> float:
    return 0.0 if word.optional else 1.0
