"""What an hour of sound costs from a file: speech throughout, and silence."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.children import Cost, command_of, run
from benchmarks.figures import Figure, at_most
from benchmarks.listen_command import listen_command
from benchmarks.options import Options
from benchmarks.peers import PEERS, why_missing
from benchmarks.sound import continuous_speech, silence, write

HOUR = 3_600
_PEER_SECONDS = 600
_QUICK_SECONDS = 120
_REPEATS = 3
_UNIT = "CPU-s"
_NOISE = "noise of the last of 16 bits"
_SPEECH = at_most(25, _UNIT)
_SILENCE = at_most(3, _UNIT)


def speech(options: Options) -> list[Figure]:
    """Return the figure of an hour of speech, beside those of the peers."""
    own_seconds = _QUICK_SECONDS if options.quick else HOUR
    peer_seconds = _QUICK_SECONDS if options.quick else _PEER_SECONDS
    reasons = {name: why_missing(name, options.peer_models) for name in PEERS}
    sound = continuous_speech(own_seconds, options.speech)
    with tempfile.TemporaryDirectory() as folder:
        path, part = Path(folder) / "speech.wav", Path(folder) / "part.wav"
        write(path, sound.samples)
        write(part, sound.samples[: peer_seconds * 16_000])
        commands = {
            name: command_of("benchmarks.peers", name, str(part), *_models(options))
            for name, reason in reasons.items()
            if reason is None
        }
        own, costs = _interleaved(listen_command(options, path), commands, options)
    peers = {
        name: reason or f"{_an_hour(costs[name], peer_seconds):.0f} {_UNIT}"
        for name, reason in reasons.items()
    }
    note = f"{sound.origin}; peers from {peer_seconds / 60:.0f} minutes of it"
    what = f"{options.model}: an hour of continuous speech from a file"
    hour = _hour(own, own_seconds)
    return [replace(hour, row="hour-speech", what=what, target=_SPEECH, note=note, peers=peers)]


def quiet(options: Options) -> list[Figure]:
    """Return the figure of an hour of silence."""
    seconds = 10 * _QUICK_SECONDS if options.quick else HOUR
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "silence.wav"
        write(path, silence(seconds))
        own, _ = _interleaved(listen_command(options, path), {}, options)
    what = f"{options.model}: an hour of silence from a file"
    hour = _hour(own, seconds)
    return [replace(hour, row="hour-silence", what=what, target=_SILENCE, note=_NOISE)]


def _interleaved(
    own: list[str], peers: dict[str, list[str]], options: Options
) -> tuple[list[Cost], dict[str, list[Cost]]]:
    """Run all commands in turns and return what each run cost."""
    costs: dict[str, list[Cost]] = {name: [] for name in peers}
    owns: list[Cost] = []
    for _ in range(1 if options.quick else _REPEATS):
        owns.append(run(own))
        for name, command in peers.items():
            costs[name].append(run(command))
    return owns, costs


def _an_hour(costs: list[Cost], seconds: int) -> float:
    return median(cost.cpu_seconds for cost in costs) * HOUR / seconds


def _hour(costs: list[Cost], seconds: int) -> Figure:
    """Return the figure of an hour from what so many seconds cost, each time."""
    details = {f"run {count}": cost.cpu_seconds for count, cost in enumerate(costs, 1)}
    return Figure("", "", _an_hour(costs, seconds), details={**details, "seconds": seconds})


def _models(options: Options) -> list[str]:
    return [str(options.peer_models)] if options.peer_models else []
