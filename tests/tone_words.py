"""What speaks to the tone models: words that are tones, with pauses, over faint noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from recognizer.audio import Block
from tests.recognizer.conftest import tone

RATE = 16_000
WORD_SECONDS = 0.6
PAUSE_SECONDS = 0.7


def spoken(*words: str, rate: int = RATE) -> np.ndarray:
    """Return the words with a pause before, between and behind them, float32 [n]."""
    pause = np.zeros(round(PAUSE_SECONDS * rate), dtype=np.float32)
    parts = [part for word in words for part in (pause, tone(word, WORD_SECONDS, rate))]
    sound = np.concatenate([*parts, pause])
    return sound + np.random.default_rng(0).normal(0, 1e-3, len(sound)).astype(np.float32)


def word_start(index: int) -> float:
    """Return when the word with this index starts in ``spoken`` words, in seconds."""
    return PAUSE_SECONDS + index * (WORD_SECONDS + PAUSE_SECONDS)


def blocks(samples: np.ndarray, sizes: Sequence[int] = (1600,)) -> Iterator[Block]:
    """Yield the samples in blocks of these sizes, over and over."""
    first = 0
    while first < len(samples):
        for size in sizes:
            if first < len(samples):
                yield Block(samples[first : first + size], first / RATE)
                first += size
