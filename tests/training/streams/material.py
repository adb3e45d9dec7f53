"""Words, detections and scenes for tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from recognizer.detection import Detection
from training.streams.scene import Heard, Phrase, Scene, Word

LABELS = ("one", "two", "three")


def word(label: str, start: float, end: float, *, source: str = "talks", **more) -> Word:
    return Word(label, start, end, source, **more)


def detection(
    label: str, start: float, end: float, *, time: float | None = None, confidence: float = 0.9
) -> Detection:
    return Detection(label, confidence, start, end, end + 0.3 if time is None else time)


def scene(*phrases: Phrase, name: str = "a.flac", source: str = "talks", seconds: float = 10.0):
    samples = np.zeros(round(seconds * 16_000), dtype=np.int16)
    return Scene(name, source, samples, phrases)


def heard(*detections: Detection, phrases: tuple[Phrase, ...] = (), **more) -> Heard:
    return Heard(scene(*phrases, **more), detections)


def row(*labels: str, start: float = 0.0) -> Phrase:
    """Return a phrase of words that last half a second each, without pauses."""
    times = (start + place / 2 for place in range(len(labels)))
    return Phrase(tuple(word(label, t, t + 0.5) for label, t in zip(labels, times, strict=True)))


@st.composite
def _extents(draw):
    start = draw(st.floats(0, 5))
    return start, start + draw(st.floats(0, 2))


def detections():
    """Return a strategy of detections anywhere in seven seconds."""
    pair = st.tuples(st.sampled_from(LABELS), _extents())
    return st.lists(pair.map(lambda item: detection(item[0], *item[1])), max_size=6)


def words():
    """Return a strategy of words anywhere in seven seconds."""
    pair = st.tuples(st.sampled_from(LABELS), _extents())
    return st.lists(pair.map(lambda item: word(item[0], *item[1])), max_size=6)
