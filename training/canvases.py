"""Words on canvases: stretches of a recording cut out, alone or with what surrounds them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import SAMPLE_RATE
from training.endpoints import word_extent
from training.recordings.clip import Clip, Kind

CANVAS = SAMPLE_RATE * 3 // 2
"""Samples of an example before augmentation; the window is cut from its middle."""

FADE = SAMPLE_RATE // 50
"""Samples over which a word that was cut out fades in and out."""


def fixed_window(clip: Clip, samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Return the one window that stands for a clip when a network is evaluated.

    float32 [SAMPLE_RATE]: a recorded word as it is, a segment without its neighbours, the middle
    second of anything longer.
    """
    if clip.kind is Kind.SEGMENT:
        first, last = word_bounds(clip, samples)
        canvas = isolated(samples, first - FADE, last + FADE)
        return canvas[(CANVAS - SAMPLE_RATE) // 2 :][:SAMPLE_RATE]
    heard = stretch_of(clip, samples)
    return cut(heard, (len(heard) - SAMPLE_RATE) // 2, SAMPLE_RATE)


def stretch_of(clip: Clip, samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return the stretch of its recording that a clip is."""
    last = None if clip.end is None else round(clip.end * SAMPLE_RATE)
    return samples[round(clip.start * SAMPLE_RATE) : last]


def cut(samples: NDArray[np.int16], start: int, length: int) -> NDArray[np.float32]:
    """Return ``length`` samples from ``start``, zeros where the recording has none."""
    piece = np.zeros(length, dtype=np.float32)
    first, last = max(start, 0), min(start + length, len(samples))
    if first < last:
        piece[first - start : last - start] = samples[first:last]
    return piece / np.float32(32768)


def word_bounds(clip: Clip, samples: NDArray[np.int16]) -> tuple[int, int]:
    """Return the first sample of a clip's word and the one behind its last."""
    if clip.kind is Kind.SEGMENT and clip.end is not None:
        return round(clip.start * SAMPLE_RATE), round(clip.end * SAMPLE_RATE)
    return word_extent(samples)


def isolated(samples: NDArray[np.int16], first: int, last: int) -> NDArray[np.float32]:
    """Return a canvas with nothing but samples first..last in its middle, faded in and out."""
    return on_canvas(cut(samples, first, min(last - first, CANVAS)))


def fade_edges(sound: NDArray[np.float32]) -> None:
    """Let sound begin and end softly, in place."""
    fade = min(FADE, len(sound) // 2)
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    sound[:fade] *= ramp
    sound[len(sound) - fade :] *= ramp[::-1]


def on_canvas(word: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a canvas with a word in its middle, faded in and out; too long a word is cut."""
    word = word[:CANVAS].copy()
    fade_edges(word)
    canvas = np.zeros(CANVAS, dtype=np.float32)
    start = (CANVAS - len(word)) // 2
    canvas[start : start + len(word)] = word
    return canvas


def anywhere(samples: NDArray[np.int16], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a canvas around any place of a recording, its edges apart."""
    edge = min(SAMPLE_RATE, len(samples)) // 2
    middle = int(rng.integers(edge, len(samples) - edge + 1))
    return cut(samples, middle - CANVAS // 2, CANVAS)
