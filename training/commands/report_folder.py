"""The folder into which a report goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recognizer.errors import InputError


@contextmanager
def report_folder(folder: Path) -> Iterator[None]:
    """Make a folder to write a report into.

    Raises:
        InputError: it cannot be made, or something cannot be written into it.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        message = f"{folder}: the report cannot be written there: {error.strerror}"
        raise InputError(message) from None
