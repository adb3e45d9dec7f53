"""The benchmarks of a program that runs for months, each for a short while, as its user does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.virtual_microphone import missing_programs

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture
def _sound_server():
    if missing := missing_programs():
        pytest.skip(f"no virtual microphone: {', '.join(missing)} not installed")


def run(name, *flags):
    command = [sys.executable, "-m", f"benchmarks.{name}", *flags]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_half_an_hour_loses_nothing_and_leaves_nothing():
    done = run("soak", "--hours", "0.5", "--seed", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "missed" not in done.stdout


def test_a_soak_fails_where_the_model_hears_no_words(tones_path):
    done = run("soak", "--hours", "0.1", "--model", str(tones_path))
    assert done.returncode == 1
    assert "0; at least 15; missed" in done.stdout


@pytest.mark.usefixtures("_sound_server")
def test_nothing_is_kept_of_what_comes_and_goes():
    flags = ["--readers", "30", "--clients", "30", "--reloads", "10", "--restarts", "1"]
    done = run("leaks", *flags)
    assert done.stdout.count("0; at most 0; reached") == 2, done.stdout + done.stderr
    # The target of 5 % is for ten times as many; in a short run the allocator's own ups and downs
    # are about as large.
    (gained,) = re.findall(r"([-0-9.]+) %; at most 5 %", done.stdout)
    assert float(gained) < 12


@pytest.mark.usefixtures("_sound_server")
def test_the_costs_of_a_service_are_told_with_targets():
    # Whether they are reached depends on what else the machine does.
    done = run("daemon", "--seconds", "2", "--faults", "1")
    assert "Traceback" not in done.stderr
    assert done.stdout.splitlines()[-1].startswith("10 targets: ")


@pytest.mark.parametrize(
    ("name", "flags"),
    [("soak", ["--hours", "0"]), ("daemon", ["--seconds", "0"]), ("leaks", ["--readers", "-1"])],
)
def test_nonsense_is_refused_in_one_line(name, flags):
    done = run(name, *flags)
    assert done.returncode == 2
    assert f"error: argument {flags[0]}: {flags[1]}: expected" in done.stderr
