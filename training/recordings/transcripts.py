"""Tables of transcribed recordings: ``utterances.csv`` says who speaks where, and what."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recognizer.errors import InputError
from training.recordings.clip import Clip, Kind, Split
from training.recordings.splits import split_speakers

UTTERANCES = "utterances.csv"
SEGMENTS = "segments.csv"

_TESTING = 0.2
_TESTING_UNTRANSCRIBED = 0.4
"""Speech without keywords: enough of it to count false alarms by the hour."""


@dataclass(frozen=True)
class Utterance:
    """One recording of speech: where it is, where it comes from, who says what.

    Attributes:
        path: the file.
        source: the collection it comes from.
        speaker: who speaks, unique within the source.
        text: the words that are said, with spaces between them; empty where unknown.
        split: the set its speaker belongs to.

    """

    path: Path
    source: str
    speaker: str
    text: str
    split: Split

    @property
    def words(self) -> list[str]:
        """The words of the text, in order."""
        return self.text.split()

    def clip(
        self,
        label: str,
        kind: Kind,
        word: str = "",
        start: float = 0.0,
        end: float | None = None,
    ) -> Clip:
        """Return a labelled stretch of it; times are in seconds."""
        return Clip(self.path, label, self.source, self.speaker, self.split, kind, start, end, word)


@dataclass(frozen=True)
class Segment:
    """A word inside a recording, as a row of ``segments.csv`` names it; times are in seconds."""

    path: Path
    word: str
    start: float
    end: float


def is_transcribed(folder: Path) -> bool:
    """Say whether the folder has a table of utterances."""
    return (folder / UTTERANCES).is_file()


def read_utterances(folder: Path) -> list[Utterance]:
    """Return the utterances of a folder's table whose files are there.

    Speakers are held out in each folder of the table: a tenth to choose by, and a fifth to report
    on, two fifths where there is no text.

    Raises:
        InputError: the table is no CSV in UTF-8, or lacks a column or a value.

    """
    rows = _rows(folder / UTTERANCES, ("path", "source", "speaker", "text"))
    present = {Path(row["path"]): row for row in rows if (folder / row["path"]).is_file()}
    speakers = {path: row["speaker"] or path.stem for path, row in present.items()}
    texts = {path: row["text"] for path, row in present.items()}
    splits = _splits(speakers, texts)
    return [
        Utterance(folder / path, row["source"], speakers[path], row["text"], splits[path])
        for path, row in present.items()
    ]


def read_segments(folder: Path) -> list[Segment]:
    """Return the segments of a folder's table; none where it has no such table.

    Raises:
        InputError: the table is no CSV in UTF-8, lacks a column or a value, or has a time that is
            no number.

    """
    if not (folder / SEGMENTS).is_file():
        return []
    return [
        Segment(folder / row["path"], row["word"], _seconds(row, "start_s"), _seconds(row, "end_s"))
        for row in _rows(folder / SEGMENTS, ("path", "word", "start_s", "end_s"))
    ]


def _splits(speakers: dict[Path, str], texts: dict[Path, str]) -> dict[Path, Split]:
    # Sources that share a folder may share speakers, so a folder is divided as a whole.
    split_of: dict[Path, Split] = {}
    for group in {_group(path) for path in speakers}:
        members = [path for path in speakers if _group(path) == group]
        testing = _TESTING if any(texts[path] for path in members) else _TESTING_UNTRANSCRIBED
        split_of_speaker = split_speakers((speakers[path] for path in members), testing=testing)
        split_of |= {path: split_of_speaker[speakers[path]] for path in members}
    return split_of


def _group(path: Path) -> tuple[str, ...]:
    return path.parent.parts[:1]


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
