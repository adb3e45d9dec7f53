"""What the loaders of recordings hand on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Split(Enum):
    """Which of three sets of speakers a recording belongs to; no speaker is in two."""

    TRAINING = "training"
    VALIDATION = "validation"
    TESTING = "testing"


class Kind(Enum):
    """How a recording shows its word."""

    WORD = "word"
    """A recording of one word, spoken alone."""
    SEGMENT = "segment"
    """A word inside a longer recording, at known times."""
    SPEECH = "speech"
    """A longer recording in which no keyword is known to occur."""
    NOISE = "noise"
    """Sounds that are no speech."""


@dataclass(frozen=True)
class Clip:
    """One labelled stretch of a recording.

    Attributes:
        path: the file.
        label: a keyword or OTHER.
        source: the collection it comes from; collections differ in microphones and rooms.
        speaker: who speaks, unique within the source.
        split: the set its speaker belongs to.
        kind: how the recording shows its word.
        start: seconds from the start of the file to the word.
        end: seconds from the start of the file to the word's end; None is the file's end.
        word: what is said, where that is known; empty elsewhere.

    """

    path: Path
    label: str
    source: str
    speaker: str
    split: Split
    kind: Kind
    start: float = 0.0
    end: float | None = None
    word: str = ""
