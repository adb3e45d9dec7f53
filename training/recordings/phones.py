"""The phones of recordings of which it is known what is said in them, for training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.metadata import OTHER
from training.progress import Progress
from training.recordings.alignment import Aligner, Alignment
from training.recordings.alignment_cache import (
    AlignmentCache,
    alignment_key,
    default_cache_file,
)
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind, Split
from training.recordings.transcripts import Utterance

_KIND = "phones of "
"""Tells the keys of phones from those of words."""


def find_phones(
    clips: Sequence[Clip], utterances: Sequence[Utterance], audio: AudioStore, progress: Progress
) -> dict[Path, Alignment]:
    """Return the phones of each recording for training whose words are known.

    These are transcribed utterances and recordings of one word. Alignments are kept in the user's
    cache folder; what cannot be aligned is left out.

    Args:
        clips: of any kind and split.
        utterances: of any split, with text or without.
        audio: the decoded recordings; what is not in it is left out.
        progress: shows how far it is.

    Raises:
        InputError: the package pocketsphinx is missing.

    """
    texts = _texts(clips, utterances)
    known = [(audio.samples[path], path) for path in texts if path in audio.samples]
    if not known:
        return {}
    aligner, cache = Aligner(), AlignmentCache(default_cache_file())
    try:
        bar = progress(known, "aligning phones")
        found = {path: _align(samples, texts[path], aligner, cache) for samples, path in bar}
    finally:
        cache.save()
    return {path: phones for path, phones in found.items() if phones}


def _texts(clips: Sequence[Clip], utterances: Sequence[Utterance]) -> dict[Path, str]:
    words = {
        clip.path: clip.word or clip.label
        for clip in clips
        if clip.split is Split.TRAINING and clip.kind is Kind.WORD
    }
    known = {path: word for path, word in words.items() if word != OTHER}
    spoken = [item for item in utterances if item.split is Split.TRAINING and item.text]
    return known | {item.path: item.text for item in spoken}


def _align(
    samples: NDArray[np.int16], text: str, aligner: Aligner, cache: AlignmentCache
) -> Alignment:
    key = alignment_key(samples.tobytes(), text, _KIND + aligner.version)
    return cache.recall(key, lambda: aligner.align_phones(samples, text))
