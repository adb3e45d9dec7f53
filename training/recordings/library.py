"""The recordings of a run: found, decoded and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.progress import Progress
from training.recordings.audio_store import AudioStore, load_audio
from training.recordings.catalogue import find_clips
from training.recordings.clip import Clip, Split


@dataclass(frozen=True)
class Recordings:
    """What a run works on: clips of all splits, and the sound of those that it may hear."""

    root: Path
    clips: tuple[Clip, ...]
    audio: AudioStore

    def of(self, split: Split) -> list[Clip]:
        """Return the clips of a split."""
        return [clip for clip in self.clips if clip.split is split]


def load_recordings(root: Path, keywords: Sequence[str], progress: Progress) -> Recordings:
    """Find and decode the recordings for training and validation; testing is left unread.

    Raises:
        InputError: no recordings, a keyword without a usable one for training, or no speaker of a
            keyword to validate with.

    """
    clips = tuple(find_clips(root, keywords))
    paths = sorted({clip.path for clip in clips if clip.split is not Split.TESTING})
    audio = load_audio(paths, progress)
    recordings = Recordings(root, clips, audio)
    _require_keywords(recordings, keywords)
    _require_validation(recordings)
    return recordings


def _require_keywords(recordings: Recordings, keywords: Sequence[str]) -> None:
    usable = [c for c in recordings.of(Split.TRAINING) if c.path in recordings.audio.samples]
    missing = [word for word in keywords if word not in {clip.label for clip in usable}]
    if missing:
        message = (
            f"{recordings.root}: no usable training recordings of {', '.join(missing)}: "
            f"expected recordings by two speakers or more for each label"
        )
        raise InputError(message)


def _require_validation(recordings: Recordings) -> None:
    held_out = [c for c in recordings.of(Split.VALIDATION) if c.path in recordings.audio.samples]
    if all(clip.label == OTHER for clip in held_out):
        message = (
            f"{recordings.root}: no usable validation recordings of any label: expected a "
            f"validation_list.txt, or two speakers or more"
        )
        raise InputError(message)
