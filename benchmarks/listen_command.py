"""digit-listen as a process of its own, with CUDA out of the way."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.options import Options

_MAIN = "import sys; from recognizer.commands.listen import main; sys.exit(main())"


def listen_command(options: Options, source: Path | None = None) -> list[str]:
    """Return the command that listens to a recording, or to raw samples on standard input."""
    sound = "-" if source is None else str(source)
    flags = ["--model", options.model, "--provider", "cpu", "--input", sound]
    return [sys.executable, "-c", _MAIN, *flags]
