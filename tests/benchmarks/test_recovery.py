"""The benchmark of recovery, run the way its user does."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.virtual_microphone import missing_programs

ROOT = Path(__file__).parents[2]


def run(*flags):
    command = [sys.executable, "-m", "benchmarks.recovery", *flags]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_it_prints_each_fault_and_how_many_were_recovered_from():
    if missing := missing_programs():
        pytest.skip(f"no virtual microphone: {', '.join(missing)} not installed")
    done = run("--faults", "2", "--outage", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    first, second, noticed, recovered = done.stdout.splitlines()
    assert first.startswith("server killed")
    assert second.startswith("server stopped")
    assert noticed.endswith("2 of 2 within 3 s")
    assert recovered.endswith("2 of 2 within 5 s")


def test_nonsense_is_refused_in_one_line():
    for flags in (["--faults", "0"], ["--faults", "many"], ["--outage", "-1"]):
        done = run(*flags)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
