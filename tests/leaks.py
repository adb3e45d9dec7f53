"""Counts what a process holds: files and sockets, threads, children."""

from __future__ import annotations

import os
import threading
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
