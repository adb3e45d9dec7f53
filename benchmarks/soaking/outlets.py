"""Everything that hands detections on, taken at its other end: readers, a command, metrics."""

from __future__ import annotations

import re
import shlex
import socket
import urllib.request
from pathlib import Path
from threading import Thread

SECONDS = 60
"""More than any answer takes, however busy the machine is."""


class SocketReader:
    """Takes lines from a Unix socket until its other end closes it.

    Args:
        path: of the socket.

    Attributes:
        lines: those that came so far.

    """

    def __init__(self, path: Path) -> None:
        self.lines: list[str] = []
        self._socket = connected(path)
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def finished(self) -> list[str]:
        """Wait for the end and return all lines."""
        self._thread.join(SECONDS)
        return self.lines

    def _read(self) -> None:
        with self._socket, self._socket.makefile("r", encoding="utf-8") as stream:
            self.lines.extend(line.rstrip("\n") for line in stream)


def connected(path: Path) -> socket.socket:
    """Return a connection to a Unix socket."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(path))
    return connection


def appending_to(path: Path) -> str:
    """Return a command that appends what it reads to a file."""
    return shlex.join(["sh", "-c", 'exec cat >> "$0"', str(path)])


class MetricsPage:
    """Reads a program's metrics.

    Args:
        log_line: the one with which the program told their address.

    """

    def __init__(self, log_line: str) -> None:
        (self._address,) = re.findall(r"http://\S+", log_line)

    def total(self, name: str) -> float:
        """Return the sum of a metric over its labels."""
        with urllib.request.urlopen(self._address, timeout=SECONDS) as page:
            text = page.read().decode()
        values = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", text, re.MULTILINE)
        return sum(map(float, values))
