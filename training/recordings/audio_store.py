"""Recordings in memory: decoded once, 16 kHz mono, checked for silence."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from recognizer.audio import HIGHEST_RATE, LOWEST_RATE, SAMPLE_RATE
from training.progress import Progress, no_progress

_QUIETEST_PEAK = 1e-4


@dataclass(frozen=True)
class Problem:
    """A recording that was skipped, and why."""

    path: Path
    reason: str


class UnusableRecordingError(Exception):
    """A recording cannot be used; the text says why."""


@dataclass(frozen=True)
class AudioStore:
    """Decoded recordings by path, int16 [samples] at 16 kHz, and those that were skipped."""

    samples: dict[Path, NDArray[np.int16]]
    problems: tuple[Problem, ...]


def load_audio(
    paths: Iterable[Path],
    progress: Progress = no_progress,
    threads: int = 2,
) -> AudioStore:
    """Decode recordings; those that are unreadable, empty or silent are listed and skipped.

    Args:
        paths: files that soundfile can read; repeats are read once.
        progress: shows how far it is.
        threads: files decoded at a time.

    """

    def read(path: Path) -> NDArray[np.int16] | Problem:
        try:
            return read_recording(path)
        except UnusableRecordingError as error:
            return Problem(path, str(error))

    unique = sorted(set(paths))
    with ThreadPoolExecutor(threads) as pool:
        bar = progress(unique, "reading recordings")
        results = dict(zip(bar, pool.map(read, unique), strict=True))
    samples = {path: item for path, item in results.items() if not isinstance(item, Problem)}
    problems = tuple(item for item in results.values() if isinstance(item, Problem))
    return AudioStore(samples, problems)


def duration(path: Path) -> float:
    """Return how long a recording is in seconds; 0 where it cannot be read."""
    try:
        return float(soundfile.info(path).duration)
    except (soundfile.LibsndfileError, OSError):
        # Whoever decodes it says what is wrong with it.
        return 0.0


def read_recording(path: Path) -> NDArray[np.int16]:
    """Return a recording as int16 [samples], mono at 16 kHz.

    Raises:
        UnusableRecordingError: unreadable, empty, silent, or at a rate outside 1..384 kHz.

    """
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        message = f"unreadable: {error}"
        raise UnusableRecordingError(message) from None
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        message = f"sample rate of {rate} Hz"
        raise UnusableRecordingError(message)
    mono = samples.mean(axis=1)
    if not np.isfinite(mono).all():
        message = "samples that are not numbers (NaN or infinite)"
        raise UnusableRecordingError(message)
    if len(mono) * SAMPLE_RATE < rate:
        message = f"empty: {len(mono)} samples"
        raise UnusableRecordingError(message)
    if np.abs(mono).max() < _QUIETEST_PEAK:
        message = "silent"
        raise UnusableRecordingError(message)
    resampled = soxr.resample(mono, rate, SAMPLE_RATE)
    return np.asarray(np.clip(np.round(resampled * 32767), -32768, 32767), dtype=np.int16)
