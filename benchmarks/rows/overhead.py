"""What listening costs beside the network: gate, windows and decisions."""

from __future__ import annotations

import time
from dataclasses import replace
from statistics import median

from benchmarks.figures import TIMES, Figure
from benchmarks.interleaved import Clock, interleave, low_ratio, ratio
from benchmarks.options import Options
from benchmarks.rows.windows import LOW
from benchmarks.sound import continuous_speech
from recognizer import Listener, Recognizer
from recognizer.audio import SAMPLE_RATE, Block, Samples
from recognizer.recognizer import Answer
from recognizer.windows import DEFAULT_HOP

_SECONDS = 20
_BLOCK = SAMPLE_RATE // 20
LISTENING = "listening"
NETWORK = "the network alone"


def overhead(options: Options, clock: Clock = time.process_time) -> list[Figure]:
    """Return how many times longer the network takes than all that happens around it."""
    samples = continuous_speech(_SECONDS, options.speech).samples
    blocks = [
        Block(samples[first : first + _BLOCK], first / SAMPLE_RATE)
        for first in range(0, len(samples), _BLOCK)
    ]
    window = samples[:SAMPLE_RATE]
    count = round((_SECONDS - 1) / DEFAULT_HOP) + 1
    with Recognizer(options.model, "cpu") as recognizer:
        silent = _Answered(recognizer, window)
        works = {
            LISTENING: lambda: list(Listener(silent, blocks)),
            NETWORK: lambda: [recognizer.classify_window(window) for _ in range(count)],
        }
        timings = interleave(works, options.rounds, options.turn_seconds, clock)
    times = {name: 1e6 * median(seconds) / count for name, seconds in timings.items()}
    what = f"{options.model}: the network against gate, windows and decisions around it"
    peers = {name: f"{each:.0f} us a window" for name, each in times.items()}
    figure = Figure("overhead", what, ratio(timings, NETWORK, LISTENING), unit=TIMES, peers=peers)
    return [replace(figure, details={**times, LOW: low_ratio(timings, NETWORK, LISTENING)})]


class _Answered:
    """Says the same to every window, as a recognizer does that costs nothing."""

    def __init__(self, recognizer: Recognizer, window: Samples) -> None:
        self.labels = recognizer.labels
        self.thresholds = recognizer.thresholds
        self.frame_seconds = recognizer.frame_seconds
        self._answer = recognizer.classify_window(window)

    def classify_window(self, _window: Samples) -> Answer:
        return self._answer
