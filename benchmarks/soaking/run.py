"""Lets the whole program hear a stream as fast as it can, and takes everything that it says."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.children import cpu_seconds
from benchmarks.held import Held, lowest_of
from benchmarks.listening import Listening
from benchmarks.soaking.outlets import MetricsPage, SocketReader, appending_to, connected
from benchmarks.soaking.stream import Passage, Word
from recognizer.audio import SAMPLE_RATE

READERS = 5
HELD_BACK = 1.0
"""Seconds of sound that the gate may not have decided about yet."""
PATIENCE = 300.0
"""Seconds that the program may take for what is in its pipe."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        words: of the stream.
        lines: that the program wrote to its standard output.
        looks: what the program held, in equal steps of the stream.
        unequal_readers: readers of the socket that got something else than these lines.
        lost_by_command: lines that the command did not get just once.
        lost_by_metrics: lines that the metrics did not count.
        cpu: seconds of all threads.
        log: what it wrote to standard error.

    """

    words: Sequence[Word]
    lines: Sequence[str]
    looks: Sequence[Held]
    unequal_readers: int
    lost_by_command: int
    lost_by_metrics: int
    cpu: float
    log: Sequence[str]


class SoakedProgram:
    """A running program with everything switched on that hands detections on, but for Wyoming.

    Args:
        model: bundled, or a file.
        folder: for its files.

    """

    def __init__(self, model: str, folder: Path) -> None:
        self._socket, self._commanded = folder / "socket", folder / "commanded"
        self._commanded.touch()
        flags = ["--model", model, "--provider", "cpu", "--json", "--input", "-"]
        flags += ["--socket", str(self._socket), "--exec", appending_to(self._commanded)]
        self._listening = Listening(os.environ, [*flags, "--metrics", ":0"], stdin=subprocess.PIPE)
        told = self._listening.wait_for(self._listening.log, "metrics are at")
        self._metrics = MetricsPage(told.text)
        self._readers = [SocketReader(self._socket) for _ in range(READERS)]
        self._words: list[Word] = []
        self._looks: list[Held] = []
        self._samples = 0

    @property
    def seconds(self) -> float:
        """Seconds of sound that it got so far."""
        return self._samples / SAMPLE_RATE

    def hear(self, passage: Passage) -> None:
        """Give it the next part of a stream, as soon as it takes it."""
        pipe = self._listening.process.stdin
        if pipe is None:
            raise ValueError("the program was started without a pipe")
        pipe.write(passage.pcm.tobytes())
        self._samples += len(passage.pcm)
        if passage.word:
            self._words.append(passage.word)

    def look(self) -> str:
        """Wait until it has heard all, and return in words what it holds and has found."""
        heard = "digit_listen_heard_seconds_total"
        _wait_until(lambda: self._metrics.total(heard) > self.seconds - HELD_BACK)
        self._looks.append(lowest_of(self._listening.process.pid))
        # Another reader comes, and goes at once.
        connected(self._socket).close()
        return f"{self._looks[-1]}, words: {len(self._words)}, reports: {len(self._lines)}"

    def finish(self) -> Outcome:
        """Let the stream end, and return what came of it."""
        process = self._listening.process
        # It ends when its input does, and then kills commands that take long.
        with suppress(TimeoutError):
            _wait_until(lambda: len(self._commands) >= len(self._lines))
        counted = self._metrics.total("digit_listen_detections_total")
        cpu = cpu_seconds(process.pid)
        if process.stdin:
            process.stdin.close()
        process.wait(PATIENCE)
        self._listening.end()
        lines = self._lines
        return Outcome(
            words=self._words,
            lines=lines,
            looks=self._looks,
            unequal_readers=sum(reader.finished() != lines for reader in self._readers),
            lost_by_command=_differences(lines, self._commands),
            lost_by_metrics=abs(len(lines) - round(counted)),
            cpu=cpu,
            log=[line.text for line in self._listening.log],
        )

    def kill(self) -> None:
        """End it at once; after ``finish`` this does no harm."""
        self._listening.end()

    @property
    def _lines(self) -> list[str]:
        return [line.text for line in self._listening.output]

    @property
    def _commands(self) -> list[str]:
        return self._commanded.read_text(encoding="utf-8").splitlines()


def soaked(
    program: SoakedProgram, stream: Iterable[Passage], step: float, tell: Callable[[str], None]
) -> Outcome:
    """Let a program hear a stream and look at it every ``step`` seconds of sound; it ends."""
    next_look = step
    try:
        for passage in stream:
            program.hear(passage)
            if program.seconds >= next_look:
                tell(f"{program.seconds / 3600:5.2f} h: {program.look()}")
                next_look += step
        return program.finish()
    finally:
        program.kill()


def _differences(lines: Sequence[str], others: Sequence[str]) -> int:
    """Return how many lines are there, or there, but not in both."""
    one, other = Counter(lines), Counter(others)
    return (one - other).total() + (other - one).total()


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the program did not keep up for {PATIENCE:g} s")
        time.sleep(0.05)
