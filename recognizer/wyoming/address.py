"""Addresses that the server listens on: tcp:// and unix://, opened as sockets."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

from recognizer.address import LOOPBACK, Address
from recognizer.address import listen as listen_on_port
from recognizer.closing import Closing
from recognizer.errors import InputError
from recognizer.socket_file import SocketFile

_WHAT = "the Wyoming server, which knows neither passwords nor encryption,"
_SHOWN_LENGTH = 100


class ListeningSocket(Closing):
    """An open socket that takes connections.

    Args:
        uri: tcp://:PORT for this machine alone, tcp://HOST:PORT, which is warned of where others
            can reach it, or unix:///PATH.

    Attributes:
        socket: listening.
        uri: where; with the port that the system chose if any was asked for.

    Raises:
        InputError: the URI names no address, or one that is in use or cannot be opened.

    """

    def __init__(self, uri: str) -> None:
        place = parse_address(uri)
        self._opened: SocketFile | socket.socket
        if isinstance(place, Path):
            self._opened = file = SocketFile(place)
            self.socket, self.uri = file.socket, f"unix://{place}"
        else:
            self._opened = self.socket = listen_on_port(place, _WHAT)
            self.uri = f"tcp://{Address(*self.socket.getsockname()[:2])}"

    def close(self) -> None:
        """Take no more connections."""
        self._opened.close()


def parse_address(uri: str) -> Address | Path:
    """Return the address that a URI names: a port, or the path of a socket's file.

    Raises:
        InputError: it names none.

    """
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "localhost", parts.port
    except ValueError:
        raise _no_address(uri) from None
    if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
        return Path(parts.path)
    if parts.scheme == "tcp" and port is not None and parts.path in ("", "/"):
        return Address(LOOPBACK if host == "localhost" else host, port)
    raise _no_address(uri)


def _no_address(uri: str) -> InputError:
    return InputError(
        f"{uri[:_SHOWN_LENGTH]!r} is no address to listen on, expected tcp://:PORT, "
        "tcp://HOST:PORT or unix:///PATH"
    )
