"""What is to be recorded: which voice says which word, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from training.synthesis.engine import Engine, Manner, Voice

_SILENCE = (0.1, 0.3)


@dataclass(frozen=True)
class Take:
    """One recording to be made.

    Attributes:
        word: what is said.
        number: place among the takes of the word, from 0.
        voice: who says it.
        manner: how it is said.

    """

    word: str
    number: int
    voice: Voice
    manner: Manner

    @property
    def path(self) -> Path:
        """The recording inside its folder, named as in the Speech Commands layout."""
        return Path(self.word) / f"{self.voice.name}_nohash_{self.number}.flac"


def plan_takes(counts: Mapping[str, int], voices: Sequence[Voice], seed: int) -> list[Take]:
    """Return the takes of each word in random voices, pitches and paces.

    A take depends on nothing but the seed, its word, its number and the voices there are: more
    takes or other words leave it as it is. Engines are drawn by their shares.

    Args:
        counts: takes of each word.
        voices: at least one.
        seed: any number; the same gives the same takes.

    """
    by_engine = _by_engine(voices)
    return [
        _plan_take(word, number, by_engine, Random(f"{seed} {word} {number}"))
        for word, count in counts.items()
        for number in range(count)
    ]


def _by_engine(voices: Sequence[Voice]) -> dict[Engine, list[Voice]]:
    by_engine: dict[Engine, list[Voice]] = {}
    for voice in voices:
        by_engine.setdefault(voice.engine, []).append(voice)
    return by_engine


def _plan_take(
    word: str, number: int, by_engine: Mapping[Engine, Sequence[Voice]], random: Random
) -> Take:
    engines = list(by_engine)
    [engine] = random.choices(engines, [engine.share for engine in engines])
    return Take(word, number, random.choice(by_engine[engine]), _draw_manner(random))


def _draw_manner(random: Random) -> Manner:
    return Manner(
        pitch=random.uniform(-1, 1),
        pace=random.uniform(-1, 1),
        gap=random.random(),
        before=random.uniform(*_SILENCE),
        after=random.uniform(*_SILENCE),
    )
