"""Checkpoints: what a run needs to go on after a kill, and what the export reads.

They are read with PyTorch's weights-only loader, so a file from elsewhere cannot run code.
"""

from __future__ import annotations

import pickle
import textwrap
import warnings
from pathlib import Path
from typing import Any

import torch

from recognizer.errors import InputError

FORMAT = 1

# What PyTorch raises on files that are cut off, damaged or no checkpoints.
_LOAD_ERRORS = (
    pickle.UnpicklingError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def save_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """Write a checkpoint; a kill while writing leaves the former one as it was."""
    partial = path.with_suffix(".partial")
    torch.save({"format": FORMAT, **content}, partial)
    partial.replace(path)


def load_checkpoint(path: Path, *needed: str) -> dict[str, Any]:
    """Return the content of a checkpoint.

    Args:
        path: the file.
        needed: keys that must be there.

    Raises:
        InputError: the file is missing, is no checkpoint of ours or lacks a key.

    """
    if not path.is_file():
        message = f"{path}: no such file: expected a checkpoint written by digit-train"
        raise InputError(message)
    try:
        with warnings.catch_warnings(action="ignore"):
            content = torch.load(path, map_location="cpu", weights_only=True)
    except _LOAD_ERRORS as error:
        reason = textwrap.shorten(str(error).partition("\n")[0], 80, placeholder="...")
        message = (
            f"{path}: not a whole checkpoint of digit-train ({reason}): expected best.pt or "
            f"last.pt as a run wrote it"
        )
        raise InputError(message) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        message = f"{path}: not a checkpoint of digit-train (expected format {FORMAT})"
        raise InputError(message)
    missing = [key for key in needed if key not in content]
    if missing:
        message = f"{path}: the checkpoint has no {', '.join(missing)}: expected best.pt of a run"
        raise InputError(message)
    return content
