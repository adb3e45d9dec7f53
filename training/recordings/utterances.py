"""Transcribed utterances: ``utterances.csv`` with texts, ``segments.csv`` with times of words."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.recordings.clip import Clip, Kind, Split
from training.recordings.splits import split_speakers

UTTERANCES = "utterances.csv"
SEGMENTS = "segments.csv"
SHORTEST_SEGMENT = 0.15
LONGEST_SEGMENT = 0.85
_SPOKEN_ZERO = "oh"


@dataclass(frozen=True)
class Utterance:
    """One recording of speech: where it is, where it comes from, who says what."""

    path: Path
    source: str
    speaker: str
    text: str


def is_transcribed(folder: Path) -> bool:
    """Say whether the folder has a table of utterances."""
    return (folder / UTTERANCES).is_file()


def load_utterances(folder: Path, labels: Collection[str]) -> list[Clip]:
    """Return the labelled segments, and as OTHER the utterances in which no label is known.

    Segments shorter than 0.15 s or longer than 0.85 s are misaligned and left out. An utterance
    that holds a label, or "oh" where "zero" is one, is no example of OTHER. Speakers are held out
    in each folder of the table.

    Raises:
        InputError: a table is no CSV in UTF-8, lacks a column or a value, or has a time that is no
            number.

    """
    utterances = {str(item.path): item for item in _utterances(folder)}
    splits = _splits(folder, list(utterances.values()))
    segments = [clip for clip in _segments(folder, utterances, splits) if clip.label in labels]
    taken = {clip.path for clip in segments}
    words = set(labels) | ({_SPOKEN_ZERO} if "zero" in labels else set())
    speech = [
        _speech(item, splits)
        for item in utterances.values()
        if item.path not in taken and words.isdisjoint(item.text.split())
    ]
    return segments + speech


def _utterances(folder: Path) -> Iterator[Utterance]:
    for row in _rows(folder / UTTERANCES, ("path", "source", "speaker", "text")):
        path = folder / row["path"]
        if path.is_file():
            yield Utterance(path, row["source"], row["speaker"] or path.stem, row["text"])


def _splits(folder: Path, utterances: list[Utterance]) -> dict[Path, Split]:
    # Sources that share a folder may share speakers, so a folder is divided as a whole.
    split_of: dict[Path, Split] = {}
    for group in {_group(folder, item) for item in utterances}:
        members = [item for item in utterances if _group(folder, item) == group]
        split_of_speaker = split_speakers(item.speaker for item in members)
        split_of |= {item.path: split_of_speaker[item.speaker] for item in members}
    return split_of


def _group(folder: Path, item: Utterance) -> Path:
    return folder / Path(*item.path.relative_to(folder).parent.parts[:1])


def _segments(
    folder: Path, utterances: dict[str, Utterance], splits: dict[Path, Split]
) -> Iterator[Clip]:
    if not (folder / SEGMENTS).is_file():
        return
    for row in _rows(folder / SEGMENTS, ("path", "word", "start_s", "end_s")):
        item = utterances.get(str(folder / row["path"]))
        start, end = _seconds(row, "start_s"), _seconds(row, "end_s")
        if item and SHORTEST_SEGMENT <= end - start <= LONGEST_SEGMENT:
            split = splits[item.path]
            yield Clip(
                item.path, row["word"], item.source, item.speaker, split, Kind.SEGMENT, start, end
            )


def _speech(item: Utterance, splits: dict[Path, Split]) -> Clip:
    split = splits[item.path]
    return Clip(item.path, OTHER, item.source, item.speaker, split, Kind.SPEECH)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    expected = f"expected a table in UTF-8 with the columns {', '.join(columns)}"
    try:
        rows = _table(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"{path}: {error}: {expected}"
        raise InputError(message) from None
    for number, row in enumerate(rows, start=1):
        missing = [column for column in columns if row.get(column) is None]
        if missing:
            message = f"{path}: row {number} has no {', '.join(missing)}: {expected}"
            raise InputError(message)
        if Path(row["path"]).is_absolute():
            message = f"{path}: row {number} has the path {row['path']}: expected it relative"
            raise InputError(message)
        yield row


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _seconds(row: dict[str, str], column: str) -> float:
    try:
        return float(row[column])
    except ValueError:
        message = f"{SEGMENTS}: {column} of {row['path']} is {row[column]!r}: expected seconds"
        raise InputError(message) from None
