"""How long work shows how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

Item_co = TypeVar("Item_co", covariant=True)
Item = TypeVar("Item")


class Sized(Protocol[Item_co]):
    """Items whose number is known."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Item_co]: ...


class Progress(Protocol):
    """Passes items on while it shows a bar with the given title."""

    def __call__(self, items: Sized[Item], title: str, /) -> Iterable[Item]:
        """Yield every item."""


def no_progress(items: Sized[Item], _title: str, /) -> Iterable[Item]:
    """Pass items on and show nothing."""
    return items
