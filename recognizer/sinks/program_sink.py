"""A command for each detection."""

from __future__ import annotations

import logging
import os
import queue
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread

from recognizer.closing import Closing
from recognizer.detection import Detection
from recognizer.errors import InputError
from recognizer.sinks.lines import detection_event, json_line
from recognizer.tally import Tally

MOST_AT_ONCE = 4
MOST_WAITING = 32
MOST_SECONDS = 10.0
FAREWELL_SECONDS = 0.5

VARIABLE = "DIGIT_LISTEN_"
"""What the names of a command's environment variables start with."""

_LOOK_SECONDS = 0.05
_KILL_SECONDS = 0.2
_STANDARD_ERROR = 2
# What a service manager says to us is not meant for the commands that we run.
_OURS_ALONE = ("NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC")

logger = logging.getLogger(__name__)


class ProgramSink(Closing):
    """Runs a command for each detection, without a shell and without waiting for it.

    The command finds the event in its environment, DIGIT_LISTEN_LABEL, _CONFIDENCE, _START, _END
    and _TIME, and as one line of JSON on its standard input. What it prints goes to our standard
    error. It runs in a session of its own; after its time it is killed with all processes of its
    group. Detections beyond those that may wait are dropped with a counted warning, and a command
    that fails is one, too.

    Args:
        command: program and arguments; a string is split as a shell would, but nothing in it is
            expanded.
        most_at_once: how many may run at the same time.
        most_waiting: how many detections may wait for their turn.
        most_seconds: how long a command may run.
        farewell: how many seconds closing leaves to what runs and waits.
        clock: seconds.

    Raises:
        InputError: there is no such program, or the string cannot be split.

    """

    def __init__(
        self,
        command: str | Sequence[str],
        *,
        most_at_once: int = MOST_AT_ONCE,
        most_waiting: int = MOST_WAITING,
        most_seconds: float = MOST_SECONDS,
        farewell: float = FAREWELL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = _checked(command)
        self._most_waiting = most_waiting
        self._most_seconds = most_seconds
        self._farewell = farewell
        self._clock = clock
        self._end = float("inf")
        self._dropped, self._failed = Tally(logger), Tally(logger)
        self._queue: queue.SimpleQueue[Detection | None] = queue.SimpleQueue()
        self._workers = [
            Thread(target=self._work, name="program sink", daemon=True) for _ in range(most_at_once)
        ]
        for worker in self._workers:
            worker.start()

    def write(self, detection: Detection) -> None:
        """Let the command run for one detection as soon as it is its turn."""
        if self._queue.qsize() >= self._most_waiting:
            self._drop()
        else:
            self._queue.put(detection)

    def close(self) -> None:
        """Let what runs and waits come to an end, or kill it; closing twice does no harm."""
        self._end = min(self._end, self._clock() + self._farewell)
        for _ in self._workers:
            self._queue.put(None)
        while self._workers:
            self._workers.pop().join()

    def _work(self) -> None:
        while (detection := self._queue.get()) is not None:
            if self._clock() < self._end:
                self._run(detection)
            else:
                self._drop()

    def _drop(self) -> None:
        self._dropped.add(f"{self._command[0]} was not run for a detection, it is too slow")

    def _run(self, detection: Detection) -> None:
        try:
            process = _start(self._command, detection)
        except OSError as error:
            self._fail(f"cannot be started ({error.strerror})")
            return
        end = self._clock() + self._most_seconds
        while self._clock() < min(end, self._end):
            with suppress(subprocess.TimeoutExpired):
                self._judge(process.wait(_LOOK_SECONDS))
                return
        self._fail("took too long and was killed")
        _kill(process)

    def _judge(self, status: int) -> None:
        if status > 0:
            self._fail(f"ended with exit status {status}")
        elif status < 0:
            self._fail(f"was ended by signal {-status}")

    def _fail(self, how: str) -> None:
        self._failed.add(f"{self._command[0]} {how}")


def _checked(command: str | Sequence[str]) -> tuple[str, ...]:
    """Return the command with the path of its program."""
    words = _split(command) if isinstance(command, str) else command
    if not words:
        raise InputError("the command is empty, expected a program and its arguments")
    program = None if "\0" in "".join(words) else shutil.which(words[0])
    if program is None:
        raise InputError(
            f"no program {words[0]!r} to run for detections, expected one on the PATH or the path "
            "of an executable file"
        )
    return (program, *words[1:])


def _split(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError as error:
        raise InputError(
            f"the command {command!r} cannot be split ({error}), expected words with quotes in "
            "pairs, as in a shell"
        ) from None


def _start(command: Sequence[str], detection: Detection) -> subprocess.Popen[bytes]:
    event = {
        VARIABLE + key.upper(): str(value) for key, value in detection_event(detection).items()
    }
    inherited = {key: value for key, value in os.environ.items() if key not in _OURS_ALONE}
    reading, writing = os.pipe()
    try:
        # A new pipe takes a page at least without a reader, so this waits for nobody.
        os.set_blocking(writing, False)
        os.write(writing, json_line(detection).encode())
        return subprocess.Popen(
            command,
            stdin=reading,
            stdout=_STANDARD_ERROR,
            env=inherited | event,
            start_new_session=True,
        )
    finally:
        os.close(reading)
        os.close(writing)


def _kill(process: subprocess.Popen[bytes]) -> None:
    # A program with more rights than ours cannot be killed; it is left behind.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_KILL_SECONDS)
