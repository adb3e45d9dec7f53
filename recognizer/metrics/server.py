"""A small HTTP server for one page, which no client can keep busy."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from recognizer.address import Address, listen, parse_address
from recognizer.closing import Closing
from recognizer.tally import Tally

MOST_CONNECTIONS = 16
MOST_HEADER = 8 * 1024
MOST_SECONDS = 5.0
RETRY_SECONDS = 1.0
PATH = "/metrics"

_HEADER_END = b"\r\n\r\n"

logger = logging.getLogger(__name__)


class MetricsServer(Closing):
    """Answers ``GET /metrics`` in a thread of its own, and nothing else.

    A client has five seconds for everything and 8 KiB for its header, then it is disconnected. Of
    more than 16 connections the oldest gives way, so idle ones never keep others out.

    Args:
        address: HOST:PORT, [IPV6]:PORT, or :PORT for loopback; port 0 takes any that is free. A
            warning is logged where other machines can reach it.
        page: what to answer: metrics in Prometheus' text format.
        most_seconds: for one connection from its start to its end.

    Attributes:
        address: where it listens.

    Raises:
        InputError: that is no address, or nothing can listen there.

    """

    def __init__(
        self, address: str, page: Callable[[], bytes], *, most_seconds: float = MOST_SECONDS
    ) -> None:
        self._listener = listen(parse_address(address), "the metrics server")
        self.address = Address(*self._listener.getsockname()[:2])
        self._listener.setblocking(False)
        self._page = page
        self._most_seconds = most_seconds
        self._clients: dict[asyncio.Task[None], None] = {}
        self._failures = Tally(logger)
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._loop = self._runner.get_loop()
        self._is_ending = asyncio.Event()
        self._thread = Thread(target=self._run, name="metrics server", daemon=True)
        self._thread.start()
        logger.info("metrics are at http://%s%s", self.address, PATH)

    def close(self) -> None:
        """End all connections and stop listening; closing twice does no harm."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._is_ending.set)
            self._thread.join()

    def _run(self) -> None:
        # Leaving the runner ends the tasks, and they close their connections.
        with self._listener, self._runner:
            self._runner.run(self._serve())

    async def _serve(self) -> None:
        accepting = asyncio.create_task(self._accept())
        await self._is_ending.wait()
        accepting.cancel()

    async def _accept(self) -> None:
        while True:
            try:
                connection, _ = await self._loop.sock_accept(self._listener)
            except OSError as error:
                self._failures.add(f"metrics: no client can be taken in, {error.strerror}")
                await asyncio.sleep(RETRY_SECONDS)
                continue
            self._make_room()
            client = asyncio.create_task(self._attend(connection))
            self._clients[client] = None
            client.add_done_callback(self._forget)
            # However many come, those who are there get their turn.
            await asyncio.sleep(0)

    def _make_room(self) -> None:
        if len(self._clients) >= MOST_CONNECTIONS:
            oldest = next(iter(self._clients))
            self._forget(oldest)
            oldest.cancel()

    def _forget(self, client: asyncio.Task[None]) -> None:
        self._clients.pop(client, None)

    async def _attend(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, TimeoutError):
            async with asyncio.timeout(self._most_seconds):
                answer = self._answer(await self._header(connection))
                await self._loop.sock_sendall(connection, answer)

    async def _header(self, connection: socket.socket) -> bytes:
        """Return what the client sends until a header ends or is too long."""
        received = b""
        while _HEADER_END not in received and len(received) <= MOST_HEADER:
            part = await self._loop.sock_recv(connection, 4096)
            if not part:
                raise ConnectionError
            received += part
        return received

    def _answer(self, header: bytes) -> bytes:
        if _HEADER_END not in header[:MOST_HEADER]:
            return _response("431 Request Header Fields Too Large", b"the header is too long\n")
        method, _, rest = header.partition(b"\r\n")[0].partition(b" ")
        target, _, version = rest.partition(b" ")
        if not version.startswith(b"HTTP/1."):
            return _response("400 Bad Request", b"expected HTTP/1.1\n")
        if target.partition(b"?")[0] != PATH.encode():
            return _response("404 Not Found", f"expected {PATH}\n".encode())
        if method != b"GET":
            return _response("405 Method Not Allowed", b"expected GET\n", "Allow: GET")
        return _response("200 OK", self._page())


def _response(status: str, body: bytes, *fields: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: text/plain; version=0.0.4; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *fields,
    ]
    return "\r\n".join(lines).encode() + _HEADER_END + body
