"""Finds every known layout of recordings under one folder."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.recordings.clip import Clip, Kind
from training.recordings.noise import AUDIO_SUFFIXES, find_audio, noise_clips
from training.recordings.speech_commands import is_speech_commands, load_speech_commands
from training.recordings.spoken_digits import is_spoken_digits, load_spoken_digits
from training.recordings.utterances import is_transcribed, load_utterances

NOISE_FOLDER = "noise"


def find_clips(root: Path, labels: Collection[str]) -> list[Clip]:
    """Return all clips under a folder.

    The folder itself, or its subfolders, may be in the Speech Commands layout, in that of Free
    Spoken Digits, or a table of transcribed utterances; ``noise`` may hold recordings of noise.

    Raises:
        InputError: the folder is missing or holds no recordings, or a label has none.

    """
    if not root.is_dir():
        message = f"{root}: not a folder: expected a folder of recordings"
        raise InputError(message)
    clips = [clip for folder in _folders(root) for clip in _load(folder, labels)]
    if (root / NOISE_FOLDER).is_dir():
        clips += noise_clips(root / NOISE_FOLDER, NOISE_FOLDER)
    _require_labels(root, labels, clips)
    return clips


def _folders(root: Path) -> list[Path]:
    return [root, *sorted(path for path in root.iterdir() if path.is_dir())]


def _load(folder: Path, labels: Collection[str]) -> list[Clip]:
    if is_transcribed(folder):
        return load_utterances(folder, labels)
    if is_spoken_digits(folder):
        return load_spoken_digits(folder, labels)
    if is_speech_commands(folder, labels):
        return load_speech_commands(folder, labels)
    return []


def _require_labels(root: Path, labels: Collection[str], clips: list[Clip]) -> None:
    if OTHER in labels:
        message = f"the label {OTHER!r} is taken: it stands for everything that is no keyword"
        raise InputError(message)
    if not any(clip.kind is not Kind.NOISE for clip in clips):
        message = (
            f"{root}: no recordings in a known layout ({len(find_audio(root))} audio files): "
            f"expected WORD/FILE.wav for each label, recordings/DIGIT_SPEAKER_N.wav, or "
            f"utterances.csv with segments.csv"
        )
        raise InputError(message)
    missing = [label for label in labels if label not in {clip.label for clip in clips}]
    if missing:
        suffixes = ", ".join(sorted(AUDIO_SUFFIXES))
        message = (
            f"{root}: no recordings of {', '.join(missing)}: expected some for each label, such as "
            f"{suffixes} files in a folder named after it"
        )
        raise InputError(message)
