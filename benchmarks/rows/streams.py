"""How many streams of speech, each in real time, one core holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count as count_from
from statistics import quantiles

import numpy as np

from benchmarks.figures import Figure, at_least
from benchmarks.options import Options
from benchmarks.sound import continuous_speech
from recognizer import Recognizer
from recognizer.audio import SAMPLE_RATE, Block, Samples
from recognizer.listener_pool import ListenerPool
from recognizer.windows import DEFAULT_HOP

_TARGETS = {"edge": 150, "parallel": 60}
_UNIT = "streams"
_HOP_SAMPLES = round(DEFAULT_HOP * SAMPLE_RATE)
_SPEECH_SECONDS = 20
_FIRST_TRY = 20
_FULL = 0.95
"""Share of the hops whose work must be done within a hop."""
_SETTLING_HOPS = 12
"""After so many hops every stream has windows."""


def streams(options: Options) -> list[Figure]:
    """Return the figures of the models that have a target."""
    speech = continuous_speech(_SPEECH_SECONDS, options.speech).samples
    hops = 20 if options.quick else 60
    return [_figure(model, speech, hops, target) for model, target in _TARGETS.items()]


def _figure(model: str, speech: Samples, hops: int, target: float) -> Figure:
    with Recognizer(model, "cpu") as recognizer:
        count, tried = _most(recognizer, speech, hops)
    what = f"{model}: streams of continuous speech that one core holds in real time"
    note = "in a pool; 19 of 20 hops of all streams take a hop of processor time at most"
    details = {f"{streams} streams, ms a hop": 1000 * each for streams, each in tried.items()}
    return Figure("streams", what, count, at_least(target, _UNIT), note, details=details)


def _most(recognizer: Recognizer, speech: Samples, hops: int) -> tuple[int, dict[int, float]]:
    """Return the largest number of streams found to be held, and what each number took."""
    tried: dict[int, float] = {}
    count = _FIRST_TRY
    held, lost = 0, 10**9
    while count not in tried:
        tried[count] = _hop_seconds(recognizer, speech, count, hops)
        if tried[count] <= DEFAULT_HOP:
            held = max(held, count)
        else:
            lost = min(lost, count)
        # What a hop costs grows with the number of streams, so the next guess is close.
        guess = int(count * DEFAULT_HOP / tried[count])
        count = min(max(guess, held + 1), lost - 1, 2 * lost)
        if held and lost - held <= max(1, held // 20):
            break
    return held, tried


def _hop_seconds(recognizer: Recognizer, speech: Samples, count: int, hops: int) -> float:
    """Return the processor time that a hop of so many streams takes, all but one time in twenty."""
    # Nothing is late by this clock, so nothing is skipped: all of the work is measured.
    pool = ListenerPool(recognizer, clock=lambda: 0.0)
    heard = [(pool.open(), _sound(speech, place, count)) for place in range(count)]
    seconds = []
    for _ in range(_SETTLING_HOPS + hops):
        before = time.process_time()
        for stream, sound in heard:
            stream.hear(next(sound))
        for _ in pool.work():
            pass
        seconds.append(time.process_time() - before)
    return quantiles(seconds[_SETTLING_HOPS:], n=20)[-1]


def _sound(speech: Samples, place: int, count: int) -> Iterator[Block]:
    """Yield what one of many streams hears: each elsewhere in the speech, and out of step."""
    samples = np.roll(speech, -place * len(speech) // count)
    first = 1 + place * _HOP_SAMPLES // count
    yield Block(samples[:first], 0.0)
    for start in count_from(first, _HOP_SAMPLES):
        yield Block(samples[start : start + _HOP_SAMPLES], start / SAMPLE_RATE)
