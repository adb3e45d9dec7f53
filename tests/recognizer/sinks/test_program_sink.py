import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.detection import Detection
from recognizer.errors import InputError
from recognizer.sinks.lines import json_line
from recognizer.sinks.program_sink import ProgramSink
from tests.leaks import is_running
from tests.recognizer.sinks.conftest import numbered
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.usefixtures("no_leaks")


@pytest.fixture
def program(tmp_path):
    """Return a function that makes a shell script, which runs in the test's folder."""

    def make(script, name="program"):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\ncd '{tmp_path}'\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return make


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_the_event_is_in_the_environment_and_on_standard_input(program, tmp_path, seven):
    with ProgramSink([program("env > env; cat > input")]) as sink:
        sink.write(seven)
        wait_until((tmp_path / "input").exists)
    found = dict(line.split("=", 1) for line in lines(tmp_path / "env") if "=" in line)
    assert {key: found[key] for key in found if key.startswith("DIGIT_LISTEN_")} == {
        "DIGIT_LISTEN_EVENT": "detection",
        "DIGIT_LISTEN_LABEL": "seven",
        "DIGIT_LISTEN_CONFIDENCE": "0.97",
        "DIGIT_LISTEN_START": "12.315",
        "DIGIT_LISTEN_END": "12.74",
        "DIGIT_LISTEN_TIME": "12.86",
    }
    assert found["PATH"] == os.environ["PATH"]
    assert (tmp_path / "input").read_text() == json_line(seven)


def test_a_string_is_split_like_a_shell_does_and_nothing_in_it_is_expanded(
    program, tmp_path, seven
):
    path = program("printf '%s\\n' \"$@\" > part; mv part arguments")
    with ProgramSink(f"{path} 'a b' $HOME `id` ; * > \"$(touch x)\"") as sink:
        sink.write(seven)
        wait_until((tmp_path / "arguments").exists)
    assert lines(tmp_path / "arguments") == ["a b", "$HOME", "`id`", ";", "*", ">", "$(touch x)"]
    assert not (tmp_path / "x").exists()


def test_a_label_is_data_whatever_it_looks_like(program, tmp_path):
    label = "$(touch x); `touch x` 'fünf\""
    with ProgramSink([program('printf %s "$DIGIT_LISTEN_LABEL" > label; cat > input')]) as sink:
        sink.write(Detection(label, 1.0, 0.0, 1.0, 1.0))
        wait_until((tmp_path / "input").exists)
    assert (tmp_path / "label").read_text() == label
    assert json.loads((tmp_path / "input").read_text())["label"] == label
    assert not (tmp_path / "x").exists()


def test_what_is_said_to_the_daemon_alone_does_not_reach_a_command(
    program, tmp_path, seven, monkeypatch
):
    for name in ("NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"):
        monkeypatch.setenv(name, "1")
    with ProgramSink([program("env > part; mv part env")]) as sink:
        sink.write(seven)
        wait_until((tmp_path / "env").exists)
    assert not [line for line in lines(tmp_path / "env") if line.startswith(("NOTIFY", "WATCH"))]


def test_what_it_prints_goes_to_standard_error(program, tmp_path, seven, capfd):
    with ProgramSink([program("echo hello; echo world >&2; touch done")]) as sink:
        sink.write(seven)
        wait_until((tmp_path / "done").exists)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == "hello\nworld\n"


def test_only_so_many_run_at_once_and_wait_and_the_rest_is_dropped(program, tmp_path, caplog):
    path = program("echo x >> started; while ! test -e go; do sleep 0.01; done; echo x >> ended")
    with ProgramSink([path], most_at_once=2, most_waiting=3) as sink:
        sink.write(numbered(0))
        sink.write(numbered(1))
        wait_until(lambda: len(lines(tmp_path / "started")) == 2)
        for number in range(2, 12):
            sink.write(numbered(number))
        assert len(lines(tmp_path / "started")) == 2
        assert "was not run for a detection, it is too slow (1 so far)" in caplog.text
        (tmp_path / "go").touch()
        wait_until(lambda: len(lines(tmp_path / "ended")) == 5)
    assert len(lines(tmp_path / "started")) == 5
    assert len(caplog.records) == 1


