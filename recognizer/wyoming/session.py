"""One client's conversation: events come in, answers go out, until either side ends it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import partial

from wyoming.error import Error
from wyoming.event import Event, async_write_event
from wyoming.ping import Pong
from wyoming.wake import Detection as DetectionEvent
from wyoming.wake import NotDetected

from recognizer.detection import Detection
from recognizer.errors import InputError
from recognizer.listener_pool import ListenerPool
from recognizer.wyoming.limits import Limits
from recognizer.wyoming.messages import (
    AudioFormat,
    audio_format,
    timestamp,
    unknown_names,
    wanted_names,
)
from recognizer.wyoming.reader import read_event
from recognizer.wyoming.rounds import Rounds
from recognizer.wyoming.stream import ClientStream

_LINGER_SECONDS = 1.0
_CLOSE_SECONDS = 0.3


@dataclass(frozen=True)
class Service:
    """What all sessions of a server share.

    Attributes:
        info: the answer to ``describe``.
        keywords: that can be detected.
        pool: of the streams of those that begin with the same recognizer.
        rounds: in which they are heard.
        limits: of each client.

    """

    info: Event
    keywords: tuple[str, ...]
    pool: ListenerPool
    rounds: Rounds
    limits: Limits


class Session:
    """Talks with one client.

    Args:
        service: what all sessions share.
        reader: made with ``limits.header_bytes`` as its limit.
        writer: to the same client.

    """

    def __init__(
        self, service: Service, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._service = service
        self._reader = reader
        self._writer = writer
        self._names: frozenset[str] | None = None
        self._stream: ClientStream | None = None
        self._answers: dict[str, Callable[[Event], Awaitable[None]]] = {
            "describe": self._describe,
            "ping": self._pong,
            "detect": self._detect,
            "audio-start": self._start,
            "audio-chunk": self._hear,
            "audio-stop": self._stop,
        }

    async def run(self) -> None:
        """Answer until the client ends the connection.

        Raises:
            InputError: the client sent what it should not have, and was told so.
            TimeoutError: the client does not read its answers.
            OSError: the connection broke.

        """
        try:
            await self._converse()
        finally:
            self._drop_stream()
            await close(self._writer)

    async def _converse(self) -> None:
        try:
            while (event := await read_event(self._reader, self._service.limits)) is not None:
                await self._answer(event)
            await self._finish()
        except InputError as error:
            # What came before the mistake was sound, and is heard to its end.
            await self._finish()
            await self._send(Error(str(error), "bad-input").event())
            await linger(self._reader, self._writer)
            raise

    async def _answer(self, event: Event) -> None:
        answer = self._answers.get(event.type)
        # The protocol grows: events that a server does not know are none of its business.
        if answer:
            await answer(event)

    async def _describe(self, _: Event) -> None:
        await self._send(self._service.info)

    async def _pong(self, event: Event) -> None:
        text = event.data.get("text")
        # JSON may hold halves of surrogate pairs, which no text that is sent can hold.
        echo = text.encode(errors="replace").decode() if isinstance(text, str) else None
        await self._send(Pong(echo).event())

    async def _detect(self, event: Event) -> None:
        self._names = wanted_names(event)
        problem = unknown_names(self._names or (), self._service.keywords)
        if problem:
            await self._send(Error(problem, "unknown-name").event())

    async def _start(self, event: Event) -> None:
        stream = self._new_stream(audio_format(event), timestamp(event))
        self._drop_stream()
        self._stream = stream

    async def _hear(self, event: Event) -> None:
        found, time = audio_format(event), timestamp(event)
        if self._stream is None:
            self._stream = self._new_stream(found, time)
        _check_same(found, self._stream.audio_format)
        if self._stream.origin is None:
            self._stream.origin = time or 0
        for piece in self._stream.pieces(event.payload or b""):
            await self._work(self._stream, partial(self._stream.hear, piece))

    async def _work(self, stream: ClientStream, hear: Callable[[], None]) -> None:
        service = self._service
        await self._report(stream, await service.rounds.hear(service.pool, stream.pooled, hear))

    async def _stop(self, _: Event) -> None:
        if self._stream is None:
            await self._send(NotDetected().event())
        await self._finish()

    async def _finish(self) -> None:
        if self._stream is None:
            return
        await self._work(self._stream, self._stream.finish)
        if not self._stream.is_detected:
            await self._send(NotDetected().event())
        self._drop_stream()

    def _new_stream(self, found: AudioFormat, origin: int | None) -> ClientStream:
        return ClientStream(found, self._service.pool.open(), origin)

    def _drop_stream(self) -> None:
        if self._stream:
            self._stream.close()
        self._stream = None

    async def _report(self, stream: ClientStream, detections: Collection[Detection]) -> None:
        for detection in stream.admit(detections, self._names):
            time = stream.timestamp(detection)
            await self._send(DetectionEvent(name=detection.label, timestamp=time).event())

    async def _send(self, event: Event) -> None:
        async with asyncio.timeout(self._service.limits.write_seconds):
            await async_write_event(event, self._writer)


def _check_same(found: AudioFormat, expected: AudioFormat) -> None:
    if found != expected:
        raise InputError(
            f"audio-chunk: {found}; expected {expected}, as the stream began: "
            "send audio-start before sound in another format"
        )


async def linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let a client that may still be sending read its last answer.

    Closing a socket with something unread in it would throw that answer away.
    """
    with contextlib.suppress(OSError):
        async with asyncio.timeout(_LINGER_SECONDS):
            if writer.can_write_eof():
                writer.write_eof()
            while await reader.read(2**16):
                pass


async def close(writer: asyncio.StreamWriter) -> None:
    """Close a connection, with what is still to be sent if the client takes it soon."""
    writer.close()
    with contextlib.suppress(OSError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await writer.wait_closed()
    writer.transport.abort()
