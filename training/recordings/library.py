"""The recordings of a run: found, decoded and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.progress import Progress
from training.recordings.alignment import Alignment
from training.recordings.audio_store import AudioStore, load_audio
from training.recordings.catalogue import find_clips, find_utterances, name_folders
from training.recordings.clip import Clip, Split
from training.recordings.passages import Passage
from training.recordings.phones import find_phones
from training.recordings.running_words import running_speech
from training.recordings.untranscribed import without_keywords


@dataclass(frozen=True)
class Recordings:
    """What a run works on: clips of all splits, and the sound of those that it may hear.

    Attributes:
        roots: folders of the recordings.
        clips: of all splits.
        audio: the sound of training and validation.
        passages: running speech of training and validation, word by word.
        phones: by file, those of recordings for training whose words are known; none unless asked
            for.

    """

    roots: tuple[Path, ...]
    clips: tuple[Clip, ...]
    audio: AudioStore
    passages: tuple[Passage, ...] = ()
    phones: Mapping[Path, Alignment] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where they come from, for messages."""
        return name_folders(self.roots)

    def of(self, split: Split) -> list[Clip]:
        """Return the clips of a split."""
        return [clip for clip in self.clips if clip.split is split]


def load_recordings(
    roots: Sequence[Path],
    keywords: Sequence[str],
    progress: Progress,
    *,
    with_phones: bool = False,
) -> Recordings:
    """Find and decode the recordings for training and validation; testing is left unread.

    Words cut out of transcribed utterances are among them; where there is no transcript, what may
    be a keyword is left out.

    Args:
        roots: folders of recordings in any known layout.
        keywords: the words to be recognized; each has recordings in one folder at least.
        progress: shows how far it is.
        with_phones: find the phones of recordings for training, too.

    Raises:
        InputError: no recordings, a keyword without a usable one for training, no speaker of a
            keyword to validate with, or utterances or phones, but no package to find them with.

    """
    clips = find_clips(roots, keywords)
    utterances = find_utterances(roots)
    heard = [item for item in utterances if item.split is not Split.TESTING]
    clips = without_keywords(clips, heard, keywords, progress)
    speech = running_speech(utterances, heard, keywords, progress)
    clips += speech.words
    paths = sorted({clip.path for clip in clips if clip.split is not Split.TESTING})
    audio = load_audio(paths, progress)
    phones = find_phones(clips, utterances, audio, progress) if with_phones else {}
    recordings = Recordings(tuple(roots), tuple(clips), audio, speech.passages, phones)
    _require_keywords(recordings, keywords)
    _require_validation(recordings)
    return recordings


def _require_keywords(recordings: Recordings, keywords: Sequence[str]) -> None:
    usable = [c for c in recordings.of(Split.TRAINING) if c.path in recordings.audio.samples]
    missing = [word for word in keywords if word not in {clip.label for clip in usable}]
    if missing:
        message = (
            f"{recordings.place}: no usable training recordings of {', '.join(missing)}: "
            f"expected recordings by two speakers or more for each label"
        )
        raise InputError(message)


def _require_validation(recordings: Recordings) -> None:
    held_out = [c for c in recordings.of(Split.VALIDATION) if c.path in recordings.audio.samples]
    if all(clip.label == OTHER for clip in held_out):
        message = (
            f"{recordings.place}: no usable validation recordings of any label: expected a "
            f"validation_list.txt, or two speakers or more"
        )
        raise InputError(message)
