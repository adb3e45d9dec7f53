"""What clients say in their events, checked: sound's format, times, and names to detect."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wyoming.event import Event

from recognizer.audio import HIGHEST_RATE, LOWEST_RATE
from recognizer.errors import InputError
from recognizer.sources.pcm import LARGEST_WIDTH
from recognizer.wyoming.reader import shown

MOST_CHANNELS = 8


@dataclass(frozen=True)
class AudioFormat:
    """How a client's sound is to be read.

    Attributes:
        rate: frames a second, 1,000 to 384,000.
        width: bytes of one sample, 1 to 4.
        channels: samples of one frame, 1 to 8.

    """

    rate: int
    width: int
    channels: int

    def __str__(self) -> str:
        return f"{self.rate} Hz, {self.width} bytes a sample, {self.channels} channels"


def audio_format(event: Event) -> AudioFormat:
    """Return the format that an audio-start or audio-chunk tells.

    Raises:
        InputError: a part of it is missing, no integer, or out of range.

    """
    return AudioFormat(
        rate=_integer(event, "rate", LOWEST_RATE, HIGHEST_RATE, "Hz"),
        width=_integer(event, "width", 1, LARGEST_WIDTH, "bytes a sample"),
        channels=_integer(event, "channels", 1, MOST_CHANNELS, "channels"),
    )


def timestamp(event: Event) -> int | None:
    """Return an event's time in milliseconds, or None where the client tells none.

    Raises:
        InputError: it is no integer.

    """
    value = event.data.get("timestamp")
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InputError(f"{event.type}: timestamp is {shown(value)}; expected whole milliseconds")


def wanted_names(event: Event) -> frozenset[str] | None:
    """Return the names that a detect asks for, or None where it asks for all.

    Raises:
        InputError: they are no list of names.

    """
    names = event.data.get("names")
    if names is None:
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"detect: names are {shown(names)}; expected a list of names")
    return frozenset(names) or None


def unknown_names(wanted: Collection[str], known: Collection[str]) -> str | None:
    """Return one line about names that nothing here is called, or None where all are known."""
    unknown = sorted(set(wanted) - set(known))
    if not unknown:
        return None
    return f"detect: no keyword is called {shown(', '.join(unknown))}; expected {', '.join(known)}"


def _integer(event: Event, key: str, lowest: int, highest: int, unit: str) -> int:
    value = event.data.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
        return value
    raise InputError(
        f"{event.type}: {key} is {shown(value)}; expected {lowest} to {highest} {unit}"
    )
