"""Clips of transcribed recordings: labelled segments, speech without a label, words alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from recognizer.metadata import OTHER
from training.recordings.audio_store import duration
from training.recordings.clip import Clip, Kind, Split
from training.recordings.splits import held_out_words
from training.recordings.transcripts import Utterance, read_segments, read_utterances

SHORTEST_SEGMENT = 0.15
LONGEST_SEGMENT = 0.85
LONGEST_WORD = 3.5
"""Seconds of a recording that holds, beside its silence, one word or two."""

_HELD_OUT = 0.5

SPOKEN_ZERO = "oh"
"""What people say instead of zero."""


def load_utterances(folder: Path, labels: Collection[str]) -> list[Clip]:
    """Return the labelled segments, and as OTHER the utterances in which no label is known.

    Segments shorter than 0.15 s or longer than 0.85 s are misaligned and left out. An utterance
    that holds a label, or "oh" where "zero" is one, is no example of OTHER. Where recordings of a
    source have no text and lie in several folders with names of letters, such as
    ``computer/1.ogg``, these names are what is said there; those shorter than 3.5 s, and those of
    labels, count as words spoken alone; about half of these names are never for training.

    Raises:
        InputError: a table is no CSV in UTF-8, lacks a column or a value, or has a time that is no
            number.

    """
    utterances = read_utterances(folder)
    segments = [clip for clip in _segments(folder, utterances) if clip.label in labels]
    taken = {clip.path for clip in segments}
    rest = [item for item in utterances if item.path not in taken]
    return segments + list(_whole(rest, labels))


def spoken_labels(labels: Collection[str]) -> frozenset[str]:
    """Return the labels and what people say instead of them: "oh" for zero."""
    return frozenset(labels) | ({SPOKEN_ZERO} if "zero" in labels else frozenset())


def is_segment_length(seconds: float) -> bool:
    """Say whether a word of running speech can be that long; others are misaligned."""
    return SHORTEST_SEGMENT <= seconds <= LONGEST_SEGMENT


def _segments(folder: Path, utterances: Sequence[Utterance]) -> Iterator[Clip]:
    by_path = {item.path: item for item in utterances}
    for segment in read_segments(folder):
        item = by_path.get(segment.path)
        if item and is_segment_length(segment.end - segment.start):
            word = segment.word
            yield item.clip(word, Kind.SEGMENT, word, segment.start, segment.end)


def _whole(utterances: Sequence[Utterance], labels: Collection[str]) -> Iterator[Clip]:
    folders = _word_folders(utterances)
    keywords = spoken_labels(labels)
    held_out = held_out_words((path.name for path in folders), _HELD_OUT)
    for item in utterances:
        word = item.path.parent.name if not item.text and item.path.parent in folders else ""
        if word in labels:
            yield item.clip(word, Kind.WORD, word)
        elif keywords.isdisjoint([*item.words, *word.split()]):
            yield _other(_kept_from_training(item, word, held_out), word)


def _kept_from_training(item: Utterance, word: str, held_out: Collection[str]) -> Utterance:
    """Return the recording of a word, for testing where a training must not hear that word."""
    if word in held_out and item.split is Split.TRAINING:
        return replace(item, split=Split.TESTING)
    return item


def _other(item: Utterance, word: str) -> Clip:
    if word and duration(item.path) < LONGEST_WORD:
        return item.clip(OTHER, Kind.WORD, word)
    return item.clip(OTHER, Kind.SPEECH)


def _word_folders(utterances: Sequence[Utterance]) -> set[Path]:
    folders: dict[str, set[Path]] = defaultdict(set)
    for item in utterances:
        if not item.text:
            folders[item.source].add(item.path.parent)
    groups = [group for group in folders.values() if len(group) > 1]
    return {
        folder
        for group in groups
        for folder in group
        if all(other.name.replace(" ", "").isalpha() for other in group)
    }
