"""Recordings in the Speech Commands layout: ``<word>/<speaker>_nohash_<n>.wav`` (or .flac).

Source of the layout and its lists: P. Warden, "Speech Commands: A Dataset for Limited-Vocabulary
Speech Recognition", 2018, arXiv:1804.03209.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from recognizer.metadata import OTHER
from training.recordings.clip import Clip, Kind, Split
from training.recordings.noise import find_audio, noise_clips
from training.recordings.splits import held_out_words, split_speakers

SOURCE = "speech_commands"
BACKGROUND_NOISE = "_background_noise_"
_LISTS = {"validation_list.txt": Split.VALIDATION, "testing_list.txt": Split.TESTING}
_MANY_WORDS = 20


def is_speech_commands(folder: Path, labels: Collection[str]) -> bool:
    """Say whether the folder has word folders of the layout: a label, a list or the noise."""
    names = (*labels, *_LISTS, BACKGROUND_NOISE)
    return any((folder / name).exists() for name in names)


def load_speech_commands(folder: Path, labels: Collection[str]) -> list[Clip]:
    """Return the clips of a folder: the given words under their labels, all others as OTHER.

    The official lists decide the splits where they exist, else speakers are held out by a hash of
    their name. The file name up to ``_nohash_`` names the speaker; a file name without it counts
    as a speaker of its own.

    Without the lists, and with 20 other words or more, words are held out too: those of
    ``held_out_words`` are never for training, and no others are OTHER in validation and testing.
    """
    words = sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")
    files = [path for word in words for path in find_audio(word)]
    split_of = _splits(folder, files)
    clips = [_clip(path, labels, _source(folder), split_of[path]) for path in files]
    if not _has_lists(folder):
        clips = _hold_words_out(clips)
    background = folder / BACKGROUND_NOISE
    return clips + (noise_clips(background, BACKGROUND_NOISE) if background.is_dir() else [])


def speaker_of(path: Path) -> str:
    """Return the speaker that a file name of the layout names."""
    return path.stem.split("_nohash_")[0]


def _source(folder: Path) -> str:
    # The download's own folder also names the version: speech_commands_v0.02.
    return SOURCE if folder.name.startswith(SOURCE) else folder.name


def _clip(path: Path, labels: Collection[str], source: str, split: Split) -> Clip:
    word = path.parent.name
    label = word if word in labels else OTHER
    return Clip(path, label, source, speaker_of(path), split, Kind.WORD, word=word)


def _hold_words_out(clips: list[Clip]) -> list[Clip]:
    others = {clip.word for clip in clips if clip.label == OTHER}
    if len(others) < _MANY_WORDS:
        return clips
    held_out = held_out_words(others)
    return [
        clip
        for clip in clips
        if clip.label != OTHER or (clip.word in held_out) == (clip.split is not Split.TRAINING)
    ]


def _has_lists(folder: Path) -> bool:
    return any((folder / name).exists() for name in _LISTS)


def _splits(folder: Path, files: list[Path]) -> dict[Path, Split]:
    if not _has_lists(folder):
        split_of_speaker = split_speakers(speaker_of(path) for path in files)
        return {path: split_of_speaker[speaker_of(path)] for path in files}
    listed = {
        entry: split
        for name, split in _LISTS.items()
        if (folder / name).exists()
        for entry in _entries(folder / name)
    }
    return {path: listed.get(_entry(path), Split.TRAINING) for path in files}


def _entries(path: Path) -> Iterable[str]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return (str(Path(line.strip()).with_suffix("")) for line in lines if line.strip())


def _entry(path: Path) -> str:
    # The lists name .wav files; a recording may be stored as .flac.
    return f"{path.parent.name}/{path.stem}"
