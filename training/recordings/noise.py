"""Folders of noise: any depth, any number of long or short recordings."""

from __future__ import annotations

from pathlib import Path

from recognizer.metadata import OTHER
from training.recordings.clip import Clip, Kind
from training.recordings.splits import split_speakers

AUDIO_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".opus", ".mp3"})


def find_audio(folder: Path) -> list[Path]:
    """Return the audio files anywhere under a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in AUDIO_SUFFIXES)


def noise_clips(folder: Path, source: str) -> list[Clip]:
    """Return every recording under the folder as noise; files take the place of speakers.

    A handful of long recordings, as in Speech Commands, is all for training: none can be spared.
    """
    paths = find_audio(folder)
    share = 0.1 if len(paths) >= 20 else 0.0
    names = {path: str(path.relative_to(folder)) for path in paths}
    split_of = split_speakers(names.values(), validation=share, testing=share)
    return [
        Clip(path, OTHER, source, name, split_of[name], Kind.NOISE) for path, name in names.items()
    ]
