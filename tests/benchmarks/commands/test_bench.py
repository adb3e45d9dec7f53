"""The command on rows that take seconds; what it measures is not judged here."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks.commands.bench import ROWS, main
from recognizer.errors import ProviderError


@pytest.mark.slow
def test_a_run_prints_a_table_and_writes_json_and_a_picture(tmp_path, capsys):
    assert main(["start", "window", "--quick", "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "start to first window classified" in printed
    assert printed.splitlines()[-1].startswith("4 targets: ")
    written = json.loads((tmp_path / "cpu-start-window-quick.json").read_text())
    assert written["machine"]["processor"]
    assert written["quick"] is True
    figures = {figure["row"]: figure for figure in written["figures"]}
    assert set(figures) == {"start", "window-edge", "window-parallel"}
    assert figures["start"]["verdict"] in ("reached", "missed")
    assert "torch is never imported" in figures["start"]["note"]
    assert (tmp_path / "cpu-start-window-quick.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "unknown row 'nonsense'; expected one of window, "),
        (["window", "--provider", "cuda"], "rows were named beside --provider cuda"),
        (["hour-speech", "--quick", "--speech", "/no/such/folder"], "not a folder: expected one"),
    ],
)
def test_wrong_usage_is_one_line(arguments, said, capsys, tmp_path):
    assert main([*arguments, "--output", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    line = error.splitlines()[-1]
    assert line.startswith("error: ")
    assert said in line
    assert not list(tmp_path.iterdir())


def test_without_cuda_one_line_tells_what_is_missing(capsys, tmp_path):
    status = main(["--provider", "cuda", "--quick", "--output", str(tmp_path)])
    if status == 0:
        assert (tmp_path / "cuda-quick.json").is_file()
        return
    assert status == ProviderError.exit_status
    assert "use --provider cpu or auto" in capsys.readouterr().err.splitlines()[-1]


def test_every_row_is_there_and_help_names_them():
    command = [sys.executable, "-c", "from benchmarks.commands import bench; bench()", "--help"]
    environment = {**os.environ, "COLUMNS": "200"}
    found = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert ", ".join(ROWS) in found.stdout
