"""Scenes that are recordings as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from training.canvases import stretch_of
from training.recordings.clip import Clip
from training.recordings.transcripts import Utterance
from training.recordings.utterances import SPOKEN_ZERO, spoken_labels
from training.streams.scene import Phrase, Scene, Word

Sounds = Mapping[Path, NDArray[np.int16]]
"""Decoded recordings by path."""


def only_keywords(items: Iterable[Utterance], keywords: Collection[str]) -> list[Utterance]:
    """Return the utterances that hold nothing but keywords, or "oh" where zero is one."""
    spoken = spoken_labels(keywords)
    return [item for item in items if item.words and spoken.issuperset(item.words)]


def keywords_among_others(items: Iterable[Utterance], keywords: Collection[str]) -> list[Utterance]:
    """Return the utterances that hold keywords and other words."""
    spoken = spoken_labels(keywords)
    return [
        item
        for item in items
        if not spoken.isdisjoint(item.words) and not spoken.issuperset(item.words)
    ]


def transcribed_scene(item: Utterance, sounds: Sounds) -> Scene:
    """Return an utterance as a scene; the times of its words are those of the whole."""
    samples = sounds[item.path]
    end = len(samples) / SAMPLE_RATE
    words = tuple(_word(word, end, item.source) for word in item.words)
    return Scene(str(item.path), item.source, samples, (Phrase(words),))


def other_scene(clip: Clip, sounds: Sounds) -> Scene:
    """Return a recording in which nothing should be reported."""
    samples = stretch_of(clip, sounds[clip.path])
    return Scene(str(clip.path), clip.source, samples, start=clip.start)


def _word(text: str, end: float, source: str) -> Word:
    is_oh = text == SPOKEN_ZERO
    return Word("zero" if is_oh else text, 0.0, end, source, text=text, optional=is_oh)
