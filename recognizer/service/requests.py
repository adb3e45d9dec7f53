"""What the world asks of a running program by signals: to end, or to reload."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from recognizer.service.noticing import noticed

Item = TypeVar("Item")

PATIENCE = 0.2
"""Seconds that a request waits for the next item; then the wait for it is broken off."""


class InterruptedWaitError(BaseException):
    """Breaks off a wait; no error, and not to be caught as one."""


class Requests:
    """Hands on the items of a source until a signal asks for something else.

    SIGTERM asks for the end, SIGHUP for a reload. Work on an item is never broken off; a wait for
    one is, when nothing comes.

    Attributes:
        end_asked: whether the program is to end.
        reload_asked: whether it is to reload; whoever does so sets it back.

    """

    def __init__(self) -> None:
        self.end_asked = False
        self.reload_asked = False
        self._has_begun = False
        self._is_waiting = False

    @contextmanager
    def heeded(self, *, reloads: bool) -> Iterator[None]:
        """Heed signals meanwhile; before the first item SIGTERM ends the context at once.

        Args:
            reloads: whether to heed SIGHUP, too.

        """
        handlers = {signal.SIGTERM: self._end, signal.SIGALRM: self._break_off}
        # Ignored is what nohup leaves it at.
        if reloads and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            handlers[signal.SIGHUP] = self._reload
        before = {number: signal.signal(number, act) for number, act in handlers.items()}
        try:
            with noticed(self._notice):
                yield
        except InterruptedWaitError:
            pass
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number, handler in before.items():
                signal.signal(number, handler)

    def until_asked(self, items: Iterator[Item]) -> Iterator[Item]:
        """Yield items until they end or something is asked for.

        Raises:
            InterruptedWaitError: something was asked for and no item came; the iterator of items
                is of no use any more.

        """
        self._has_begun = True
        while not (self.end_asked or self.reload_asked):
            try:
                self._is_waiting = True
                item = next(items)
            except StopIteration:
                return
            finally:
                self._is_waiting = False
            yield item

    def _notice(self, number: int) -> None:
        # The handlers do so, too: that of SIGALRM may come before them and find nothing asked for.
        if number != signal.SIGALRM:
            self._break_off_soon()

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.end_asked = True
        if not self._has_begun:
            raise InterruptedWaitError
        self._break_off_soon()

    def _reload(self, _number: int, _frame: FrameType | None) -> None:
        self.reload_asked = True
        self._break_off_soon()

    def _break_off_soon(self) -> None:
        # Again and again: a wait may begin between two looks at what is asked for.
        signal.setitimer(signal.ITIMER_REAL, PATIENCE, PATIENCE)

    def _break_off(self, _number: int, _frame: FrameType | None) -> None:
        if not (self.end_asked or self.reload_asked):
            signal.setitimer(signal.ITIMER_REAL, 0)
        elif self._is_waiting:
            self._is_waiting = False
            raise InterruptedWaitError
