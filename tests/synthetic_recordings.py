"""Tiny collections of recordings in every layout; a word is a tone burst of its own pitch."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile

RATE = 16_000
PITCHES = {
    "zero": 300.0,
    "one": 600.0,
    "two": 1000.0,
    "three": 1500.0,
    "yes": 2200.0,
    "no": 3000.0,
    "happy": 450.0,
    "low": 500.0,
    "high": 2000.0,
}


def burst(word: str, seconds: float = 0.4, rate: int = RATE) -> np.ndarray:
    """Return the sound of a word, float32, with soft edges."""
    time = np.arange(round(seconds * rate)) / rate
    edge = np.clip(np.minimum(time, time[-1] - time) / 0.02, 0, 1)
    return (0.4 * edge * np.sin(2 * np.pi * PITCHES[word] * time)).astype(np.float32)


def spoken(word: str, seed: int, rate: int = RATE) -> np.ndarray:
    """Return a second of faint noise with the word near its middle, float32."""
    rng = np.random.default_rng(seed)
    sound = rng.normal(0, 2e-3, rate).astype(np.float32)
    voice = burst(word, rng.uniform(0.3, 0.5), rate) * rng.uniform(0.3, 1.0)
    first = (rate - len(voice)) // 2 + int(rng.integers(-rate // 10, rate // 10))
    sound[first : first + len(voice)] += voice
    return sound


def hiss(seconds: float, seed: int = 0) -> np.ndarray:
    """Return noise, float32."""
    return np.random.default_rng(seed).normal(0, 0.05, round(seconds * RATE)).astype(np.float32)


def write_audio(path: Path, samples: np.ndarray, rate: int = RATE, **options: str) -> Path:
    """Write a recording and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, **options)
    return path


def write_speech_commands(
    folder: Path,
    words: Iterable[str],
    *,
    speakers: int = 6,
    suffix: str = ".wav",
    lists: bool = True,
    noise: bool = True,
) -> Path:
    """Write one clip of every word by every speaker; with lists, a0 validates and b1 tests."""
    names = [f"{chr(97 + index)}{index}" for index in range(speakers)]
    words = tuple(words)
    for place, word in enumerate(words):
        for index, name in enumerate(names):
            path = folder / word / f"{name}_nohash_0{suffix}"
            write_audio(path, spoken(word, 100 * place + index))
    if lists:
        for file, name in (("validation_list.txt", names[0]), ("testing_list.txt", names[1])):
            lines = [f"{word}/{name}_nohash_0.wav\n" for word in words]
            (folder / file).write_text("".join(lines))
    if noise:
        write_audio(folder / "_background_noise_" / "hiss.wav", hiss(3.0))
    return folder


def write_spoken_digits(
    folder: Path, digits: Mapping[int, str], *, speakers: Sequence[str] = ("ann", "bob", "cid")
) -> Path:
    """Write one 8 kHz FLAC of every digit by every speaker, cut close to the word."""
    for digit, word in digits.items():
        for speaker in speakers:
            path = folder / "recordings" / f"{digit}_{speaker}_0.flac"
            write_audio(path, burst(word, 0.45, 8_000), 8_000)
    return folder


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write a CSV file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def write_utterances(
    folder: Path,
    rows: Iterable[tuple[str, str, str]],
    segments: Iterable[tuple[str, str, float, float]] = (),
    source: str = "talks",
) -> Path:
    """Write recordings of two seconds for (path, speaker, text), and the two tables."""
    rows = list(rows)
    for place, (path, _, text) in enumerate(rows):
        words = [burst(word) for word in text.split() if word in PITCHES] or [hiss(0.4, place)]
        sound = np.concatenate([hiss(0.1, place) * 0.05, *words])
        write_audio(folder / path, np.pad(sound, (0, max(0, 2 * RATE - len(sound)))))
    table = [(path, source, speaker, text) for path, speaker, text in rows]
    write_table(folder / "utterances.csv", ("path", "source", "speaker", "text"), table)
    columns = ("path", "word", "start_s", "end_s")
    write_table(folder / "segments.csv", columns, segments)
    return folder
