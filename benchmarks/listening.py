"""digit-listen as a program that runs, and everything it says with the time at which it did."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from threading import Condition, Thread
from typing import IO, NamedTuple, Self

RUN = (
    sys.executable,
    "-c",
    "import sys; from recognizer.commands.listen import main; sys.exit(main())",
)


class Line(NamedTuple):
    """A line that a program wrote, and when, in seconds of the monotonic clock."""

    text: str
    time: float


class Listening:
    """Runs digit-listen while a ``with`` lasts.

    Args:
        environment: of the program.
        arguments: its flags.
        command: what starts it.
        stdin: where it reads from, as subprocess names it; where we do, if it is None.

    Attributes:
        process: the running program.
        output: the lines on its standard output so far.
        log: the lines on its standard error so far.

    """

    def __init__(
        self,
        environment: Mapping[str, str],
        arguments: Sequence[str],
        command: Sequence[str] = RUN,
        *,
        stdin: int | None = None,
    ) -> None:
        self.output: list[Line] = []
        self.log: list[Line] = []
        self._news = Condition()
        self.process = subprocess.Popen(
            [*command, *arguments],
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        pipes = ((self.process.stdout, self.output), (self.process.stderr, self.log))
        self._readers = [Thread(target=self._read, args=pipe, daemon=True) for pipe in pipes]
        for reader in self._readers:
            reader.start()

    def wait_for(self, lines: list[Line], text: str, since: int = 0, seconds: float = 30) -> Line:
        """Return the first line with ``text``, not counting those before index ``since``.

        Raises:
            TimeoutError: there was none for so long; the message is the program's log.

        """
        deadline = time.monotonic() + seconds
        with self._news:
            while not (found := [line for line in lines[since:] if text in line.text]):
                if not self._news.wait(deadline - time.monotonic()):
                    said = "\n".join(line.text for line in self.log)
                    raise TimeoutError(f"no line with {text!r} in {seconds} s: {said}")
        return found[0]

    def end(self) -> None:
        """End the program and wait for its last words."""
        self.process.kill()
        for reader in self._readers:
            reader.join()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _read(self, stream: IO[bytes], lines: list[Line]) -> None:
        with TextIOWrapper(stream, encoding="utf-8") as texts:
            for text in texts:
                with self._news:
                    lines.append(Line(text.rstrip("\n"), time.monotonic()))
                    self._news.notify_all()
