"""The programs that read from a socket: takes them in, hands them lines, lets them go."""

from __future__ import annotations

import logging
import select
import socket
from contextlib import suppress
from dataclasses import dataclass, field

from recognizer.closing import Closing
from recognizer.socket_file import BACKLOG
from recognizer.tally import Tally

MOST_READERS = 64
MOST_PENDING = 64 * 1024
"""Bytes that a reader may be behind, beyond what the kernel holds for it (200 KB on Linux)."""

MOST_RECEIVED = 64 * 1024
"""Bytes that a reader, which has nothing to say, may send before it is dropped."""

_RETRY_SECONDS = 1.0
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL

logger = logging.getLogger(__name__)


@dataclass
class _Reader:
    """A program that reads.

    Attributes:
        socket: connected, non-blocking.
        pending: what it was not able to take yet.
        received: bytes that it sent.
        awaited: the events on its socket that are waited for, besides its end.

    """

    socket: socket.socket
    pending: bytearray = field(default_factory=bytearray)
    received: int = 0
    awaited: int = select.POLLIN


class Readers(Closing):
    """Serves many readers without ever waiting for one of them, all in one thread.

    A reader that is too far behind, or talks too much, is dropped with a counted warning; readers
    beyond the limit are refused with one.

    Args:
        listener: where readers connect: listening, non-blocking; stays open.
        name: what warnings call the socket.
        most: how many readers there may be at once.

    """

    def __init__(self, listener: socket.socket, name: str, most: int = MOST_READERS) -> None:
        self._listener = listener
        self._name = name
        self._most = most
        self._readers: dict[int, _Reader] = {}
        self._refused, self._dropped, self._failed = (Tally(logger) for _ in range(3))
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._poll = select.poll()
        self._poll.register(self._woken, select.POLLIN)
        self._start_accepting()

    @property
    def is_behind(self) -> bool:
        """Whether a reader has yet to take something."""
        return any(reader.pending for reader in self._readers.values())

    def wake(self) -> None:
        """End a wait in ``attend``; the one method for other threads."""
        # Where there is no room for a byte, it was woken often enough.
        with suppress(BlockingIOError):
            self._waker.send(b"\0")

    def attend(self, seconds: float | None = None) -> None:
        """Wait until something happens, for these seconds at most, and do what it asks for."""
        was_accepting = self._is_accepting
        if not was_accepting:
            seconds = _RETRY_SECONDS if seconds is None else min(seconds, _RETRY_SECONDS)
        for descriptor, events in self._poll.poll(None if seconds is None else 1000 * seconds):
            if descriptor == self._listener.fileno():
                self._take_in()
            elif descriptor == self._woken.fileno():
                self._woken.recv(4096)
            else:
                self._serve(self._readers[descriptor], events)
        if not was_accepting:
            self._start_accepting()

    def hand_on(self, line: bytes) -> None:
        """Hand a line to every reader that has connected before."""
        self._take_in()
        for reader in tuple(self._readers.values()):
            self._add(reader, line)

    def close(self) -> None:
        """Disconnect all; what the kernel has taken they can still read."""
        for reader in tuple(self._readers.values()):
            self._let_go(reader)
        self._woken.close()
        self._waker.close()

    def _start_accepting(self) -> None:
        self._poll.register(self._listener, select.POLLIN)
        self._is_accepting = True

    def _stop_accepting(self) -> None:
        # Who cannot be taken in would be told of again and again.
        if self._is_accepting:
            self._poll.unregister(self._listener)
            self._is_accepting = False

    def _take_in(self) -> None:
        for _ in range(BACKLOG):
            try:
                connection, _ = self._listener.accept()
            except (BlockingIOError, ConnectionError):
                return
            except OSError as error:
                self._failed.add(f"{self._name}: no reader can be taken in, {error.strerror}")
                self._stop_accepting()
                return
            self._welcome(connection)

    def _welcome(self, connection: socket.socket) -> None:
        if len(self._readers) >= self._most:
            self._refused.add(f"{self._name}: a reader was refused, there are {self._most} already")
            connection.close()
            return
        connection.setblocking(False)
        reader = _Reader(connection)
        self._readers[connection.fileno()] = reader
        self._poll.register(connection, reader.awaited)

    def _serve(self, reader: _Reader, events: int) -> None:
        if events & select.POLLIN:
            self._hear(reader)
        elif events & _GONE:
            self._let_go(reader)
        elif events & select.POLLOUT:
            self._send(reader)

    def _hear(self, reader: _Reader) -> None:
        try:
            received = reader.socket.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            self._let_go(reader)
            return
        reader.received += len(received)
        if not received:
            # It closed its side for writing and may well read on.
            self._await(reader, reader.awaited & ~select.POLLIN)
        elif reader.received > MOST_RECEIVED:
            self._drop(reader, "it sends data")

    def _add(self, reader: _Reader, line: bytes) -> None:
        if len(reader.pending) + len(line) > MOST_PENDING:
            self._drop(reader, "it is too slow")
            return
        was_behind = bool(reader.pending)
        reader.pending += line
        if not was_behind:
            self._send(reader)

    def _send(self, reader: _Reader) -> None:
        try:
            del reader.pending[: reader.socket.send(reader.pending)]
        except BlockingIOError:
            pass
        except OSError:
            self._let_go(reader)
            return
        others = reader.awaited & ~select.POLLOUT
        self._await(reader, others | select.POLLOUT if reader.pending else others)

    def _await(self, reader: _Reader, events: int) -> None:
        if events != reader.awaited:
            reader.awaited = events
            self._poll.modify(reader.socket, events)

    def _drop(self, reader: _Reader, reason: str) -> None:
        self._dropped.add(f"{self._name}: a reader was dropped, {reason}")
        self._let_go(reader)

    def _let_go(self, reader: _Reader) -> None:
        self._poll.unregister(reader.socket)
        del self._readers[reader.socket.fileno()]
        reader.socket.close()
