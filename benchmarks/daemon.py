"""What digit-listen costs as a service that runs for months, each figure with its target.

The whole program hears a virtual microphone in real time, once alone and once with everything
switched on that hands detections on: python benchmarks/daemon.py
"""

from __future__ import annotations

import argparse
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from benchmarks.children import cpu_seconds, peak_memory
from benchmarks.figures import SHARE, Figure, Target, at_least, at_most
from benchmarks.listening import Listening
from benchmarks.recovery import NOTICE_LIMIT, RECOVERY_LIMIT, outages
from benchmarks.report import summary, table
from benchmarks.soak import hours_of_sound, soak
from benchmarks.soaking.sounds import QUIET, RECORDING, hiss
from benchmarks.virtual_microphone import (
    RATE,
    VirtualMicrophone,
    missing_programs,
    virtual_microphone,
)
from recognizer.audio import Samples

STARTS = 5
SETTLING = 12.0
"""Seconds of new sound until its cost is taken; the gate opens when sound begins."""
LATENCY = 100
"""Milliseconds of the players: the microphone delivers some twenty parts a second."""
OUTAGE = 4.0


@dataclass(frozen=True)
class Way:
    """How the program is run.

    Attributes:
        name: for people.
        arguments: flags, beside those of the microphone.

    """

    name: str
    arguments: tuple[str, ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Print every figure with its target; 0 if all are reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=_seconds, default=60.0, help="of silence, and of speech (default: 60)"
    )
    parser.add_argument("--faults", type=_count, default=20, help="of the sound (default: 20)")
    parser.add_argument(
        "--soak", type=hours_of_sound, metavar="HOURS", help="of a soak besides (default: none)"
    )
    options = parser.parse_args(argv)
    if missing := missing_programs():
        print(f"error: {', '.join(missing)} not found; apt install pulseaudio pulseaudio-utils")
        return 1
    figures = _costs(options.seconds)
    if options.faults:
        figures += _recovery(options.faults)
    if options.soak:
        figures += soak("edge", options.soak)
    print(table(figures))
    print(summary(figures))
    return 0 if all(figure.verdict == "reached" for figure in figures if figure.target) else 1


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text}: expected 1 to 3600 s")
    return seconds


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError(f"{text}: expected 0 or more")
    return count


def _costs(seconds: float) -> list[Figure]:
    with TemporaryDirectory() as folder, virtual_microphone(Path(folder), LATENCY) as microphone:
        return [
            figure
            for way in _ways(Path(folder))
            for figure in (_readiness(microphone, way), *_shares(microphone, way, seconds))
        ]


def _ways(folder: Path) -> list[Way]:
    everything = ["--socket", str(folder / "words"), "--exec", "cat", "--metrics", ":0"]
    missing = "" if find_spec("wyoming") else ", the wyoming package is missing"
    if not missing:
        everything += ["--wyoming", f"unix://{folder}/wyoming"]
    return [Way("alone", ()), Way(f"everything on{missing}", tuple(everything))]


def _readiness(microphone: VirtualMicrophone, way: Way) -> Figure:
    times = []
    for _ in range(STARTS):
        with _started(microphone, way) as (_, ready):
            times.append(ready)
    details = {f"start {count}": seconds for count, seconds in enumerate(times, 1)}
    what = f"{way.name}: from its start until it is ready, the longest of {STARTS} times"
    return Figure("ready", what, max(times), at_most(1, "s"), details=details)


def _shares(microphone: VirtualMicrophone, way: Way, seconds: float) -> Iterator[Figure]:
    count = round((SETTLING + seconds + 5) * RATE)
    with _started(microphone, way) as (process, _):
        for name, samples, most in (
            ("silence", QUIET * hiss(count, np.random.default_rng(0)), 1),
            ("speech", _speech(count), 5),
        ):
            share = _share(microphone, process.pid, samples, seconds)
            yield _figure(way, f"{name}: share of one core", share, at_most(most, SHARE))
        memory = peak_memory(process.pid) / 1e6
        yield _figure(way, "most resident memory", memory, at_most(110, "MB"))


def _figure(way: Way, what: str, value: float, target: Target) -> Figure:
    return Figure(what, f"{way.name}: {what}", value, target)


def _speech(count: int) -> Samples:
    samples, _ = soundfile.read(RECORDING, dtype="float32")
    return np.resize(samples, count)


def _share(microphone: VirtualMicrophone, pid: int, samples: Samples, seconds: float) -> float:
    """Return how many percent of a core a process takes while it hears these samples."""
    player = microphone.speak(samples)
    try:
        time.sleep(SETTLING)
        before, began = cpu_seconds(pid), time.monotonic()
        time.sleep(seconds)
        return 100 * (cpu_seconds(pid) - before) / (time.monotonic() - began)
    finally:
        player.kill()
        player.wait()


@contextmanager
def _started(microphone: VirtualMicrophone, way: Way) -> Iterator[tuple[Popen[bytes], float]]:
    """Run the program; yield it, and the seconds until it told its manager that it is ready."""
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        address = str(Path(folder) / "notify")
        told.bind(address)
        told.settimeout(30)
        began = time.monotonic()
        environment = {**microphone.environment, "NOTIFY_SOCKET": address}
        flags = ["--json", "--device", "pulse", *way.arguments]
        with Listening(environment, flags) as listening:
            while b"READY=1" not in told.recv(65_536).splitlines():
                pass
            yield listening.process, time.monotonic() - began


def _recovery(count: int) -> list[Figure]:
    seen = outages(count, OUTAGE)
    noticed = sum(outage.noticed <= NOTICE_LIMIT for outage in seen)
    recovered = sum(outage.recovered <= RECOVERY_LIMIT for outage in seen)
    return [
        _of_faults("noticed", NOTICE_LIMIT, noticed, count),
        _of_faults("recovered from", RECOVERY_LIMIT, recovered, count),
    ]


def _of_faults(what: str, limit: float, reached: int, count: int) -> Figure:
    return Figure(what, f"faults {what} within {limit:g} s", reached, at_least(count, ""))


if __name__ == "__main__":
    sys.exit(main())
