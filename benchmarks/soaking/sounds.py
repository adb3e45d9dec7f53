"""What there is to hear in a soak: words of the bundled recording, noise, tones and knocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.random import Generator

from recognizer.audio import SAMPLE_RATE, Block, Samples
from recognizer.bundled import MODELS_FOLDER
from recognizer.decoding.decoder import DecoderParameters
from recognizer.listener import Listener
from recognizer.recognizer import Recognizer

RECORDING = MODELS_FOLDER / "digits.flac"
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""What the recording says, in this order, with pauses between."""
WORD_GAINS = (1.0, 0.5, 0.25)
NOISE_LEVELS = (0.001, 0.01, 0.03, 0.1)
"""Root mean square; full scale is 1."""
QUIET = 3e-4
"""Likewise, of a quiet room: -70 dBFS."""

_SOUND_SAMPLES = 5 * SAMPLE_RATE
_LOUD = 0.005
_STEP = SAMPLE_RATE // 100
_SHORTEST_PAUSE = 25
"""Steps without sound that end a word."""
_AROUND = 4 * SAMPLE_RATE
_TRIALS = 6
# With something to spare: the stream puts sounds where no trial did.
_FOR_WORDS = DecoderParameters(caution=DecoderParameters().caution + 1.2)
_FOR_OTHERS = DecoderParameters(threshold=0.3, embedded=True)


@dataclass(frozen=True)
class Sound:
    """Something to hear.

    Attributes:
        name: for people.
        samples: float32 [n] at 16 kHz.
        label: the word that it is; None for anything else.

    """

    name: str
    samples: Samples
    label: str | None = None


def words() -> list[Sound]:
    """Return the words of the bundled recording, each at several levels."""
    samples, _ = soundfile.read(RECORDING, dtype="float32")
    return [
        Sound(f"{label} x {gain:g}", gain * word, label)
        for label, word in zip(WORDS, _loud_parts(samples), strict=True)
        for gain in WORD_GAINS
    ]


def other_sounds(chance: Generator) -> list[Sound]:
    """Return five seconds of each kind of noise, tones and knocks, at several levels."""
    makers: dict[str, Callable[[int, Generator], Samples]] = {
        "hiss": hiss,
        "rumble": _rumble,
        "hum": _hum,
        "melody": _melody,
        "chords": _chords,
        "knocks": _knocks,
    }
    return [
        Sound(f"{name} at {level:g}", _at_level(make(_SOUND_SAMPLES, chance), level))
        for name, make in makers.items()
        for level in NOISE_LEVELS
    ]


def hiss(count: int, chance: Generator) -> Samples:
    """Return white noise."""
    return chance.standard_normal(count, dtype=np.float32)


def is_as_it_should_be(recognizer: Recognizer, sound: Sound, chance: Generator) -> bool:
    """Whether a word is heard, once and nothing else, wherever it is put into a quiet room.

    Of what is no word nothing must be heard, even by a listener that is much too easily satisfied.
    """
    expected, parameters = ([sound.label], _FOR_WORDS) if sound.label else ([], _FOR_OTHERS)
    return all(
        _heard(recognizer, _in_room(sound.samples, chance), parameters) == expected
        for _ in range(_TRIALS)
    )


def _in_room(samples: Samples, chance: Generator) -> Samples:
    before = _AROUND + int(chance.integers(SAMPLE_RATE))
    stream = QUIET * hiss(before + len(samples) + _AROUND, chance)
    stream[before : before + len(samples)] += samples
    return stream


def _heard(recognizer: Recognizer, samples: Samples, parameters: DecoderParameters) -> list[str]:
    listener = Listener(recognizer, [Block(samples, 0.0)], parameters=parameters)
    return [detection.label for detection in listener]


def _loud_parts(samples: Samples) -> Iterator[Samples]:
    """Yield what is loud, with a step before and behind it, cut at pauses."""
    steps = samples[: len(samples) // _STEP * _STEP].reshape(-1, _STEP)
    loud = np.flatnonzero(np.abs(steps).max(axis=1) > _LOUD)
    for part in np.split(loud, np.flatnonzero(np.diff(loud) > _SHORTEST_PAUSE) + 1):
        yield samples[(part[0] - 1) * _STEP : (part[-1] + 2) * _STEP]


def _at_level(samples: Samples, level: float) -> Samples:
    """Return samples of this root mean square, with soft ends."""
    ends = np.minimum(1, np.linspace(0, len(samples) / 800, len(samples)))
    soft = samples * ends * ends[::-1]
    scale = level / float(np.sqrt(np.mean(np.square(soft))))
    return (scale * soft).astype(np.float32)


def _rumble(count: int, chance: Generator) -> Samples:
    spectrum = np.fft.rfft(hiss(count, chance))
    falling = spectrum / np.arange(1, len(spectrum) + 1)
    rumble: Samples = np.fft.irfft(falling, count).astype(np.float32)
    return rumble


def _hum(count: int, _: Generator) -> Samples:
    return _waves(count, {50.0 * times: 1 / times for times in (1, 2, 3, 5)})


def _chords(count: int, chance: Generator) -> Samples:
    """Return ten chords of three tones each, with overtones, that die away as a piano's do."""
    chord = count // 10
    decay = np.exp(-3 * np.arange(chord) / chord)
    return np.concatenate([decay * _chord(chord, chance) for _ in range(10)])


def _chord(count: int, chance: Generator) -> Samples:
    root = 220 * 2 ** (int(chance.integers(13)) / 12)
    tones = [root * 2 ** (step / 12) for step in (0, 4, 7)]
    return _waves(count, {over * tone: 1 / over**2 for tone in tones for over in (1, 2, 3)})


def _melody(count: int, chance: Generator) -> Samples:
    """Return twenty notes of a flute, more or less."""
    note = count // 20
    swell = np.sin(np.pi * np.arange(note) / note)
    pitches = 440 * 2 ** (chance.integers(-5, 13, 20) / 12)
    notes = [swell * _waves(note, {pitch: 1, 2 * pitch: 0.2}) for pitch in pitches.tolist()]
    return np.concatenate(notes)


def _knocks(count: int, chance: Generator) -> Samples:
    """Return knocks, a few a second."""
    gate = np.zeros(count, np.float32)
    gate[chance.integers(0, count, 15)] = 1
    shape = np.exp(-np.arange(800) / 100) * hiss(800, chance)
    return np.convolve(gate, shape)[:count]


def _waves(count: int, strengths: Mapping[float, float]) -> Samples:
    """Return sine waves of these frequencies in Hz, each so strong, together."""
    times = np.arange(count) / SAMPLE_RATE
    waves = [each * np.sin(2 * np.pi * frequency * times) for frequency, each in strengths.items()]
    together: Samples = np.sum(waves, axis=0, dtype=np.float32)
    return together
