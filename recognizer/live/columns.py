"""How wide text is on a terminal, and text cut to a width."""

from __future__ import annotations

import unicodedata

REPLACEMENT = "?"


def clean(text: str) -> str:
    """Return the text with every character that a terminal may act upon replaced by ``?``."""
    return "".join(char if char.isprintable() else REPLACEMENT for char in text)


def columns(text: str) -> int:
    """Return how many columns printable text takes."""
    return sum(_columns(char) for char in text)


def cut(text: str, width: int) -> str:
    """Return as much of printable text as fits into ``width`` columns."""
    used = 0
    for index, char in enumerate(text):
        used += _columns(char)
        if used > width:
            return text[:index]
    return text


def pad(text: str, width: int) -> str:
    """Return printable text cut to ``width`` columns or filled up with spaces."""
    kept = cut(text, width)
    return kept + " " * (width - columns(kept))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
