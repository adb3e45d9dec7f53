"""The sounds of a soak, as far as a model hears them as it should."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from benchmarks.soaking.sounds import Sound, is_as_it_should_be, other_sounds, words
from recognizer.recognizer import Recognizer


@dataclass(frozen=True)
class Material:
    """What there is to hear.

    Attributes:
        words: heard, each alone, wherever they stand.
        others: in which nothing is heard, likewise.
        left_out: names of sounds of both kinds with which it is not so.

    """

    words: tuple[Sound, ...]
    others: tuple[Sound, ...]
    left_out: tuple[str, ...]


def material_for(model: str, chance: Generator) -> Material:
    """Return what a model, bundled or a file, hears as it should: a soak judges the program."""
    with Recognizer(model, provider="cpu") as recognizer:
        sounds = (*words(), *other_sounds(chance))
        good = {sound.name for sound in sounds if is_as_it_should_be(recognizer, sound, chance)}
    return Material(
        words=tuple(sound for sound in sounds if sound.label and sound.name in good),
        others=tuple(sound for sound in sounds if not sound.label and sound.name in good),
        left_out=tuple(sound.name for sound in sounds if sound.name not in good),
    )
