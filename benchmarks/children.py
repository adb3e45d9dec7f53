"""Runs commands as processes of their own and tells what they cost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from recognizer.errors import DigitListenError


@dataclass(frozen=True)
class Cost:
    """What a process has used up when it is over.

    Attributes:
        cpu_seconds: of all its threads, in the kernel too.
        output: what it wrote to standard output.

    """

    cpu_seconds: float
    output: str


def command_of(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module with this interpreter."""
    return [sys.executable, "-m", module, *arguments]


def run(command: Sequence[str], feed: Callable[[int, IO[bytes]], None] | None = None) -> Cost:
    """Run a command to its end.

    Args:
        command: program and arguments.
        feed: given the process's number and its standard input, which is empty if this is None.

    Raises:
        DigitListenError: the command failed; the message has the last line of what it said.

    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        stdin = subprocess.PIPE if feed else subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=stdin, stdout=output, stderr=errors)
        if feed and process.stdin:
            _feed(process.pid, process.stdin, feed)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            _fail(command, _text(errors))
        cpu = usage.ru_utime + usage.ru_stime
        return Cost(cpu, _text(output))


def _feed(pid: int, pipe: IO[bytes], feed: Callable[[int, IO[bytes]], None]) -> None:
    try:
        with pipe:
            feed(pid, pipe)
    except BrokenPipeError:
        # It ended early; its exit status tells why.
        return


def _fail(command: Sequence[str], errors: str) -> None:
    said = errors.strip().splitlines() or ["no reason given"]
    message = f"{' '.join(command[1:4])} failed: {said[-1]}"
    raise DigitListenError(message)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def pace(pipe: IO[bytes], blocks: Iterable[bytes], seconds_each: float) -> None:
    """Write blocks of sound as a microphone gives them: each when its time has come."""
    began = time.monotonic()
    for count, block in enumerate(blocks, 1):
        time.sleep(max(0.0, began + count * seconds_each - time.monotonic()))
        pipe.write(block)
        pipe.flush()


def cpu_seconds(pid: int) -> float:
    """Return what a running process has used so far, on Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid: int) -> int:
    """Return the most resident memory that a running process had so far in bytes, on Linux.

    What is known of a process when it is over counts the memory of the one that started it, too.
    """
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (kibibytes,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return 1024 * int(kibibytes)
