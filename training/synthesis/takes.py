"""What is to be recorded: which voice says what, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from training.synthesis.engine import Engine, Manner, Voice
from training.synthesis.sentences import Vocabulary, draw_sentence

SPEECH = "_speech_"
"""The folder of running speech."""

_SILENCE = (0.1, 0.3)


@dataclass(frozen=True)
class Take:
    """One recording to be made.

    Attributes:
        text: what is said.
        number: place among the takes of one folder, from 0.
        voice: who says it.
        manner: how it is said.
        folder: the recording's own folder; one named after the text if empty.

    """

    text: str
    number: int
    voice: Voice
    manner: Manner
    folder: str = ""

    @property
    def path(self) -> Path:
        """The recording inside its folder, named as in the Speech Commands layout."""
        return Path(self.folder or self.text) / f"{self.voice.name}_nohash_{self.number}.flac"


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
        Take(word, number, *_draw_speaker(by_engine, Random(f"{seed} {word} {number}")))
        for word, count in counts.items()
        for number in range(count)
    ]


def plan_sentences(
    count: int, vocabulary: Vocabulary, voices: Sequence[Voice], seed: int
) -> list[Take]:
    """Return takes of running speech in random voices, pitches and paces, as ``plan_takes`` does.

    Args:
        count: of takes.
        vocabulary: of what is said.
        voices: at least one.
        seed: any number; the same gives the same takes.

    """
    by_engine = _by_engine(voices)
    randoms = (Random(f"{seed} sentence {number}") for number in range(count))
    return [
        Take(draw_sentence(vocabulary, random), number, *_draw_speaker(by_engine, random), SPEECH)
        for number, random in enumerate(randoms)
    ]


def _by_engine(voices: Sequence[Voice]) -> dict[Engine, list[Voice]]:
    by_engine: dict[Engine, list[Voice]] = {}
    for voice in voices:
        by_engine.setdefault(voice.engine, []).append(voice)
    return by_engine


def _draw_speaker(
    by_engine: Mapping[Engine, Sequence[Voice]], random: Random
) -> tuple[Voice, Manner]:
    engines = list(by_engine)
    [engine] = random.choices(engines, [engine.share for engine in engines])
    return random.choice(by_engine[engine]), _draw_manner(random)


def _draw_manner(random: Random) -> Manner:
    return Manner(
        pitch=random.uniform(-1, 1),
        pace=random.uniform(-1, 1),
        gap=random.random(),
        before=random.uniform(*_SILENCE),
        after=random.uniform(*_SILENCE),
    )
