"""What a service manager is to a service: a socket that takes its notifications."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

RUN = [
    sys.executable,
    "-c",
    "import sys; from recognizer.commands.listen import main; sys.exit(main())",
]
PATIENCE = 30


class Manager:
    """Remembers the notifications that arrive at a real socket, a line each."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.lines: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)

    def close(self) -> None:
        self._socket.close()

    def expect(self, start: str) -> str:
        """Wait for a new line that starts like this, and return it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                lines = self._socket.recv(65_536).decode().splitlines()
            except TimeoutError:
                raise AssertionError(f"no {start}, but {self.lines}") from None
            self.lines += lines
            if found := [line for line in lines if line.startswith(start)]:
                return found[0]

    def drain(self) -> list[str]:
        """Return all lines so far, without waiting for more."""
        self._socket.setblocking(False)
        while True:
            try:
                self.lines += self._socket.recv(65_536).decode().splitlines()
            except BlockingIOError:
                return self.lines


@contextmanager
def service(manager, *flags, environment=None, **settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run digit-listen as a manager would, until the context ends."""
    inherited = os.environ if environment is None else environment
    process = subprocess.Popen(
        [*RUN, "--json", *map(str, flags)],
        env={**inherited, "NOTIFY_SOCKET": manager.address, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        with process:
            yield process
            process.kill()
    finally:
        process.kill()
