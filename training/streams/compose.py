"""Composes scenes: held-out words at known times on real noise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from training.canvases import fade_edges
from training.endpoints import word_extent
from training.recordings.clip import Clip, Kind
from training.recordings.utterances import is_segment_length
from training.streams.scene import Phrase, Scene, Word
from training.streams.selection import interleaved

LEVEL = 10 ** (-23 / 20)
"""Root mean square of every word: -23 dB of full scale."""

PAUSES = (2.0, 4.0)
"""Least and longest pause before a phrase in seconds."""

GAPS = (0.0, 0.3)
"""Least and longest gap between the digits of a string in seconds."""

STRING_LENGTHS = (3, 8)
REPEAT_SHARE = 0.2
"""How often the next digit of a string is the same again, beside what chance brings."""

_MARGINS = {Kind.WORD: 0.2, Kind.SEGMENT: 0.02}
"""Seconds of the recording around a word that come with it: words alone begin and end softly."""

_LONGEST_WORD = 1.5
_QUIETEST = 1e-5


@dataclass(frozen=True)
class Take:
    """A word cut out, at the common level.

    Attributes:
        clip: what it is.
        samples: float32 [n], the word with a little of what is around it; it fades in and out.
        first: the word's first sample there.
        last: the one behind the word's last.

    """

    clip: Clip
    samples: NDArray[np.float32]
    first: int
    last: int

    @property
    def length(self) -> int:
        """Samples of the word."""
        return self.last - self.first


@dataclass(frozen=True)
class Placed:
    """A take and the gap in samples from the word before it to its own start."""

    take: Take
    gap: int


Strings = Sequence[Sequence[Placed]]


def cut_take(clip: Clip, samples: NDArray[np.int16]) -> Take:
    """Cut the word of a clip out; its ends are known to about 30 ms."""
    first, last = _bounds(clip, samples)
    last = min(last, first + round(_LONGEST_WORD * SAMPLE_RATE), len(samples))
    margin = round(_MARGINS[clip.kind] * SAMPLE_RATE)
    begin, end = max(first - margin, 0), min(last + margin, len(samples))
    sound = samples[begin:end].astype(np.float32)
    loudness = max(_rms(sound[first - begin : last - begin]), _QUIETEST)
    fade_edges(sound)
    return Take(clip, sound * np.float32(LEVEL / loudness), first - begin, last - begin)


def single_words(takes: Sequence[Take], rng: np.random.Generator) -> Strings:
    """Return each take as a phrase of its own, in the given order."""
    return [[Placed(take, _draw(PAUSES, rng))] for take in takes]


def digit_strings(
    takes: Sequence[Take], count: int, rng: np.random.Generator, seed: int
) -> Strings:
    """Return strings of 3 to 8 digits, each of one speaker, the speakers in turn.

    Takes shorter than 0.15 s or longer than 0.85 s, whose ends are not known, are left out, and
    speakers with less than two different digits.
    """
    voices = _voices(takes)
    turns = list(interleaved(sorted(voices), lambda voice: voice[0], seed))
    chosen = (turns[number % len(turns)] for number in range(count if turns else 0))
    return [_string(voices[voice], rng) for voice in chosen]


def compose(
    name: str, strings: Strings, noise: NDArray[np.int16], snr: float, rng: np.random.Generator
) -> Scene:
    """Place phrases on noise that goes round and round.

    Args:
        name: of the scene.
        strings: the phrases in order.
        noise: int16 [n], recorded noise.
        snr: level of the words above that of the noise in dB, root mean square of both.
        rng: where random numbers come from.

    """
    starts = _starts(strings)
    end = starts[-1][-1] + strings[-1][-1].take.length + round(PAUSES[0] * SAMPLE_RATE)
    sound = _bed(noise, end, rng) * np.float32(LEVEL * 10 ** (-snr / 20))
    for string, places in zip(strings, starts, strict=True):
        for placed, start in zip(string, places, strict=True):
            _mix(sound, placed.take.samples, start - placed.take.first)
    pcm = np.clip(np.round(sound * 32_767), -32_768, 32_767).astype(np.int16)
    phrases = (
        Phrase(tuple(map(_word, (placed.take for placed in string), places)))
        for string, places in zip(strings, starts, strict=True)
    )
    return Scene(name, "composed", pcm, tuple(phrases))


def on_noise(
    name: str, scene: Scene, noise: NDArray[np.int16], snr: float, rng: np.random.Generator
) -> Scene:
    """Return a scene once more, on noise that goes round and round.

    Args:
        name: of the new scene.
        scene: what is said.
        noise: int16 [n], recorded noise.
        snr: level of the scene above that of the noise in dB, root mean square of both.
        rng: where random numbers come from.

    """
    sound = scene.samples.astype(np.float32)
    bed = _bed(noise, len(sound), rng) * np.float32(_rms(sound) * 10 ** (-snr / 20))
    pcm = np.clip(np.round(sound + bed), -32_768, 32_767).astype(np.int16)
    return replace(scene, name=name, samples=pcm, start=0.0)


def _bounds(clip: Clip, samples: NDArray[np.int16]) -> tuple[int, int]:
    if clip.kind is Kind.SEGMENT and clip.end is not None:
        return round(clip.start * SAMPLE_RATE), round(clip.end * SAMPLE_RATE)
    return word_extent(samples, margin=0)


def _voices(takes: Iterable[Take]) -> Mapping[tuple[str, str], list[Take]]:
    voices: dict[tuple[str, str], list[Take]] = defaultdict(list)
    for take in takes:
        if take.clip.label != OTHER and is_segment_length(take.length / SAMPLE_RATE):
            voices[take.clip.source, take.clip.speaker].append(take)
    return {
        voice: own for voice, own in voices.items() if len({take.clip.label for take in own}) > 1
    }


def _string(takes: Sequence[Take], rng: np.random.Generator) -> list[Placed]:
    length = int(rng.integers(STRING_LENGTHS[0], STRING_LENGTHS[1] + 1))
    labels = sorted({take.clip.label for take in takes})
    string: list[Placed] = []
    for place in range(length):
        label = labels[rng.integers(len(labels))]
        if string and rng.random() < REPEAT_SHARE:
            label = string[-1].take.clip.label
        same = [take for take in takes if take.clip.label == label]
        gap = _draw(GAPS if place else PAUSES, rng)
        string.append(Placed(same[rng.integers(len(same))], gap))
    return string


def _starts(strings: Strings) -> list[list[int]]:
    """Return the first sample of each word of each phrase."""
    position = 0
    starts: list[list[int]] = []
    for string in strings:
        starts.append([])
        for placed in string:
            starts[-1].append(position + placed.gap)
            position += placed.gap + placed.take.length
    return starts


def _word(take: Take, start: int) -> Word:
    clip = take.clip
    text = clip.word if clip.word != clip.label else ""
    times = start / SAMPLE_RATE, (start + take.length) / SAMPLE_RATE
    return Word(clip.label, *times, clip.source, _place(clip), text)


def _place(clip: Clip) -> str:
    if clip.kind is Kind.SEGMENT and clip.end is not None:
        return f"{clip.path} {clip.start:.2f}-{clip.end:.2f} s"
    return str(clip.path)


def _bed(noise: NDArray[np.int16], length: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return noise of the length, at a root mean square of 1, from a random place on."""
    offset = int(rng.integers(len(noise)))
    turns = -(-(offset + length) // len(noise))
    bed = np.tile(noise, turns)[offset : offset + length].astype(np.float32)
    bed /= np.float32(max(_rms(bed), _QUIETEST))
    return bed


def _mix(sound: NDArray[np.float32], piece: NDArray[np.float32], start: int) -> None:
    first, last = max(start, 0), min(start + len(piece), len(sound))
    sound[first:last] += piece[first - start : last - start]


def _draw(limits: tuple[float, float], rng: np.random.Generator) -> int:
    return round(float(rng.uniform(*limits)) * SAMPLE_RATE)


def _rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(samples), dtype=np.float64))) if len(samples) else 0.0
