"""What listening costs while sound arrives in real time: processor, memory, and how it starts."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from statistics import median
from typing import IO

from benchmarks.children import command_of, cpu_seconds, pace, peak_memory, run
from benchmarks.figures import SHARE, Figure, Target, at_most
from benchmarks.listen_command import listen_command
from benchmarks.options import Options
from benchmarks.sound import blocks, continuous_speech, silence
from recognizer.audio import Samples

_BLOCK_SECONDS = 0.05
_SETTLING = 2.0
"""Seconds of sound before the processor's time is taken: starting is another row."""
_NOTE = "raw samples arrive on standard input every 50 ms"
_STARTS = 7


def real_time(options: Options) -> list[Figure]:
    """Return the shares of a core that listening takes, and the memory."""
    if not sys.platform.startswith("linux"):
        reason = "needs the /proc of Linux"
        return [Figure(row, row, None, note=reason) for row in ("live-silence", "live-speech")]
    seconds = 10 if options.quick else 60
    spoken = continuous_speech(seconds + _SETTLING, options.speech)
    quiet, _ = _listen(options, silence(seconds + _SETTLING))
    loud, memory = _listen(options, spoken.samples)
    name = options.model
    return [
        _shares("live-silence", f"{name}: real time, silence", quiet, at_most(1, SHARE)),
        _shares("live-speech", f"{name}: real time, speech throughout", loud, at_most(4, SHARE)),
        Figure(
            "memory",
            f"{name}: most resident memory while listening to speech",
            memory / 1e6,
            at_most(100, "MB"),
        ),
    ]


def start(options: Options) -> list[Figure]:
    """Return how long it takes from the start of the process to the first window classified."""
    times = []
    has_torch = False
    for _ in range(3 if options.quick else _STARTS):
        began = time.monotonic()
        cost = run(command_of("benchmarks.first_window", options.model))
        ended, torch = cost.output.split()
        times.append(float(ended) - began)
        has_torch |= torch == "True"
    note = "torch was imported" if has_torch else "torch is never imported"
    details = {f"run {count}": seconds for count, seconds in enumerate(times, 1)}
    what = f"{options.model}: start to first window classified"
    return [Figure("start", what, median(times), at_most(0.6, "s"), note, details=details)]


def _listen(options: Options, samples: Samples) -> tuple[float, int]:
    """Return the percentage of a core that real-time listening takes, and the bytes of memory."""
    measured: list[tuple[float, int]] = []

    def feed(pid: int, pipe: IO[bytes]) -> None:
        sound = blocks(samples, _BLOCK_SECONDS)
        settling = round(_SETTLING / _BLOCK_SECONDS)
        pace(pipe, _first(sound, settling), _BLOCK_SECONDS)
        before, began = cpu_seconds(pid), time.monotonic()
        pace(pipe, sound, _BLOCK_SECONDS)
        used, lasted = cpu_seconds(pid) - before, time.monotonic() - began
        measured.append((100 * used / lasted, peak_memory(pid)))

    run(listen_command(options), feed)
    return measured[0]


def _first(sound: Iterator[bytes], count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield next(sound)


def _shares(row: str, what: str, share: float, target: Target) -> Figure:
    return Figure(row, f"{what}: share of one core", share, target, _NOTE)
