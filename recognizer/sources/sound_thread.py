"""The one thread that opens and closes devices, which may hang for as long as it likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from recognizer.errors import DigitListenError
from recognizer.sources.portaudio import c_libraries_silenced

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """How a job ended: with a result, with an error, or with neither because it crashed."""

    result: T | None = None
    error: DigitListenError | None = None


class SoundThread(Generic[T]):
    """Does jobs, one after the other, and lets us wait for them no longer than we want to.

    PortAudio is not made to be called by several threads at once.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], T] | None] = SimpleQueue()
        self._outcomes: SimpleQueue[Outcome[T] | None] = SimpleQueue()
        # A job that hangs must not keep the program from ending.
        self._thread = Thread(target=self._work, name="sound", daemon=True)
        self._thread.start()

    def ask(self, job: Callable[[], T]) -> None:
        """Let a job be done when those before it are done; ``wait`` tells how it ended."""
        self._jobs.put(job)

    def wait(self, seconds: float | None = None) -> Outcome[T] | None:
        """Return how the next job ended, or None at once when ``wake`` is or was called.

        Raises:
            TimeoutError: neither happened for so long.

        """
        try:
            return self._outcomes.get(timeout=seconds)
        except Empty:
            raise TimeoutError from None

    def wake(self) -> None:
        """End a wait; may be called in any thread, and by the handler of a signal."""
        self._outcomes.put(None)

    def end(self, last_job: Callable[[], T], seconds: float) -> bool:
        """Do a last job and tell whether it was done in time; ending twice does no harm."""
        self._jobs.put(last_job)
        self._jobs.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        with c_libraries_silenced():
            while job := self._jobs.get():
                outcome = Outcome[T]()
                try:
                    outcome = _outcome(job)
                finally:
                    self._outcomes.put(outcome)


def _outcome(job: Callable[[], T]) -> Outcome[T]:
    try:
        return Outcome(result=job())
    except DigitListenError as error:
        return Outcome(error=error)
