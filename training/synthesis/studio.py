"""Records takes: a voice speaks, the word gets silence around it, a FLAC file is written."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from training.progress import Progress, no_progress
from training.recordings.audio_store import Problem, UnusableRecordingError, read_recording
from training.recordings.transcripts import UTTERANCES
from training.synthesis.engine import EngineError, Manner
from training.synthesis.takes import SPEECH, Take

_PROGRAMS = 2
# 40 dB below the peak.
_QUIET = 0.01


def record_takes(
    takes: Sequence[Take], folder: Path, progress: Progress = no_progress
) -> list[Problem]:
    """Record takes as 16 kHz mono FLAC; return those that failed, and why.

    Two text-to-speech programs run at a time. A recording appears under its name when it is whole.

    Args:
        takes: what to record; their files are replaced.
        folder: the words' folders are made in it.
        progress: shows how far it is.

    Raises:
        OSError: the folder cannot be written to.

    """
    with ThreadPoolExecutor(_PROGRAMS) as pool:
        try:
            results = pool.map(lambda take: _try_to_record(take, folder / take.path), takes)
            return list(_problems(progress(takes, "speaking"), results))
        finally:
            pool.shutdown(cancel_futures=True)


def write_utterances(sentences: Sequence[Take], folder: Path) -> None:
    """Write who says what in recorded running speech, as a table beside the recordings.

    The recordings belong to the source that the folder is named after, as its words do.

    Args:
        sentences: takes of running speech.
        folder: that of all takes; what is not there is left out.

    Raises:
        OSError: the table cannot be written.

    """
    made = [take for take in sentences if (folder / take.path).exists()]
    rows = [(take.path.name, folder.resolve().name, take.voice.name, take.text) for take in made]
    if made:
        with (folder / SPEECH / UTTERANCES).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("path", "source", "speaker", "text"), *rows])


def _problems(takes: Iterable[Take], results: Iterator[Problem | None]) -> Iterator[Problem]:
    for _, problem in zip(takes, results, strict=True):
        if problem:
            yield problem


def _try_to_record(take: Take, path: Path) -> Problem | None:
    try:
        record(take, path)
    except (EngineError, UnusableRecordingError) as error:
        return Problem(path, str(error))
    return None


def record(take: Take, path: Path) -> None:
    """Record one take into a FLAC file.

    Raises:
        EngineError: the text-to-speech program fails.
        UnusableRecordingError: what it wrote is missing, silent or no sound.
        OSError: the file cannot be written.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        spoken = Path(scratch) / "spoken.wav"
        take.voice.speak(take.text, take.manner, spoken)
        samples = with_silence(read_recording(spoken), take.manner)
    content = BytesIO()
    soundfile.write(content, samples, SAMPLE_RATE, format="FLAC")
    part = path.with_suffix(".part")
    part.write_bytes(content.getvalue())
    part.replace(path)


def with_silence(samples: NDArray[np.int16], manner: Manner) -> NDArray[np.int16]:
    """Return the word with as much silence on both sides as the manner says.

    The word is what lies within 40 dB of the peak. What the voice left around it stays, as far as
    it fits: no weak beginning or end is cut off.
    """
    level = np.abs(samples.astype(np.int32))
    loud = np.flatnonzero(level >= _QUIET * level.max())
    first = int(loud[0]) - round(manner.before * SAMPLE_RATE)
    last = int(loud[-1]) + 1 + round(manner.after * SAMPLE_RATE)
    kept = samples[max(first, 0) : last]
    return np.pad(kept, (max(-first, 0), max(last - len(samples), 0)))
