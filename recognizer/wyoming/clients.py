"""The clients of a server: each has a task of its own, and none can end another's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from wyoming.error import Error
from wyoming.event import async_write_event

from recognizer.errors import InputError
from recognizer.wyoming.session import Service, Session, close, linger

logger = logging.getLogger(__name__)

_REFUSAL_SECONDS = 2.0
_MOST_REFUSALS = 16


class Clients:
    """Takes connections, as many at a time as the limits allow.

    Args:
        service: returns what sessions that begin now share.

    """

    def __init__(self, service: Callable[[], Service]) -> None:
        self._service = service
        self._sessions: set[asyncio.Task[None]] = set()
        self._refusals: set[asyncio.Task[None]] = set()
        self._ended = 0
        self._reported = 0

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take or refuse a new connection."""
        service = self._service()
        if len(self._sessions) < service.limits.clients:
            self._begin(self._sessions, Session(service, reader, writer).run(), writer)
        elif len(self._refusals) < _MOST_REFUSALS:
            self._begin(self._refusals, self._refuse(reader, writer), writer)
        else:
            writer.transport.abort()

    async def end_all(self) -> None:
        """End all conversations at once, those that are just beginning too."""
        # The event loop is the server's own: all its other tasks accept clients or talk with them.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)

    def _begin(
        self,
        tasks: set[asyncio.Task[None]],
        work: Coroutine[Any, Any, None],
        writer: asyncio.StreamWriter,
    ) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        task.add_done_callback(self._tell_end)
        # A task that is cancelled before it starts has closed nothing.
        task.add_done_callback(lambda _: writer.transport.abort())

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        most = self._service().limits.clients
        text = f"{most} clients are connected, expected no more at a time; try again later"
        try:
            async with asyncio.timeout(_REFUSAL_SECONDS):
                await async_write_event(Error(text, "too-many-clients").event(), writer)
                await linger(reader, writer)
        finally:
            await close(writer)
        self._warn(text)

    def _tell_end(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, TimeoutError):
            self._warn("it does not read its answers")
        elif error is None or isinstance(error, OSError):
            logger.debug("a Wyoming client is gone")
        else:
            self._warn(str(error) if isinstance(error, InputError) else repr(error))

    def _warn(self, reason: str) -> None:
        # Each warning waits until twice as many are ended, so that they cannot flood the log.
        self._ended += 1
        if self._ended > 2 * self._reported:
            self._reported = self._ended
            logger.warning(
                "Wyoming clients that had to be ended: %d, the last: %s", self._ended, reason
            )
