"""What became of the words of a stream."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.soaking.stream import Word
from recognizer.detection import Detection
from training.streams.matching import match


@dataclass(frozen=True)
class Verdict:
    """How a stream was heard.

    Attributes:
        found: words reported exactly once, and as what they are.
        missed: words that were not reported, or as others.
        extra: reports of anything else: once more of the same, another label, or of no word.

    """

    found: tuple[Word, ...]
    missed: tuple[Word, ...]
    extra: tuple[Detection, ...]


def judged(words: Sequence[Word], reports: Sequence[Detection]) -> Verdict:
    """Return what became of the words, given everything that was reported."""
    pairs = match(words, reports).pairs
    right = {word: report for word, report in pairs if words[word].label == reports[report].label}
    used = set(right.values())
    return Verdict(
        found=tuple(word for index, word in enumerate(words) if index in right),
        missed=tuple(word for index, word in enumerate(words) if index not in right),
        extra=tuple(report for index, report in enumerate(reports) if index not in used),
    )


def detection_in(line: str) -> Detection:
    """Return the detection that a line of JSON tells of."""
    event = json.loads(line)
    if event.pop("event") != "detection":
        raise ValueError(f"{line}: expected a detection")
    return Detection(**event)
