"""The parts of an evaluation: what is played in each, and what is measured there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.recordings.audio_store import duration
from training.recordings.clip import Clip, Kind
from training.recordings.transcripts import Utterance
from training.scores import is_other_word
from training.streams.compose import (
    Strings,
    compose,
    cut_take,
    digit_strings,
    on_noise,
    single_words,
)
from training.streams.noise_streams import varied_noise
from training.streams.recorded import (
    Sounds,
    keywords_among_others,
    only_keywords,
    other_scene,
    transcribed_scene,
)
from training.streams.scene import Scene
from training.streams.selection import filling, interleaved

ISOLATED_SECONDS = 3.5
STRING_SECONDS = 6.0
"""About how long a word, and a string, lasts with the pause before it."""
NOISE_SECONDS = 1800.0
"""How much noise is played at least; fewer recordings are varied."""

_WORDS_OF_A_SCENE = 10
_STRINGS_OF_A_SCENE = 4
_CLIPS_OF_A_STRING = 5


class Measure(Flag):
    """What is counted in a part."""

    STRINGS = auto()
    WORDS = auto()
    ALARMS = auto()


@dataclass(frozen=True)
class Part:
    """Scenes of one kind.

    Attributes:
        name: in figures.
        title: for people.
        measures: what is counted in them.
        scenes: at least one.

    """

    name: str
    title: str
    measures: Measure
    scenes: tuple[Scene, ...]


@dataclass(frozen=True)
class Material:
    """The recordings that may be played; no training heard them.

    Attributes:
        clips: words, speech and noise.
        utterances: recordings with their text.
        keywords: the words to be recognized.
        load: decodes recordings; those that cannot be used are missing in the answer.

    """

    clips: Sequence[Clip]
    utterances: Sequence[Utterance]
    keywords: Collection[str]
    load: Callable[[Iterable[Path]], Sounds]


@dataclass(frozen=True)
class Choices:
    """What a user may choose.

    Attributes:
        limit: about the most sound of a part in seconds; None plays everything.
        snr: of composed scenes in dB.
        seed: of everything random.
        folder: where composed scenes can be listened to.

    """

    limit: float | None
    snr: float
    seed: int
    folder: Path


def transcribed_parts(material: Material, choices: Choices) -> Iterator[Part]:
    """Yield utterances of nothing but keywords, and those with keywords among other words."""
    digits = only_keywords(material.utterances, material.keywords)
    embedded = keywords_among_others(material.utterances, material.keywords)
    title = "Utterances of keywords only"
    yield _transcribed("digits", title, Measure.STRINGS, digits, material=material, choices=choices)
    title = "Keywords among other words: none should be reported"
    yield _transcribed(
        "embedded", title, Measure.ALARMS, embedded, material=material, choices=choices
    )


def long_parts(material: Material, choices: Choices) -> Iterator[Part]:
    """Yield recordings of speech without keywords, and of noise."""
    speech = _speech(material, choices)
    yield Part("speech", "Speech without keywords", Measure.ALARMS, speech)
    yield _noise_part(material, choices)


def noisy_parts(material: Material, choices: Choices) -> Iterator[Part]:
    """Yield the recordings of speech without keywords once more, on noise."""
    speech = _speech(material, choices)
    noise = _noise(material, choices, len(speech))
    rng = _generator(choices)
    scenes = tuple(
        on_noise(str(choices.folder / f"speech-{n:03}.flac"), scene, bed, choices.snr, rng)
        for n, (scene, bed) in enumerate(zip(speech, noise, strict=True), start=1)
    )
    title = f"The same speech on noise at {choices.snr:g} dB"
    yield Part("noisy speech", title, Measure.ALARMS, scenes)


def _speech(material: Material, choices: Choices) -> tuple[Scene, ...]:
    sources = {clip.source for clip in material.clips if clip.label != OTHER}
    clips = [clip for clip in material.clips if _is_speech(clip, sources)]
    return _recorded(clips, material, choices)


def _noise_part(material: Material, choices: Choices) -> Part:
    clips = [clip for clip in material.clips if clip.kind is Kind.NOISE]
    noise = _recorded(clips, material, choices)
    wanted = NOISE_SECONDS if choices.limit is None else min(choices.limit, NOISE_SECONDS)
    missing = wanted - sum(scene.seconds for scene in noise)
    more = varied_noise(noise, missing, choices.seed, str(choices.folder)) if noise else ()
    scenes = (*noise, *more)
    title = "Noise"
    if len(scenes) > len(noise):
        title = (
            f"Noise: recordings ({len(noise)}), and two of them mixed at other speeds and levels"
        )
    return Part("noise", title, Measure.ALARMS, scenes)


def isolated_parts(material: Material, choices: Choices) -> Iterator[Part]:
    """Yield single keywords on noise."""
    strings = _single([clip for clip in material.clips if clip.label != OTHER], material, choices)
    scenes = _composed("isolated", strings, _WORDS_OF_A_SCENE, material, choices)
    title = f"Single keywords on noise at {choices.snr:g} dB"
    yield Part("isolated", title, Measure.WORDS, scenes)


def word_parts(material: Material, choices: Choices) -> Iterator[Part]:
    """Yield single other words on noise."""
    strings = _single([clip for clip in material.clips if is_other_word(clip)], material, choices)
    scenes = _composed("words", strings, _WORDS_OF_A_SCENE, material, choices)
    title = f"Single other words on noise at {choices.snr:g} dB: none should be reported"
    yield Part("words", title, Measure.WORDS | Measure.ALARMS, scenes)


def string_parts(material: Material, choices: Choices) -> Iterator[Part]:
    """Yield strings of keywords on noise, with short gaps and repeats."""
    clips = [clip for clip in material.clips if clip.label != OTHER]
    sounds = material.load(clip.path for clip in clips)
    takes = [cut_take(clip, sounds[clip.path]) for clip in clips if clip.path in sounds]
    count = -(-len(takes) // _CLIPS_OF_A_STRING)
    if choices.limit is not None:
        count = min(count, -(-round(choices.limit) // round(STRING_SECONDS)))
    strings = digit_strings(takes, count, _generator(choices), choices.seed)
    scenes = _composed("strings", strings, _STRINGS_OF_A_SCENE, material, choices)
    title = f"Strings of keywords, gaps of 0 to 300 ms, on noise at {choices.snr:g} dB"
    yield Part("strings", title, Measure.STRINGS | Measure.WORDS, scenes)


PARTS: Mapping[str, Callable[[Material, Choices], Iterator[Part]]] = {
    "utterances": transcribed_parts,
    "long": long_parts,
    "noisy": noisy_parts,
    "isolated": isolated_parts,
    "strings": string_parts,
    "words": word_parts,
}


def _is_speech(clip: Clip, sources: Collection[str]) -> bool:
    """Whether it is running speech, or a word alone from none of the sources of keywords.

    Other words of these sources are a part of their own.
    """
    if clip.kind is Kind.WORD and clip.label == OTHER:
        return clip.source not in sources
    return clip.kind is Kind.SPEECH


def _recorded(clips: Sequence[Clip], material: Material, choices: Choices) -> tuple[Scene, ...]:
    chosen = filling(_in_turn(clips, choices), _seconds, choices.limit)
    sounds = material.load(clip.path for clip in chosen)
    return tuple(other_scene(clip, sounds) for clip in chosen if clip.path in sounds)


def _seconds(clip: Clip) -> float:
    end = duration(clip.path) if clip.end is None else clip.end
    return end - clip.start


def _transcribed(
    name: str,
    title: str,
    measures: Measure,
    items: Sequence[Utterance],
    *,
    material: Material,
    choices: Choices,
) -> Part:
    in_turn = interleaved(items, lambda item: item.source, choices.seed)
    chosen = filling(in_turn, lambda item: duration(item.path), choices.limit)
    sounds = material.load(item.path for item in chosen)
    scenes = (transcribed_scene(item, sounds) for item in chosen if item.path in sounds)
    return Part(name, title, measures, tuple(scenes))


def _single(clips: Sequence[Clip], material: Material, choices: Choices) -> Strings:
    chosen = filling(_in_turn(clips, choices), lambda _: ISOLATED_SECONDS, choices.limit)
    sounds = material.load(clip.path for clip in chosen)
    takes = [cut_take(clip, sounds[clip.path]) for clip in chosen if clip.path in sounds]
    return single_words(takes, _generator(choices))


def _composed(
    name: str, strings: Strings, size: int, material: Material, choices: Choices
) -> tuple[Scene, ...]:
    groups = [strings[first : first + size] for first in range(0, len(strings), size)]
    noise = _noise(material, choices, len(groups))
    rng = _generator(choices)
    return tuple(
        compose(str(choices.folder / f"{name}-{n:03}.flac"), group, bed, choices.snr, rng)
        for n, (group, bed) in enumerate(zip(groups, noise, strict=True), start=1)
    )


def _noise(material: Material, choices: Choices, count: int) -> Iterable[NDArray[np.int16]]:
    """Return recordings of noise, one for each scene, again from the first where they run out."""
    clips = [clip for clip in material.clips if clip.kind is Kind.NOISE]
    chosen = list(islice(_in_turn(clips, choices), count))
    sounds = material.load(clip.path for clip in chosen)
    usable = [sounds[clip.path] for clip in chosen if clip.path in sounds]
    if count and not usable:
        message = (
            "no recordings of noise to compose streams with: expected 20 files or more in noise/, "
            "or --what utterances,long"
        )
        raise InputError(message)
    return islice(cycle(usable), count)


def _in_turn(clips: Sequence[Clip], choices: Choices) -> Iterator[Clip]:
    return interleaved(clips, lambda clip: clip.source, choices.seed)


def _generator(choices: Choices) -> np.random.Generator:
    return np.random.default_rng(choices.seed)
