"""Parts of a running program that are exchanged together, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from recognizer.configuration.settings import Settings

Thing_co = TypeVar("Thing_co", covariant=True)
Open = Callable[[Settings, ExitStack], Thing_co]
"""Opens something for settings; what has to be undone at its end goes onto the stack."""


@dataclass(frozen=True)
class _Opened(Generic[Thing_co]):
    thing: Thing_co
    wish: object
    stack: ExitStack


class Part(Generic[Thing_co]):
    """Something that stays open as long as the settings that it depends on stay as they are.

    Args:
        wish: the settings that it depends on, in one value.
        open_: opens it; raises DigitListenError where that fails.

    """

    def __init__(self, wish: Callable[[Settings], object], open_: Open[Thing_co]) -> None:
        self._wish = wish
        self._open = open_
        self._now: _Opened[Thing_co] | None = None
        self._next: _Opened[Thing_co] | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is anything to use yet."""
        return (self._next or self._now) is not None

    @property
    def thing(self) -> Thing_co:
        """What is open; in an exchange already the new one."""
        opened = self._next or self._now
        if opened is None:
            raise ValueError("a part was asked for before it was opened")
        return opened.thing

    def prepare(self, settings: Settings) -> None:
        """Open what new settings ask for, beside what is open; nothing where that is the same."""
        wish = self._wish(settings)
        if self._now is not None and self._now.wish == wish:
            return
        with ExitStack() as stack:
            thing = self._open(settings, stack)
            self._next = _Opened(thing, wish, stack.pop_all())

    def commit(self) -> None:
        """Close what was open, if ``prepare`` has opened something in its place."""
        if self._next is not None:
            self.close()
            self._now, self._next = self._next, None

    def abandon(self) -> None:
        """Close what ``prepare`` has opened."""
        if self._next is not None:
            opened, self._next = self._next, None
            opened.stack.close()

    def close(self) -> None:
        """Close what is open; closing twice does no harm."""
        if self._now is not None:
            opened, self._now = self._now, None
            opened.stack.close()


def exchange(parts: Iterable[Part[Any]], settings: Settings) -> None:
    """Open all parts, in their order, as the settings ask for; close what that replaces.

    Raises:
        DigitListenError: one does not open; all are as before.

    """
    with ExitStack() as undo:
        parts = tuple(parts)
        for part in parts:
            undo.callback(part.abandon)
            part.prepare(settings)
        undo.pop_all()
    for part in parts:
        part.commit()
