"""digit-listen --live on a pseudo-terminal."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from contextlib import contextmanager

import pytest

from recognizer.commands.listen import main
from tests.ansi_terminal import Terminal
from tests.tone_words import spoken

RUN = [
    sys.executable,
    "-c",
    "import sys; from recognizer.commands.listen import main; sys.exit(main())",
    "--live",
]
TERMINFO = [sys.executable, "-c", "import curses; curses.setupterm('xterm-256color', 1)"]
# Log lines may be wider than the terminal, which wraps them.
WIDE = 1000


@contextmanager
def on_terminal(*flags, columns=80, **environment):
    """Run digit-listen with its output on a terminal; yield the process and the terminal's end."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [*RUN, *map(str, flags)],
        env=inherited | {"TERM": "xterm-256color"} | environment,
        stdin=subprocess.PIPE,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    try:
        with process:
            yield process, leader
    finally:
        process.kill()
        os.close(leader)


def read(leader, until=None):
    """Return what appears on the terminal until this text, or until the program ends."""
    output = b""
    while until is None or until.encode() not in output:
        try:
            output += os.read(leader, 65_536)
        except OSError:  # Linux tells so that the other end is closed.
            break
    return output.decode()


def shown(output):
    terminal = Terminal(WIDE)
    terminal.feed(output)
    return terminal


def detected(terminal):
    return [line.split()[2] for line in terminal.lines if "ms after the word" in line]


def test_the_demo_shows_ten_digits_and_leaves_a_visible_cursor():
    with on_terminal("--demo") as (process, leader):
        terminal = shown(read(leader))
        assert process.wait(30) == 0
    assert "heard  0123456789" in terminal.lines
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    assert detected(terminal) == words
    assert [sum(line == word for line in terminal.lines) for word in words] == [1] * 10
    assert sum("dBFS" in line for line in terminal.lines) == 1
    assert terminal.lines[-2:] == ["words heard: 10", ""]
    assert terminal.cursor_is_visible


@pytest.mark.parametrize(
    "environment", [{"NO_COLOR": "1"}, {"TERM": "vt100"}, {"TERM": "no-such-terminal"}]
)
def test_without_colours_the_same_is_drawn(tone_model_path, environment):
    with on_terminal("--model", tone_model_path, "--input", "-", **environment) as (
        process,
        leader,
    ):
        process.communicate(pcm("low", "high"))
        terminal = shown(read(leader))
    assert detected(terminal) == ["low", "high"]
    assert not terminal.has_seen_colours


def test_colours_are_used_where_the_terminal_has_them(tone_model_path):
    if subprocess.run(TERMINFO, capture_output=True, check=False).returncode:
        pytest.skip("the terminal database does not know xterm-256color")
    with on_terminal("--model", tone_model_path, "--input", "-") as (process, leader):
        process.communicate(pcm("low"))
        assert shown(read(leader)).has_seen_colours


def test_a_narrow_terminal_cuts_lines(tone_model_path):
    with on_terminal("--model", tone_model_path, "--input", "-", columns=20) as (process, leader):
        process.communicate(pcm("low"))
        terminal = shown(read(leader))
    drawn = terminal.lines[2:-2]
    assert "heard  low" in drawn
    assert max(map(len, drawn)) == 19


def test_ctrl_c_leaves_the_last_view_and_a_visible_cursor(tone_model_path):
    with on_terminal("--model", tone_model_path, "--input", "-") as (process, leader):
        process.stdin.write(pcm("high"))
        process.stdin.flush()
        output = read(leader, until="ms after the word")
        process.send_signal(signal.SIGINT)
        terminal = shown(output + read(leader))
        assert process.wait(10) == 130
    assert detected(terminal) == ["high"]
    assert terminal.lines[-2:] == ["words heard: 1", ""]
    assert terminal.cursor_is_visible


def test_a_warning_stays_readable_above_the_view(tone_model_path):
    with on_terminal("--model", tone_model_path, "--input", "-") as (process, leader):
        process.communicate(pcm("low") + b"x")
        lines = shown(read(leader)).lines
    (warning,) = [index for index, line in enumerate(lines) if line.startswith("warning: ")]
    (status,) = [index for index, line in enumerate(lines) if "dBFS" in line]
    assert warning < status


@pytest.mark.parametrize("kind", ["pipe", "dumb"])
def test_where_nothing_can_be_drawn_plain_lines_and_one_log_line_tell_so(tone_model_path, kind):
    flags = ["--model", tone_model_path, "--input", "-"]
    if kind == "pipe":
        done = subprocess.run(
            [*RUN, *flags], input=pcm("low"), capture_output=True, check=True, timeout=60
        )
        output, log = done.stdout.decode(), done.stderr.decode()
    else:
        with on_terminal(*flags, TERM="dumb") as (process, leader):
            process.communicate(pcm("low"))
            output = log = read(leader)
    assert "\x1b" not in output + log
    assert output.count(" s  low") == 1
    assert log.count("--live prints plain lines") == 1


def test_live_and_json_at_once_are_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--live", "--json", "--demo"])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--json" in line
    assert "--live" in line


def pcm(*words):
    return (spoken(*words) * 32_767).astype("<i2").tobytes()
