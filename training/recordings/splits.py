"""Which speakers are held out: decided by speaker, never by clip."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

from training.recordings.clip import Split


def split_speakers(
    speakers: Iterable[str], validation: float = 0.1, testing: float = 0.1
) -> dict[str, Split]:
    """Assign each speaker to a split, the same on every machine and in every run.

    Speakers are ranked by a hash of their name. The first ``validation`` share, at least one of
    two or more speakers, is held out to choose by; the next ``testing`` share to report on.

    Args:
        speakers: names; repeats count once.
        validation: share of the speakers, 0..1.
        testing: share of the speakers, 0..1.

    """
    ranked = sorted(set(speakers), key=_rank)
    if len(ranked) < 2:
        return dict.fromkeys(ranked, Split.TRAINING)
    first = math.ceil(len(ranked) * validation)
    second = first + math.floor(len(ranked) * testing)
    return {name: _split_at(place, first, second) for place, name in enumerate(ranked)}


def held_out_words(words: Iterable[str], share: float = 0.15) -> frozenset[str]:
    """Return the words that no training hears, so that rejection is judged on new words.

    Chosen by a hash of the word, the same on every machine and whatever other words there are.

    Args:
        words: any words; repeats count once.
        share: about how many of all words are held out, 0..1.

    """
    return frozenset(word for word in words if int(_rank(word)[:8], 16) < share * 2**32)


def _rank(speaker: str) -> str:
    return hashlib.sha256(speaker.encode()).hexdigest()


def _split_at(place: int, first: int, second: int) -> Split:
    if place < first:
        return Split.VALIDATION
    return Split.TESTING if place < second else Split.TRAINING
