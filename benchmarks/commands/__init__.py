"""The command of the benchmarks."""

import os

from recognizer.commands.console import run_with_extra


def bench() -> int:
    """Run digit-bench; return the exit status."""
    # Before NumPy is imported: a second thread of its would count for one that was asked for.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    return run_with_extra("benchmarks.commands.bench", "bench")
