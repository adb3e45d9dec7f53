"""What a process holds, files and sockets, threads, children, and how to let it have no more."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path


def held() -> tuple[int, int, int]:
    """Return how many file descriptors, threads and children this process has, zombies too."""
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    return descriptors, threading.active_count(), len(children())


def children() -> list[int]:
    """Return the process ids of all children of this process."""
    own = str(os.getpid())
    return [pid for pid, parent in _parents() if parent == own]


def is_running(pid: int) -> bool:
    """Return whether a process is there and no zombie."""
    status = _status(Path("/proc") / str(pid))
    return bool(status) and status[0] != "Z"


@contextmanager
def no_descriptors_left() -> Iterator[None]:
    """Take all file descriptors that this process may still open, for a while."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, *limits), limits[1]))
        with suppress(OSError):
            while True:
                stack.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        yield


def _parents() -> list[tuple[int, str]]:
    numbered = (path for path in Path("/proc").iterdir() if path.name.isdigit())
    found = ((path.name, _status(path)) for path in numbered)
    return [(int(name), status[1]) for name, status in found if status]


def _status(path: Path) -> list[str]:
    """Return state, parent and so on; nothing where the process is gone."""
    try:
        return (path / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
