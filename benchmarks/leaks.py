"""What digit-listen keeps of what comes and goes: readers, clients, reloads, sound servers.

All of these happen to a running program, a few first, then many, then as many again, when nothing
may be new to it: python benchmarks/leaks.py
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.figures import SHARE, Figure, at_most
from benchmarks.held import Held, lowest_of
from benchmarks.listening import Listening
from benchmarks.report import table
from benchmarks.soaking.outlets import connected
from benchmarks.soaking.sounds import QUIET, hiss
from benchmarks.virtual_microphone import (
    RATE,
    VirtualMicrophone,
    missing_programs,
    virtual_microphone,
)

WARM_UP = 5
"""How often everything happens before it counts: much is made when it is first needed."""
SETTLING = 3.0
PATIENCE = 60.0


@dataclass(frozen=True)
class Counts:
    """How often each happens.

    Attributes:
        readers: of the socket, who come and go.
        clients: of the Wyoming server, who send a second of sound each.
        reloads: by SIGHUP, with the model.
        restarts: of the sound server.

    """

    readers: int
    clients: int
    reloads: int
    restarts: int

    def __str__(self) -> str:
        return ", ".join(f"{name}: {count}" for name, count in vars(self).items())


class Visited:
    """A running program, and what happens to it.

    Args:
        microphone: that it hears.
        folder: for its files.

    """

    def __init__(self, microphone: VirtualMicrophone, folder: Path) -> None:
        self._microphone = microphone
        self._socket = folder / "words"
        self._wyoming = f"unix://{folder}/wyoming"
        config = folder / "config.toml"
        settings = {
            "device": "pulse",
            "json": True,
            "socket": str(self._socket),
            "wyoming": self._wyoming,
            "metrics": ":0",
        }
        lines = (f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
        config.write_text("".join(lines), encoding="utf-8")
        self.listening = Listening(microphone.environment, ["--config", str(config)])
        self._wait_for_log("listening to", 0)

    def held_after(self, counts: Counts) -> Held:
        """Return what the program holds after all this, and tell it."""
        for _ in range(counts.readers):
            connected(self._socket).close()
        for _ in range(counts.clients):
            asyncio.run(_be_client(self._wyoming))
        for _ in range(counts.reloads):
            self._reload()
        for _ in range(counts.restarts):
            self._restart()
        # What the last one had is given back in a moment.
        time.sleep(SETTLING)
        held = lowest_of(self.listening.process.pid)
        print(f"{counts}: {held}", flush=True)
        return held

    def _reload(self) -> None:
        known = len(self.listening.log)
        self.listening.process.send_signal(signal.SIGHUP)
        self._wait_for_log("reloaded", known)

    def _restart(self) -> None:
        known = len(self.listening.log)
        self._microphone.unplug()
        self._wait_for_log("trying again", known)
        self._microphone.plug_in()
        self._wait_for_log("listening again", known)

    def _wait_for_log(self, text: str, since: int) -> None:
        self.listening.wait_for(self.listening.log, text, since, PATIENCE)


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was gained by each; 0 if that is nothing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, count, what in (
        ("readers", 200, "readers of the socket"),
        ("clients", 200, "Wyoming clients"),
        ("reloads", 50, "reloads by SIGHUP"),
        ("restarts", 10, "restarts of the sound server"),
    ):
        parser.add_argument(f"--{name}", type=_count, default=count, help=f"{what} ({count})")
    counts = Counts(**vars(parser.parse_args(argv)))
    if missing := missing_programs():
        print(f"error: {', '.join(missing)} not found; apt install pulseaudio pulseaudio-utils")
        return 1
    figures = gained(counts)
    print(table(figures))
    return 0 if all(figure.verdict == "reached" for figure in figures) else 1


def gained(counts: Counts) -> list[Figure]:
    """Return what a program gains by all this."""
    few = Counts(WARM_UP, WARM_UP, WARM_UP, 1)
    with TemporaryDirectory() as folder, virtual_microphone(Path(folder)) as microphone:
        visited = Visited(microphone, Path(folder))
        with visited.listening:
            looks = [visited.held_after(all_) for all_ in (few, counts, counts)]
    first, second, third = looks
    own = 100 * (third.own / second.own - 1)
    descriptors, threads = third.descriptors - first.descriptors, third.threads - first.threads
    return [
        Figure("descriptors", "file descriptors gained", descriptors, at_most(0, "")),
        Figure("threads", "threads gained", threads, at_most(0, "")),
        Figure("own", "memory in no file gained the second time", own, at_most(5, SHARE)),
    ]


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise argparse.ArgumentTypeError(f"{text}: expected 0 or more")
    return count


async def _be_client(uri: str) -> None:
    """Send a second of noise and wait for the answer, that nothing was detected."""
    from wyoming.audio import AudioChunk, AudioStart, AudioStop
    from wyoming.client import AsyncClient

    noise = (32_767 * QUIET * hiss(RATE, np.random.default_rng(0))).astype("<i2").tobytes()
    async with AsyncClient.from_uri(uri) as client, asyncio.timeout(PATIENCE):
        await client.write_event(AudioStart(rate=RATE, width=2, channels=1).event())
        chunk = AudioChunk(rate=RATE, width=2, channels=1, audio=noise)
        await client.write_event(chunk.event())
        await client.write_event(AudioStop().event())
        while (event := await client.read_event()) and event.type != "not-detected":
            pass


if __name__ == "__main__":
    sys.exit(main())
