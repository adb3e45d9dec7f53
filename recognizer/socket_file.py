"""A Unix socket that programs on this machine find by the path of its file."""

from __future__ import annotations

import errno
import os
import socket
import stat
from pathlib import Path

from recognizer.closing import Closing
from recognizer.errors import InputError

MODE = 0o660
"""Who may connect: the owner and the group of the file."""

BACKLOG = 128
"""Most programs that may wait to be taken in."""


class SocketFile(Closing):
    """Listens at a path; a file that a dead process left there is replaced.

    Args:
        path: of the socket's file, in a folder that exists; at most 107 bytes.

    Attributes:
        path: of the socket's file.
        socket: listening, non-blocking.

    Raises:
        InputError: a living process listens there, the path is no socket, or it cannot be used.

    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        try:
            _remove_stale(self.path)
            self.socket = _listen(self.path)
            self._identity = _identity(self.path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InputError(
                f"{self.path}: no socket can be made there ({reason}), expected a path of at most "
                "107 bytes in a folder that may be written to"
            ) from None

    def close(self) -> None:
        """Stop listening and remove the file, unless it is another's by now."""
        self.socket.close()
        if self.path.is_socket() and _identity(self.path) == self._identity:
            self.path.unlink(missing_ok=True)


def _remove_stale(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise InputError(
            f"{path} is no socket, expected a path that is free; remove it or choose another"
        )
    if _is_in_use(path):
        raise InputError(
            f"{path} is in use by another process, expected a path that is free; end the process "
            "or choose another path"
        )
    path.unlink(missing_ok=True)


def _is_in_use(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        # Any other answer, such as one of too long a queue, comes from somebody alive.
        return probe.connect_ex(os.fsencode(path)) not in (errno.ECONNREFUSED, errno.ENOENT)


def _listen(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.setblocking(False)
        # The file gets the socket's mode less the umask, so at no time may too many connect.
        os.fchmod(listener.fileno(), MODE)
        listener.bind(os.fsencode(path))
        path.chmod(MODE)
        listener.listen(BACKLOG)
    except (OSError, ValueError):
        listener.close()
        raise
    return listener


def _identity(path: Path) -> tuple[int, int]:
    status = path.lstat()
    return status.st_dev, status.st_ino
