"""Running speech of which every word is known with its times."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.recordings.clip import Split


@dataclass(frozen=True)
class SaidWord:
    """A word of running speech.

    Attributes:
        label: a keyword, OTHER, or None for a word that sounds like a keyword and is none, or whose
            sound is not known.
        start: seconds from the start of the recording.
        end: seconds from the start of the recording.

    """

    label: str | None
    start: float
    end: float


@dataclass(frozen=True)
class Passage:
    """A recording of running speech.

    Attributes:
        path: the file.
        split: the set its speaker belongs to.
        words: all words, in order.

    """

    path: Path
    split: Split
    words: tuple[SaidWord, ...]
