"""Detections for any number of programs on this machine, through a Unix socket."""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from threading import Event, Thread

from recognizer.closing import Closing
from recognizer.detection import Detection
from recognizer.sinks.lines import json_line
from recognizer.sinks.readers import MOST_READERS, Readers
from recognizer.socket_file import SocketFile
from recognizer.tally import Tally

MOST_WAITING = 1000
"""Lines that may wait for the thread that hands them on."""

FAREWELL_SECONDS = 0.2

logger = logging.getLogger(__name__)


class SocketSink(Closing):
    """Hands each detection as a JSON line to every program that is connected.

    A thread of its own does that, so nothing that a reader does or leaves undone delays ``write``
    or another reader. A reader may be about 64 KiB behind (some 500 detections) beyond what the
    kernel holds for it; then it is dropped with a counted warning. What readers send is ignored,
    up to 64 KiB. Closing gives readers that are behind a fifth of a second, and removes the file.

    Args:
        path: of the socket's file, mode 0660; what a dead process left there is replaced.
        most_readers: how many may be connected at once; others are refused with a counted warning.

    Raises:
        InputError: a living process listens there, the path is no socket, or it cannot be used.

    """

    def __init__(self, path: str | os.PathLike[str], *, most_readers: int = MOST_READERS) -> None:
        self._file = SocketFile(path)
        self._readers = Readers(self._file.socket, str(self._file.path), most_readers)
        self._waiting: deque[bytes] = deque()
        self._lost = Tally(logger)
        self._is_ending = Event()
        self._thread = Thread(target=self._serve, name="socket sink", daemon=True)
        self._thread.start()

    def write(self, detection: Detection) -> None:
        """Hand on one detection to all who are connected, without waiting for them."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost.add(f"{self._file.path}: a detection was lost, they come too fast")
            return
        self._waiting.append(json_line(detection).encode())
        self._readers.wake()

    def close(self) -> None:
        """Hand on what was written, disconnect all, remove the file; twice does no harm."""
        if self._is_ending.is_set():
            return
        self._is_ending.set()
        self._readers.wake()
        self._thread.join()
        self._readers.close()
        self._file.close()

    def _serve(self) -> None:
        while self._waiting or not self._is_ending.is_set():
            # One line at a time, so that readers who keep up are never taken for slow ones.
            self._readers.attend(0 if self._waiting else None)
            if self._waiting:
                self._readers.hand_on(self._waiting.popleft())
        end = time.monotonic() + FAREWELL_SECONDS
        while self._readers.is_behind and time.monotonic() < end:
            self._readers.attend(max(0.0, end - time.monotonic()))
