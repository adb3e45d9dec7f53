"""Running speech to be synthesised: keywords in a row, other words, keywords among other words.

The sentences make no sense: a network that hears a second at a time learns how words follow each
other, not why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_STRINGS = 0.25
_EMBEDDED = 0.15
"""Shares of sentences that are nothing but keywords, and that hold one among other words."""
_ALIKE = 0.4
"""Share of the other words that are likely to be mistaken."""
_KEYWORDS = (3, 8)
_WORDS = (4, 10)
"""Fewest and most words of a sentence."""


@dataclass(frozen=True)
class Vocabulary:
    """What sentences are made of.

    Attributes:
        keywords: at least one.
        alike: other words that are likely to be mistaken for keywords; at least one.
        dictionary: any other words; at least one.

    """

    keywords: Sequence[str]
    alike: Sequence[str]
    dictionary: Sequence[str]


def draw_sentence(vocabulary: Vocabulary, random: Random) -> str:
    """Return a sentence: words with spaces between them."""
    kind = random.random()
    if kind < _STRINGS:
        return " ".join(random.choices(vocabulary.keywords, k=random.randint(*_KEYWORDS)))
    words = [_other_word(vocabulary, random) for _ in range(random.randint(*_WORDS))]
    if kind < _STRINGS + _EMBEDDED:
        words.insert(random.randint(0, len(words)), random.choice(vocabulary.keywords))
    return " ".join(words)


def _other_word(vocabulary: Vocabulary, random: Random) -> str:
    is_alike = random.random() < _ALIKE
    return random.choice(vocabulary.alike if is_alike else vocabulary.dictionary)
