"""What a running process holds, as Linux tells it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Held:
    """What a process holds at one moment.

    Attributes:
        memory: resident, in bytes.
        own: what is in no file, in bytes, what the system swapped out included.
        descriptors: open files, pipes and sockets.
        threads: that run or wait.

    """

    memory: int
    own: int
    descriptors: int
    threads: int

    def __str__(self) -> str:
        return (
            f"{self.memory / 1e6:.1f} MB ({self.own / 1e6:.1f} MB in no file), "
            f"file descriptors: {self.descriptors}, threads: {self.threads}"
        )


def held_by(pid: int) -> Held:
    """Return what a process holds now."""
    process = Path("/proc") / str(pid)
    status = process.joinpath("status").read_text(encoding="utf-8")
    return Held(
        memory=1024 * _number("VmRSS", status),
        own=1024 * (_number("RssAnon", status) + _number("VmSwap", status)),
        descriptors=len(list(process.joinpath("fd").iterdir())),
        threads=_number("Threads", status),
    )


def lowest_of(pid: int, looks: int = 10, pause: float = 0.05) -> Held:
    """Return the least that a process holds in several looks: some things it holds for a moment."""
    seen = []
    for _ in range(looks):
        seen.append(held_by(pid))
        time.sleep(pause)
    return Held(
        memory=min(held.memory for held in seen),
        own=min(held.own for held in seen),
        descriptors=min(held.descriptors for held in seen),
        threads=min(held.threads for held in seen),
    )


def _number(name: str, status: str) -> int:
    (number,) = re.findall(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
    return int(number)
