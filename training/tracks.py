"""Tracks: what is being said at every hundredth of a second, for losses over frames."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recognizer.audio import SAMPLE_RATE
from training.canvases import CANVAS

STEP = SAMPLE_RATE // 100
"""Samples from one entry of a track to the next."""
CANVAS_STEPS = CANVAS // STEP
WINDOW_STEPS = SAMPLE_RATE // STEP
UNDECIDED = -100
"""Entry of a stretch that may be called a keyword or not: it counts in no loss."""

_HEARD = 0.4
"""Share of a keyword that must have been heard before it is called by its label."""


@dataclass(frozen=True)
class Spoken:
    """A word or a phone on a canvas.

    Attributes:
        label: its place in the labels or the phones, or UNDECIDED.
        start: its first sample, counted from the canvas's first; may be negative.
        end: the sample behind its last.

    """

    label: int
    start: float
    end: float


class Tracks(NamedTuple):
    """What is said in some examples, int64 [batch, steps] each.

    Attributes:
        labels: places in the labels, or UNDECIDED.
        phones: places in the phones, SILENCE or UNDECIDED.

    """

    labels: Tensor
    phones: Tensor

    def each(self, change: Callable[[Tensor], Tensor]) -> Tracks:
        """Return all tracks after the same change."""
        return Tracks(*map(change, self))


def shift(
    spoken: Iterable[Spoken], origin: float, first: float = -math.inf, last: float = math.inf
) -> tuple[Spoken, ...]:
    """Return what is said, counted from ``origin``, without what is not within first..last."""
    return tuple(
        Spoken(item.label, max(item.start, first) - origin, min(item.end, last) - origin)
        for item in spoken
        if item.end > first and item.start < last
    )


def draw_track(words: Iterable[Spoken], other: int) -> NDArray[np.int64]:
    """Return the track [CANVAS_STEPS]: a keyword on its last part, ``other`` elsewhere.

    Later words lie over earlier ones.
    """
    return draw_spans((_last_part(word, other) for word in words), other)


def draw_spans(spoken: Iterable[Spoken], rest: int) -> NDArray[np.int64]:
    """Return the track [CANVAS_STEPS]: the label of whatever is said, ``rest`` elsewhere.

    Later items lie over earlier ones.
    """
    track = np.full(CANVAS_STEPS, rest, dtype=np.int64)
    for item in spoken:
        track[max(round(item.start / STEP), 0) : max(round(item.end / STEP), 0)] = item.label
    return track


def cut_tracks(tracks: Tensor, middles: Tensor, speeds: Tensor, beyond: int) -> Tensor:
    """Return the tracks of windows that were cut from canvases played at other speeds.

    Args:
        tracks: int64 [batch, CANVAS_STEPS].
        middles: float32 [batch], where in its window the middle of the canvas lies, in samples.
        speeds: float32 [batch].
        beyond: entry of what is outside of the canvas.

    Returns:
        int64 [batch, WINDOW_STEPS].

    """
    time = (torch.arange(WINDOW_STEPS, device=tracks.device) + 0.5) * STEP
    place = CANVAS / 2 + (time - middles.unsqueeze(1)) * speeds.unsqueeze(1)
    index = (place / STEP).floor().long()
    inside = (index >= 0) & (index < CANVAS_STEPS)
    cut = tracks.gather(1, index.clamp(0, CANVAS_STEPS - 1))
    return torch.where(inside, cut, beyond)


def at_frames(tracks: Tensor, frames: int) -> Tensor:
    """Return the entries int64 [batch, frames] at equal steps from a window's start to its end."""
    place = torch.linspace(0, WINDOW_STEPS - 1, frames, device=tracks.device).round().long()
    return tracks[:, place]


def _last_part(word: Spoken, other: int) -> Spoken:
    heard = 0.0 if word.label in (UNDECIDED, other) else _HEARD
    return Spoken(word.label, word.start + heard * (word.end - word.start), word.end)
