"""Alignments of earlier runs, in a file: the same recordings are not aligned twice."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

from training.recordings.alignment import Aligned, Alignment

logger = logging.getLogger(__name__)


class AlignmentCache:
    """Alignments by key; a file that is missing or broken counts as empty.

    Args:
        path: the JSON file.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known = _read(path)
        self._new: dict[str, Alignment] = {}

    def get(self, key: str) -> Alignment | None:
        """Return an alignment, or None where it is not known."""
        return self._known.get(key)

    def put(self, key: str, alignment: Alignment) -> None:
        """Remember an alignment."""
        self._known[key] = self._new[key] = alignment

    def recall(self, key: str, align: Callable[[], Alignment]) -> Alignment:
        """Return an alignment; it is made, and remembered, where it is not known."""
        found = self.get(key)
        if found is None:
            found = align()
            self.put(key, found)
        return found

    def save(self) -> None:
        """Write what is new; a reader finds the old file or the new one, never a part."""
        if not self._new:
            return
        # Another process may have written since this one read.
        content = {key: _as_list(items) for key, items in (_read(self.path) | self._new).items()}
        try:
            _replace(self.path, json.dumps(content, separators=(",", ":")))
        except OSError as error:
            logger.warning(
                "%s: alignments cannot be kept: %s; next time they take as long again",
                self.path,
                error.strerror,
            )


def default_cache_file() -> Path:
    """Return where a user's alignments are kept: $XDG_CACHE_HOME or ~/.cache."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", ""))
    home = folder if folder.is_absolute() else Path.home() / ".cache"
    return home / "digit-listen" / "alignments.json"


def alignment_key(recording: bytes, text: str, aligner: str) -> str:
    """Return a key that changes with the file, its text and the version of the aligner."""
    return hashlib.sha256(b"\0".join((aligner.encode(), text.encode(), recording))).hexdigest()


def _as_list(alignment: Alignment) -> list[tuple[str, float, float]]:
    return [(item.name, item.start, item.end) for item in alignment]


def _read(path: Path) -> dict[str, Alignment]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {
            key: tuple(Aligned(str(name), float(start), float(end)) for name, start, end in items)
            for key, items in content.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False) as file:
        part = Path(file.name)
        try:
            file.write(text)
            file.flush()
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
