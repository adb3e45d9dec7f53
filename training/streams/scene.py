"""What is played to a listener, and what is said in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.detection import Detection


@dataclass(frozen=True)
class Word:
    """A word at a known time.

    Attributes:
        label: a keyword or OTHER.
        start: in seconds from the start of the scene.
        end: in seconds from the start of the scene.
        source: the collection that it comes from.
        origin: the recording that it was cut from; empty where that is the scene itself.
        text: what is said, where that is known and something else than the label.
        optional: it may be heard as its label or not at all, without being counted.

    """

    label: str
    start: float
    end: float
    source: str
    origin: str = ""
    text: str = ""
    optional: bool = False

    def __str__(self) -> str:
        """Return what is said."""
        return self.text or self.label


@dataclass(frozen=True)
class Phrase:
    """Words in a row, at least one.

    Attributes:
        words: in order; where nobody knows when they are said, each has the phrase's times.

    """

    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        """When the first word starts, in seconds from the start of the scene."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """When the last word ends, in seconds from the start of the scene."""
        return self.words[-1].end

    @property
    def source(self) -> str:
        """The collection that the words come from."""
        return self.words[0].source

    def __str__(self) -> str:
        """Return what is said."""
        return " ".join(map(str, self.words))


@dataclass(frozen=True)
class Scene:
    """A recording, or a composed piece of sound.

    Attributes:
        name: the file in which one can listen to it.
        source: the collection that it comes from.
        samples: int16 [n], mono at 16 kHz.
        phrases: what is said, in order; empty where no word matters, only that none is reported.
        start: when the scene begins in that file, in seconds.

    """

    name: str
    source: str
    samples: NDArray[np.int16]
    phrases: tuple[Phrase, ...] = ()
    start: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / SAMPLE_RATE


@dataclass(frozen=True)
class Heard:
    """A scene and what was reported in it, in the order of the reports."""

    scene: Scene
    detections: tuple[Detection, ...]
