"""Addresses that a server listens on: tcp:// and unix://, opened as sockets."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import stat
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from recognizer.errors import DigitListenError, InputError

logger = logging.getLogger(__name__)

_LOOPBACK = "127.0.0.1"
_MODE = 0o660
_BACKLOG = 64
_SHOWN_LENGTH = 100
_EXPECTED = "expected tcp://:PORT, tcp://HOST:PORT or unix:///PATH"


@dataclass(frozen=True)
class TcpAddress:
    """A TCP port; without a host, and for localhost, it is this machine's own."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only programs on this machine can reach it."""
        return ip_address(self.host.partition("%")[0]).is_loopback


@dataclass(frozen=True)
class UnixAddress:
    """A socket in the file system."""

    path: Path

    def __str__(self) -> str:
        return f"unix://{self.path}"


class ListeningSocket:
    """An open socket that takes connections.

    Args:
        listener: bound to the address and listening.
        address: where; with the port that was given where any was asked for.

    """

    def __init__(self, listener: socket.socket, address: TcpAddress | UnixAddress) -> None:
        self.socket = listener
        self.address = address
        self._file = _identity(address.path) if isinstance(address, UnixAddress) else None

    def close(self) -> None:
        """Close the socket and remove its file, unless another has taken that place since."""
        if isinstance(self.address, UnixAddress) and self._file == _identity(self.address.path):
            with contextlib.suppress(OSError):
                self.address.path.unlink()
        self._file = None
        self.socket.close()


def parse_address(uri: str) -> TcpAddress | UnixAddress:
    """Return the address that a URI names.

    Raises:
        InputError: it names none.

    """
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "localhost", parts.port
    except ValueError:
        raise _no_address(uri) from None
    if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
        return UnixAddress(Path(parts.path))
    if parts.scheme == "tcp" and port is not None and parts.path in ("", "/"):
        return TcpAddress(_LOOPBACK if host == "localhost" else host, port)
    raise _no_address(uri)


def listen(uri: str) -> ListeningSocket:
    """Open the socket that a URI names, and warn where others than this machine can reach it.

    Raises:
        InputError: the URI names no address.
        DigitListenError: it is in use, or cannot be opened.

    """
    address = parse_address(uri)
    try:
        if isinstance(address, UnixAddress):
            return _listen_on_file(address)
        return _listen_on_port(address)
    except (OSError, UnicodeError, ValueError) as error:
        raise _unusable(uri, error) from error


def _listen_on_port(address: TcpAddress) -> ListeningSocket:
    family, *_, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    listener = socket.create_server(place[:2], family=family, backlog=_BACKLOG)
    host, port = listener.getsockname()[:2]
    opened = TcpAddress(host, port)
    if not opened.is_loopback:
        logger.warning(
            "%s can be reached by other machines, and Wyoming knows neither passwords nor "
            "encryption; tcp://:%d is for this one alone",
            opened,
            port,
        )
    return ListeningSocket(listener, opened)


def _listen_on_file(address: UnixAddress) -> ListeningSocket:
    _clear(address)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(address.path))
        # Nobody can connect before it listens, so there is no moment with other rights.
        address.path.chmod(_MODE)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return ListeningSocket(listener, address)


def _clear(address: UnixAddress) -> None:
    """Remove what a server that died left behind."""
    try:
        mode = address.path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise DigitListenError(f"{address}: is a file already; expected a new path for a socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1.0)
        found = client.connect_ex(str(address.path))
    if found in (0, errno.EAGAIN):
        raise _in_use(str(address))
    if found != errno.ECONNREFUSED:
        raise OSError(found, os.strerror(found))
    address.path.unlink(missing_ok=True)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _no_address(uri: str) -> InputError:
    return InputError(f"{uri[:_SHOWN_LENGTH]!r} is no address to listen on; {_EXPECTED}")


def _in_use(uri: str) -> DigitListenError:
    return DigitListenError(
        f"{uri}: is in use by another program; expected a free address: end that program, "
        "or choose another"
    )


def _unusable(uri: str, error: Exception) -> DigitListenError:
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return _in_use(uri)
    reason = getattr(error, "strerror", None) or error
    return DigitListenError(f"{uri}: cannot be listened on ({reason}); {_EXPECTED}")
