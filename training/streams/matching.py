"""Which detection belongs to which word, by time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from recognizer.detection import Detection

TOLERANCE = 0.1
"""Seconds between a detection and a word that still belong together."""


class Extent(Protocol):
    """Something that lasts from a start to an end, in seconds."""

    @property
    def start(self) -> float:
        """When it begins."""
        ...

    @property
    def end(self) -> float:
        """When it is over."""
        ...


class Labelled(Extent, Protocol):
    """Something with a label besides."""

    @property
    def label(self) -> str:
        """The keyword, or OTHER."""
        ...


@dataclass(frozen=True)
class Matching:
    """What became of detections, by index: each is in one of the three.

    Attributes:
        pairs: (word, detection), each word once at most; the labels may differ.
        duplicates: detections that say again what another said of the same word.
        insertions: all others.

    """

    pairs: tuple[tuple[int, int], ...]
    duplicates: tuple[int, ...]
    insertions: tuple[int, ...]


def overlap(one: Extent, other: Extent) -> float:
    """Return how many seconds two extents share; negative is how far they are apart."""
    return min(one.end, other.end) - max(one.start, other.start)


def closest(one: Extent, others: Sequence[Extent]) -> int | None:
    """Return the index of what overlaps most, or is nearest where nothing does; None of none."""
    return max(range(len(others)), key=lambda index: overlap(one, others[index]), default=None)


def match(words: Sequence[Labelled], detections: Sequence[Detection]) -> Matching:
    """Give each detection to the word whose time it overlaps most.

    Of several detections of one word the right label counts, then the longest overlap. A
    detection more than 0.1 s away from every word is an insertion.
    """
    claims: dict[int, list[int]] = defaultdict(list)
    insertions = []
    for number, detection in enumerate(detections):
        word = closest(detection, words)
        if word is None or overlap(detection, words[word]) < -TOLERANCE:
            insertions.append(number)
        else:
            claims[word].append(number)
    chosen = {word: _best(words[word], own, detections) for word, own in claims.items()}
    rest = [(number, best) for word, best in chosen.items() for number in claims[word]]
    repeated = [n for n, b in rest if n != b and detections[n].label == detections[b].label]
    strange = [n for n, b in rest if detections[n].label != detections[b].label]
    return Matching(
        tuple(sorted(chosen.items())), tuple(repeated), tuple(sorted(insertions + strange))
    )


def _best(word: Labelled, claims: Sequence[int], detections: Sequence[Detection]) -> int:
    def fitness(number: int) -> tuple[bool, float]:
        return detections[number].label == word.label, overlap(detections[number], word)

    return max(claims, key=fitness)
