"""How soon digit-listen notices that its microphone fails, and how soon it listens again.

Every fault that the virtual microphone knows, over and over: python -m benchmarks.recovery
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.listening import Listening
from benchmarks.virtual_microphone import (
    FAULTS,
    Fault,
    VirtualMicrophone,
    missing_programs,
    virtual_microphone,
)

NOTICED = "trying again"
RECOVERED = "listening again"
NOTICE_LIMIT = 3.0
RECOVERY_LIMIT = 5.0


@dataclass(frozen=True)
class Outage:
    """How one fault went; times are infinite where nothing happened.

    Attributes:
        fault: its name.
        noticed: seconds from its cause until it was told.
        recovered: seconds from the beginning of its mending, a server's start included, until
            sound was heard again.

    """

    fault: str
    noticed: float
    recovered: float


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each fault and a summary; 0 if all were noticed and recovered in time."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--faults", type=_count, default=20, help="how many (default: 20)")
    parser.add_argument(
        "--outage", type=_seconds, default=4.0, help="seconds that each lasts (default: 4)"
    )
    options = parser.parse_args(argv)
    if missing := missing_programs():
        print(f"error: {', '.join(missing)} not found; apt install pulseaudio pulseaudio-utils")
        return 1
    return _summary(outages(options.faults, options.outage))


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text}: expected 1 or more")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text}: expected 0 to 3600 s")
    return seconds


def outages(count: int, seconds: float) -> list[Outage]:
    """Let so many faults happen, each for so many seconds, and return how each went."""
    with TemporaryDirectory() as folder:
        return list(_outages(Path(folder), count, seconds))


def _outages(folder: Path, count: int, seconds: float) -> Iterator[Outage]:
    with (
        virtual_microphone(folder) as microphone,
        Listening(microphone.environment, ["--device", "pulse"]) as listening,
    ):
        listening.wait_for(listening.log, "listening")
        for fault in islice(cycle(FAULTS), count):
            outage = _outage(microphone, listening, fault, seconds)
            print(
                f"{outage.fault:18} noticed after {outage.noticed:5.2f} s, "
                f"listening again after {outage.recovered:5.2f} s",
                flush=True,
            )
            yield outage


def _outage(
    microphone: VirtualMicrophone, listening: Listening, fault: Fault, seconds: float
) -> Outage:
    known = len(listening.log)
    caused = time.monotonic()
    fault.cause(microphone)
    time.sleep(seconds)
    mended = time.monotonic()
    fault.mend(microphone)
    try:
        noticed = listening.wait_for(listening.log, NOTICED, known).time - caused
        recovered = listening.wait_for(listening.log, RECOVERED, known).time - mended
    except TimeoutError:
        return Outage(fault.name, math.inf, math.inf)
    return Outage(fault.name, noticed, recovered)


def _summary(outages: Sequence[Outage]) -> int:
    """Print how all went, and return the exit status."""
    noticed = [outage.noticed for outage in outages]
    recovered = [outage.recovered for outage in outages]
    good = [
        _in_time("noticed", noticed, NOTICE_LIMIT),
        _in_time("listening again", recovered, RECOVERY_LIMIT),
    ]
    return 0 if all(good) else 1


def _in_time(what: str, seconds: Sequence[float], limit: float) -> bool:
    count = sum(value <= limit for value in seconds)
    print(
        f"{what}: min {min(seconds):.2f} s, median {statistics.median(seconds):.2f} s, "
        f"max {max(seconds):.2f} s; {count} of {len(seconds)} within {limit:g} s"
    )
    return count == len(seconds)


if __name__ == "__main__":
    sys.exit(main())
