"""Recordings in the layout of the Free Spoken Digit Dataset: ``<digit>_<speaker>_<n>.wav``."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from training.recordings.clip import DIGITS, Clip, Kind
from training.recordings.noise import find_audio
from training.recordings.splits import split_speakers

_NAME = re.compile(r"(?P<digit>[0-9])_(?P<speaker>.+)_[0-9]+")


def is_spoken_digits(folder: Path) -> bool:
    """Say whether the folder's ``recordings`` hold files named as in the data set."""
    return any(_NAME.fullmatch(path.stem) for path in find_audio(folder / "recordings"))


def load_spoken_digits(folder: Path, labels: Collection[str]) -> list[Clip]:
    """Return the clips of the digits that are among the labels.

    The data set has a handful of speakers, so one in ten, at least one, is held out to choose by
    and none to report on.
    """
    matches = [(path, _NAME.fullmatch(path.stem)) for path in find_audio(folder / "recordings")]
    named = [
        (path, DIGITS[int(match["digit"])], match["speaker"]) for path, match in matches if match
    ]
    split_of = split_speakers((speaker for _, _, speaker in named), testing=0.0)
    return [
        Clip(path, label, folder.name, speaker, split_of[speaker], Kind.WORD)
        for path, label, speaker in named
        if label in labels
    ]
