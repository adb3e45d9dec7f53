"""Running speech without a transcript: what may be a keyword in it is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from training.progress import Progress
from training.recordings.alignment import Aligned, Alignment, Transcriber
from training.recordings.alignment_cache import (
    AlignmentCache,
    alignment_key,
    default_cache_file,
)
from training.recordings.audio_store import (
    UnusableRecordingError,
    duration,
    read_recording,
)
from training.recordings.clip import Clip, Kind
from training.recordings.transcripts import Utterance
from training.recordings.utterances import spoken_labels

_SHORTEST = 1.0
"""Seconds of a stretch that is still worth to be heard."""
_MARGIN = 0.2
"""Seconds around a word by which a recognizer may be wrong about when it is said."""


def without_keywords(
    clips: Sequence[Clip],
    utterances: Sequence[Utterance],
    labels: Collection[str],
    progress: Progress,
) -> list[Clip]:
    """Return clips, those of running speech without a transcript less the keywords in it.

    A recognizer of read English hears such recordings; a clip becomes the stretches between what
    it takes for keywords, those of a second at least. What it hears is kept in the user's cache
    folder.

    Args:
        clips: of any kind.
        utterances: tell which recordings have a transcript.
        labels: the keywords.
        progress: shows how far it is.

    Raises:
        InputError: there are such clips and the package pocketsphinx is missing.

    """
    silent_about = {item.path for item in utterances if not item.text}
    unknown = [clip for clip in clips if clip.kind is Kind.SPEECH and clip.path in silent_about]
    if not unknown:
        return list(clips)
    heard = _transcribe_all(sorted({clip.path for clip in unknown}), progress)
    keywords = spoken_labels(labels)
    known = [clip for clip in clips if clip.path not in heard]
    return known + [
        stretch
        for clip in unknown
        for stretch in _between(clip, [word for word in heard[clip.path] if word.name in keywords])
    ]


def _between(clip: Clip, keywords: Sequence[Aligned]) -> Iterator[Clip]:
    """Yield the stretches of a clip before, between and behind keywords; all of it without any."""
    if not keywords:
        yield clip
        return
    start = clip.start
    for word in keywords:
        end = word.start - _MARGIN
        if end - start >= _SHORTEST:
            yield replace(clip, start=start, end=end)
        start = word.end + _MARGIN
    if duration(clip.path) - start >= _SHORTEST:
        yield replace(clip, start=start)


def _transcribe_all(paths: Sequence[Path], progress: Progress) -> dict[Path, Alignment]:
    transcriber, cache = Transcriber(), AlignmentCache(default_cache_file())
    try:
        bar = progress(paths, "listening for keywords")
        return {path: _transcribe(path, transcriber, cache) for path in bar}
    finally:
        cache.save()


def _transcribe(path: Path, transcriber: Transcriber, cache: AlignmentCache) -> Alignment:
    try:
        key = alignment_key(path.read_bytes(), "", transcriber.version)
        return cache.recall(key, lambda: transcriber.transcribe(read_recording(path)))
    except (OSError, UnusableRecordingError):
        # Whoever decodes all recordings says which are skipped, and why.
        return ()
