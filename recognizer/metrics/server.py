"""A small HTTP server for one page, which no client can keep busy."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from threading import Thread

from recognizer.address import Address, listen, parse_address
from recognizer.closing import Closing

MOST_CONNECTIONS = 16
MOST_HEADER = 8 * 1024
MOST_SECONDS = 5.0
PATH = "/metrics"

_HEADER_END = b"\r\n\r\n"
_TEXT = "text/plain; charset=utf-8"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"

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
        self._page = page
        self._most_seconds = most_seconds
        self._connections: dict[asyncio.StreamWriter, None] = {}
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
        with self._runner:
            self._runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._attend, sock=self._listener, limit=MOST_HEADER)
        await self._is_ending.wait()
        server.close()
        for writer in self._connections:
            writer.transport.abort()

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._make_room()
        self._connections[writer] = None
        try:
            async with asyncio.timeout(self._most_seconds):
                writer.write(await self._answer(reader))
                writer.close()
                await writer.wait_closed()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            self._connections.pop(writer, None)

    def _make_room(self) -> None:
        if len(self._connections) >= MOST_CONNECTIONS:
            oldest = next(iter(self._connections))
            del self._connections[oldest]
            oldest.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        try:
            header = await reader.readuntil(_HEADER_END)
        except asyncio.LimitOverrunError:
            return _response(
                "431 Request Header Fields Too Large", _TEXT, b"the header is too long\n"
            )
        method, _, rest = header.partition(b"\r\n")[0].partition(b" ")
        target, _, version = rest.partition(b" ")
        if not version.startswith(b"HTTP/1."):
            return _response("400 Bad Request", _TEXT, b"expected HTTP/1.1\n")
        if target.partition(b"?")[0] != PATH.encode():
            return _response("404 Not Found", _TEXT, f"expected {PATH}\n".encode())
        if method != b"GET":
            return _response("405 Method Not Allowed", _TEXT, b"expected GET\n", "Allow: GET")
        return _response("200 OK", _METRICS, self._page())


def _response(status: str, kind: str, body: bytes, *fields: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *fields,
    ]
    return "\r\n".join(lines).encode() + _HEADER_END + body
