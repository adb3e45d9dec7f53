"""Finds every known layout of recordings under given folders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.recordings.clip import Clip, Kind
from training.recordings.noise import AUDIO_SUFFIXES, find_audio, noise_clips
from training.recordings.speech_commands import is_speech_commands, load_speech_commands
from training.recordings.spoken_digits import is_spoken_digits, load_spoken_digits
from training.recordings.transcripts import Utterance, is_transcribed, read_utterances
from training.recordings.utterances import load_utterances

NOISE_FOLDER = "noise"


def find_clips(roots: Sequence[Path], labels: Collection[str]) -> list[Clip]:
    """Return all clips under some folders.

    A folder itself, or its subfolders, may be in the Speech Commands layout, in that of Free
    Spoken Digits, or a table of transcribed utterances; ``noise`` may hold recordings of noise.

    Raises:
        InputError: a folder is missing or holds no recordings, or a label has none in any.

    """
    if OTHER in labels:
        message = f"the label {OTHER!r} is taken: it stands for everything that is no keyword"
        raise InputError(message)
    clips = [clip for root in roots for clip in _clips_under(root, labels)]
    _require_labels(roots, labels, clips)
    return clips


def find_utterances(roots: Sequence[Path]) -> list[Utterance]:
    """Return the rows of all tables of utterances under some folders.

    Raises:
        InputError: a table is no CSV in UTF-8, or lacks a column or a value.

    """
    return [
        utterance
        for root in roots
        for folder in _folders(root)
        if is_transcribed(folder)
        for utterance in read_utterances(folder)
    ]


def name_folders(roots: Sequence[Path]) -> str:
    """Return the names of folders as one text, for messages."""
    return ", ".join(map(str, roots))


def _clips_under(root: Path, labels: Collection[str]) -> list[Clip]:
    if not root.is_dir():
        message = f"{root}: not a folder: expected a folder of recordings"
        raise InputError(message)
    clips = [clip for folder in _folders(root) for clip in _load(folder, labels)]
    if (root / NOISE_FOLDER).is_dir():
        clips += noise_clips(root / NOISE_FOLDER, NOISE_FOLDER)
    _require_speech(root, clips)
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


def _require_speech(root: Path, clips: list[Clip]) -> None:
    if not any(clip.kind is not Kind.NOISE for clip in clips):
        message = (
            f"{root}: no recordings in a known layout ({len(find_audio(root))} audio files): "
            f"expected WORD/FILE.wav for each label, recordings/DIGIT_SPEAKER_N.wav, or "
            f"utterances.csv with segments.csv"
        )
        raise InputError(message)


def _require_labels(roots: Sequence[Path], labels: Collection[str], clips: list[Clip]) -> None:
    missing = [label for label in labels if label not in {clip.label for clip in clips}]
    if missing:
        suffixes = ", ".join(sorted(AUDIO_SUFFIXES))
        message = (
            f"{name_folders(roots)}: no recordings of {', '.join(missing)}: expected some for each "
            f"label, such as {suffixes} files in a folder named after it"
        )
        raise InputError(message)
