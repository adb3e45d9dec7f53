"""The sound that is listened to: speech without pauses, and silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE, Samples
from recognizer.commands.listen import DEMO
from recognizer.errors import InputError

_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
_STEP = SAMPLE_RATE // 100
_LONGEST_PAUSE = 10
"""Steps of quiet that stay: speakers breathe."""
_QUIET_DB = -35.0
"""So far below the loudest step nobody speaks."""
_NOISE = 1.0
"""Deviation of silence in steps of 16 bits: what a quiet sound card gives."""


@dataclass(frozen=True)
class Speech:
    """Speech throughout.

    Attributes:
        samples: float32 at 16 kHz.
        origin: in words, where it comes from.

    """

    samples: Samples
    origin: str


def continuous_speech(seconds: float, folder: Path | None = None) -> Speech:
    """Return speech without longer pauses; what there is is repeated until it is long enough.

    Args:
        seconds: how long.
        folder: recordings of speech, in it or below; None takes the bundled one.

    Raises:
        InputError: no recording in the folder.

    """
    length = round(seconds * SAMPLE_RATE)
    paths = _recordings(folder) if folder else [DEMO]
    parts: list[Samples] = []
    for path in paths:
        parts.append(without_pauses(_read(path)))
        if sum(map(len, parts)) >= length:
            break
    spoken = np.concatenate(parts)
    return Speech(np.resize(spoken, length), _origin(folder, len(spoken), length))


def without_pauses(samples: Samples) -> Samples:
    """Return the parts of a recording in which somebody speaks, and a tenth of a second between."""
    steps = samples[: len(samples) // _STEP * _STEP].reshape(-1, _STEP)
    level = 10 * np.log10(np.mean(np.square(steps, dtype=np.float64), axis=1) + 1e-12)
    spoken = np.flatnonzero(level > level.max(initial=-120.0) + _QUIET_DB)
    kept = np.zeros(len(steps), dtype=bool)
    for at in range(_LONGEST_PAUSE + 1):
        kept[np.minimum(spoken + at, len(steps) - 1)] = True
    return steps[kept].ravel()


def silence(seconds: float, seed: int = 0) -> Samples:
    """Return what a microphone gives where nobody speaks: noise of the last of 16 bits."""
    noise = np.random.default_rng(seed).normal(0, _NOISE, round(seconds * SAMPLE_RATE))
    return (np.round(noise) / 32_768).astype(np.float32)


def write(path: Path, samples: Samples) -> None:
    """Write samples as a 16-bit WAV file."""
    import soundfile

    soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16")


def blocks(samples: Samples, seconds: float) -> Iterator[bytes]:
    """Yield samples as raw 16-bit blocks of so many seconds each."""
    step = round(seconds * SAMPLE_RATE)
    pcm: NDArray[np.int16] = (np.clip(samples, -1, 1) * 32_767).astype("<i2")
    for first in range(0, len(pcm), step):
        yield pcm[first : first + step].tobytes()


def _recordings(folder: Path) -> list[Path]:
    if not folder.is_dir():
        message = f"{folder}: not a folder: expected one with recordings of speech"
        raise InputError(message)
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    if not found:
        message = f"{folder}: holds no recordings: expected {', '.join(_SUFFIXES)} files of speech"
        raise InputError(message)
    return found


def _read(path: Path) -> Samples:
    from recognizer.sources.audio_file import AudioFile

    with AudioFile(path) as recording:
        return np.concatenate([block.samples for block in recording])


def _origin(folder: Path | None, found: int, length: int) -> str:
    name = "the bundled recording" if folder is None else f"recordings in {folder.name}"
    repeats = f", {found / SAMPLE_RATE:.0f} s repeated" if found < length else ""
    return f"{name}, pauses cut{repeats}"
