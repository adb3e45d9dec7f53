"""Where a result comes from."""

from __future__ import annotations

import subprocess
from pathlib import Path

UNKNOWN = "unknown"


def current_commit() -> str:
    """Return the commit of the checkout that this code runs from, or "unknown" outside one."""
    folder = Path(__file__).parent
    command = ["git", "-C", str(folder), "rev-parse", "--show-prefix", "HEAD"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return UNKNOWN
    prefix, commit = result.stdout.split()
    # An installed copy may lie in a repository of another project.
    return commit if prefix == f"{folder.name}/" else UNKNOWN
