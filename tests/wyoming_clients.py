"""Clients of a Wyoming server: those that keep to the protocol, and sockets that need not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import urlsplit

import numpy as np
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.event import Event, read_event, write_event
from wyoming.ping import Ping

SECONDS = 60
"""More than any answer takes, however busy the machine is."""


def exchange(uri: str, events: Iterable[Event]) -> list[Event]:
    """Send events and return all answers, up to the end of what the server has to say to them."""
    return asyncio.run(exchanging(uri, events))


async def exchanging(uri: str, events: Iterable[Event]) -> list[Event]:
    async with AsyncClient.from_uri(uri) as client:
        sending = asyncio.create_task(_send(client, events))
        answers = []
        while (event := await next_event(client)) is not None and event.type != "pong":
            answers.append(event)
        await sending
        return answers


async def next_event(client: AsyncClient) -> Event | None:
    return await asyncio.wait_for(client.read_event(), SECONDS)


async def _send(client: AsyncClient, events: Iterable[Event]) -> None:
    with contextlib.suppress(ConnectionError):
        for event in [*events, Ping().event()]:
            await client.write_event(event)


def pcm(frames: np.ndarray, width: int) -> bytes:
    """Return float frames in -1..1 as integer samples of this many bytes."""
    if width == 1:
        return (np.clip(frames, -1, 1) * 127 + 128).astype(np.uint8).tobytes()
    integers = (np.clip(frames, -1, 1) * (2.0 ** (8 * width - 1) - 1)).astype("<i4")
    return integers.reshape(-1, 1).view(np.uint8)[:, :width].tobytes()


def sound(
    data: bytes,
    *,
    rate: int = 16_000,
    width: int = 2,
    channels: int = 1,
    sizes: Sequence[int] = (2_048,),
    timestamp: int | None = None,
) -> Iterator[Event]:
    """Yield a whole stream, in chunks of these sizes in bytes, over and over."""
    described = {"rate": rate, "width": width, "channels": channels}
    yield AudioStart(**described, timestamp=timestamp).event()
    first, turn = 0, 0
    while first < len(data):
        size = sizes[turn % len(sizes)]
        yield AudioChunk(**described, audio=data[first : first + size]).event()
        first, turn = first + size, turn + 1
    yield AudioStop().event()


def names(events: Iterable[Event]) -> list[str]:
    return [event.data["name"] for event in events if event.type == "detection"]


def kinds(events: Iterable[Event]) -> list[str]:
    return [event.type for event in events]


def connect(uri: str) -> socket.socket:
    """Return a bare connection that can send anything."""
    parts = urlsplit(uri)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname, parts.port), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SECONDS)
    connection.connect(parts.path)
    return connection


def answers_to(connection: socket.socket) -> list[Event]:
    """Return what still comes until the connection ends, however it does."""
    answers = []
    with connection.makefile("rb") as stream, contextlib.suppress(ConnectionError):
        while (event := read_event(stream)) is not None:
            answers.append(event)
    return answers


def eventually(holds: Callable[[], bool]) -> bool:
    """Wait until something holds; return whether it ever did."""
    end = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Sender:
    """Sends events in a thread as fast as the server takes them, and ends its side behind them.

    Attributes:
        unsent: bytes of sound that the server has not taken yet.

    """

    def __init__(self, uri: str, events: Iterable[Event]) -> None:
        self._events = list(events)
        self.unsent = sum(len(event.payload or b"") for event in self._events)
        self._connection = connect(uri)
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def answers(self) -> list[Event]:
        found = answers_to(self._connection)
        self._thread.join()
        self._connection.close()
        return found

    def _send(self) -> None:
        with contextlib.suppress(OSError), self._connection.makefile("wb") as stream:
            for event in self._events:
                write_event(event, stream)
                self.unsent -= len(event.payload or b"")
            self._connection.shutdown(socket.SHUT_WR)
