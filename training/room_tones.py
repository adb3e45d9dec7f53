"""What a microphone records while nobody speaks: room tone, out of the pauses of recorded words.

Collections differ most in it. Under the words of all others, it keeps a network from telling them
apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE

_MARGIN = SAMPLE_RATE // 20
_SHORTEST = SAMPLE_RATE * 3 // 20


def room_tone(samples: NDArray[np.int16], word: tuple[int, int]) -> NDArray[np.int16] | None:
    """Return the longer pause before or behind a word, 50 ms away from it.

    Args:
        samples: int16 [samples], a recording of one word.
        word: first sample of the word and the one behind its last.

    Returns:
        None where both pauses are shorter than 0.15 s or digital silence.

    """
    before, after = samples[: max(word[0] - _MARGIN, 0)], samples[word[1] + _MARGIN :]
    longer = before if len(before) > len(after) else after
    return longer if len(longer) >= _SHORTEST and longer.any() else None


def loop(tone: NDArray[np.int16], length: int) -> NDArray[np.float32]:
    """Return a tone repeated forwards and backwards, so that there are no clicks: [length]."""
    there_and_back = np.concatenate([tone, tone[::-1]])
    return np.resize(there_and_back, length).astype(np.float32) / np.float32(32768)
