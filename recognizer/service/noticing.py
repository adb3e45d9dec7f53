"""Notices a signal at once, also where the main thread does not get to look at it.

Python runs the handler of a signal between two steps of the main thread. Where one comes just
before a wait begins, or where the kernel hands it to another thread, that would be after the wait.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def noticed(act: Callable[[int], None]) -> Iterator[None]:
    """Have ``act`` called, in another thread, with the number of each signal that has a handler."""
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        thread = Thread(target=_read, args=(reader, act), name="signals", daemon=True)
        thread.start()
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            writer.shutdown(socket.SHUT_WR)
            thread.join()


def _read(reader: socket.socket, act: Callable[[int], None]) -> None:
    while numbers := reader.recv(64):
        for number in numbers:
            act(number)