def test_one_after_the_other_keeps_their_order(program, tmp_path):
    with ProgramSink([program("echo $DIGIT_LISTEN_START >> order")], most_at_once=1) as sink:
        for number in range(20):
            sink.write(numbered(number))
        wait_until(lambda: len(lines(tmp_path / "order")) == 20)
    assert lines(tmp_path / "order") == [f"{number}.0" for number in range(20)]


def test_a_command_that_takes_too_long_is_killed_with_all_that_it_started(
    program, tmp_path, seven, caplog
):
    path = program("trap '' TERM; sleep 1000 & echo $! $$ > part; mv part pids; wait")
    with ProgramSink([path], most_seconds=0.5) as sink:
        sink.write(seven)
        wait_until(lambda: "took too long and was killed (1 so far)" in caplog.text)
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        wait_until(lambda: not any(is_running(pid) for pid in pids))


@pytest.mark.parametrize(
    ("script", "how"),
    [("exit 3", "ended with exit status 3"), ("kill -11 $$", "was ended by signal 11")],
)
def test_failures_are_told_once_not_each_time(program, tmp_path, script, how, caplog):
    with ProgramSink([program(f"echo x >> runs; {script}")]) as sink:
        for number in range(20):
            sink.write(numbered(number))
        wait_until(lambda: len(lines(tmp_path / "runs")) == 20)
    (record,) = caplog.records
    assert record.getMessage() == f"{tmp_path}/program {how} (1 so far)"


def test_a_command_that_works_and_reads_nothing_is_no_failure(program, tmp_path, caplog):
    with ProgramSink([program("echo x >> runs")]) as sink:
        for number in range(20):
            sink.write(numbered(number))
        wait_until(lambda: len(lines(tmp_path / "runs")) == 20)
    assert not caplog.records


def test_a_program_that_goes_away_or_is_none_is_a_warning(program, seven, caplog):
    path = program("true")
    with ProgramSink([path]) as sink:
        Path(path).unlink()
        sink.write(seven)
        wait_until(lambda: "cannot be started (No such file or directory)" in caplog.text)
    caplog.clear()
    with ProgramSink([program("true")]) as sink:
        Path(path).write_bytes(b"\0\1\2")
        sink.write(seven)
        wait_until(lambda: "cannot be started (Exec format error)" in caplog.text)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("", "the command is empty"),
        ([], "the command is empty"),
        ("no-such-program x", "no program 'no-such-program' to run"),
        ("/", "no program '/' to run"),
        (__file__, "no program '.*/test_program_sink.py' to run"),
        ("ls 'x", r"cannot be split \(No closing quotation\)"),
        (["ls", "a\0b"], "no program 'ls' to run"),
    ],
)
def test_a_command_that_cannot_run_is_an_input_error(command, message):
    with pytest.raises(InputError, match=message) as error:
        ProgramSink(command)
    assert "\n" not in str(error.value)


@settings(max_examples=50)
@given(st.text() | st.lists(st.text(), max_size=3))
def test_any_command_is_taken_or_an_input_error(command):
    try:
        sink = ProgramSink(command, most_at_once=1)
    except InputError:
        return
    sink.close()


def test_what_runs_at_the_end_gets_a_moment_and_what_waits_too(program, tmp_path):
    path = program("echo x >> started; sleep 0.05; echo x >> ended")
    with ProgramSink([path], most_at_once=1, farewell=PATIENCE) as sink:
        for number in range(3):
            sink.write(numbered(number))
    assert len(lines(tmp_path / "started")) == len(lines(tmp_path / "ended")) == 3


def test_after_that_moment_it_is_killed_and_what_waits_is_dropped(program, tmp_path, caplog):
    with ProgramSink([program("echo $$ >> part; mv part pids; sleep 1000")]) as sink:
        for number in range(20):
            sink.write(numbered(number))
        wait_until(lambda: lines(tmp_path / "pids"))
    assert not any(is_running(int(pid)) for pid in lines(tmp_path / "pids"))
    assert "took too long and was killed" in caplog.text
    assert "was not run for a detection" in caplog.text
    sink.close()
