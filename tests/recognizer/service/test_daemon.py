"""The real command, as a service manager starts it, hears standard input."""

import fcntl
import json
import os
import shutil
import signal
import termios
import time
from array import array

import numpy as np
import onnx
import pytest

from benchmarks.virtual_microphone import (
    missing_programs,
    sound_server_environment,
    virtual_microphone,
)
from tests.recognizer.conftest import tone_model
from tests.service_manager import service
from tests.tone_words import spoken


def say(process, samples):
    process.stdin.write((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    process.stdin.flush()


def wait_until_read(pipe):
    """Return when the other end has taken all that was written."""
    waiting = array("i", [1])
    while waiting[0]:
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)


def label(line):
    return json.loads(line)["label"]


def flags(model, *more):
    return ["--model", model, "--vad", "off", "--input", "-", *more]


def config_of(tmp_path, text):
    path = tmp_path / "config.toml"
    path.write_text(text)
    return path


def asked_to_end(process):
    """Ask for the end; return the rest of the output and of the errors."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    return output.decode(), errors.decode(), time.monotonic() - began


def errors_of_one_that_hears(process, microphone):
    """Let it hear a word, end it, and return its errors."""
    time.sleep(0.5)
    microphone.speak(spoken("high"))
    assert label(process.stdout.readline()) == "high"
    _, errors, _ = asked_to_end(process)
    assert "Traceback" not in errors
    return errors


def test_it_is_ready_with_the_first_sound_and_not_before(manager, tone_model_path):
    with service(manager, *flags(tone_model_path)) as process:
        manager.expect("STATUS=listening to standard input")
        time.sleep(0.3)
        assert "READY=1" not in manager.drain()
        say(process, np.zeros(1_600))
        manager.expect("READY=1")


def test_the_status_counts_words(manager, tone_model_path):
    with service(manager, *flags(tone_model_path)) as process:
        say(process, spoken("high", "low"))
        manager.expect("STATUS=listening to standard input, 16000 Hz; words heard: 2")


def test_sigterm_reports_what_was_heard_whole_and_ends_with_0(manager, tone_model_path):
    with service(manager, *flags(tone_model_path, "--patience", "3", "--settle", "3")) as process:
        say(process, spoken("high"))
        manager.expect("READY=1")
        wait_until_read(process.stdin)
        output, errors, _ = asked_to_end(process)
    assert label(output) == "high"
    assert errors.endswith("words heard: 1\n")
    assert "Traceback" not in errors
    manager.drain()
    assert manager.lines.index("STOPPING=1") > manager.lines.index("READY=1")
    assert manager.lines.index("STOPPING=1") < len(manager.lines) - 1, "the word came behind it"


def test_sigterm_while_nothing_ever_comes_ends_it_too(manager, tone_model_path):
    with service(manager, *flags(tone_model_path)) as process:
        manager.expect("STATUS=listening")
        output, errors, _ = asked_to_end(process)
    assert output == ""
    assert "Traceback" not in errors


def test_sigterm_before_it_listens_ends_it_too(manager, tone_model_path, tmp_path):
    # A configuration that comes through a pipe is waited for.
    os.mkfifo(tmp_path / "pipe")
    command = flags(tone_model_path, "--config", tmp_path / "pipe")
    with service(manager, *command) as process, (tmp_path / "pipe").open("wb"):
        output, errors, _ = asked_to_end(process)
    assert (output, errors) == ("", "")


def test_the_watchdog_is_patted_only_while_sound_arrives(manager, tone_model_path):
    with service(manager, *flags(tone_model_path), WATCHDOG_USEC="200000") as process:
        for _ in range(3):
            say(process, np.zeros(1_600))
            manager.expect("WATCHDOG=1")
            time.sleep(0.15)
        manager.drain()
        patted = manager.lines.count("WATCHDOG=1")
        time.sleep(0.5)
        assert manager.drain().count("WATCHDOG=1") == patted


def test_sighup_takes_new_settings_and_the_new_model_together(manager, tmp_path, tone_model_path):
    other = tmp_path / "other.onnx"
    renamed = {"labels": '["deep", "shrill", "other"]', "thresholds": '{"deep":0.5,"shrill":0.5}'}
    onnx.save(tone_model(metadata=renamed), other)
    config = config_of(tmp_path, f'model = "{tone_model_path}"\n')
    with service(manager, "--vad", "off", "--input", "-", "--config", config) as process:
        say(process, spoken("high"))
        assert label(process.stdout.readline()) == "high"
        config.write_text(f'model = "{other}"\n')
        process.send_signal(signal.SIGHUP)
        manager.expect("RELOADING=1")
        manager.expect("READY=1")
        say(process, spoken("high"))
        assert label(process.stdout.readline()) == "shrill"
        _, errors, _ = asked_to_end(process)
    assert "reloaded" in errors
    assert errors.endswith("words heard: 2\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hopp = 0.1", 'config.toml:1: unknown key "hopp", did you mean hop?'),
        ("hop =", "config.toml:1: no TOML: invalid value"),
        ("hop = 7", "config.toml:1: hop = 7: expected a number from 0.01 to 0.5 s"),
        ('model = "nobody"', "no model named 'nobody'"),
        ('model = "FOLDER/broken.onnx"', "broken.onnx: ONNX Runtime cannot use it"),
        (None, "no such file"),
    ],
)
def test_sighup_keeps_what_was_where_the_new_is_wrong(
    manager, tmp_path, tone_model_path, text, reason
):
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    config = config_of(tmp_path, f'model = "{tone_model_path}"\n')
    with service(manager, "--vad", "off", "--input", "-", "--config", config) as process:
        say(process, np.zeros(1_600))
        manager.expect("READY=1")
        if text is None:
            config.unlink()
        else:
            config.write_text(text.replace("FOLDER", str(tmp_path)))
        process.send_signal(signal.SIGHUP)
        manager.expect("RELOADING=1")
        status = manager.expect("STATUS=listening to standard input, 16000 Hz; words heard: 0; not")
        assert reason in status
        manager.expect("READY=1")
        say(process, spoken("high"))
        assert label(process.stdout.readline()) == "high"
        _, errors, _ = asked_to_end(process)
    (line,) = [line for line in errors.splitlines() if reason in line]
    assert line.startswith("warning: not reloaded, configuration and model stay as they were: ")


def test_sighup_reads_a_changed_model_file_again(manager, tmp_path, tone_model_path):
    with service(manager, *flags(tone_model_path)) as process:
        say(process, np.zeros(1_600))
        manager.expect("READY=1")
        shutil.copy(tone_model_path, tmp_path / "good.onnx")
        tone_model_path.write_bytes(b"half a model")
        process.send_signal(signal.SIGHUP)
        manager.expect("STATUS=listening to standard input, 16000 Hz; words heard: 0; not reloaded")
        shutil.copy(tmp_path / "good.onnx", tone_model_path)
        process.send_signal(signal.SIGHUP)
        manager.expect("STATUS=listening to standard input, 16000 Hz; words heard: 0")
        say(process, spoken("low"))
        assert label(process.stdout.readline()) == "low"


def test_sighups_and_speech_at_once_lose_no_word(manager, tone_model_path):
    words = ["low", "high"] * 4
    with service(manager, *flags(tone_model_path)) as process:
        for word in words:
            say(process, spoken(word))
            assert label(process.stdout.readline()) == word
            process.send_signal(signal.SIGHUP)
        output, errors, _ = asked_to_end(process)
    assert output == ""
    assert "Traceback" not in errors


def test_without_a_manager_it_listens_as_ever(manager, tone_model_path):
    manager.close()
    with service(manager, *flags(tone_model_path)) as process:
        say(process, spoken("high"))
        assert label(process.stdout.readline()) == "high"
        _, errors, _ = asked_to_end(process)
    assert errors.count("cannot be told") == 1


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_it_ends_within_a_second_of_sigterm_while_it_hears_a_microphone(
    manager, microphone, tone_model_path
):
    """The best of three: other programs may have kept the machine busy."""
    took = []
    for _ in range(3):
        with service(
            manager, "--model", tone_model_path, environment=microphone.environment
        ) as process:
            manager.expect("READY=1")
            took.append(asked_to_end(process)[2])
    assert min(took) < 1


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_reload_keeps_the_microphone_open(manager, microphone, tone_model_path, tmp_path):
    config = config_of(tmp_path, "hop = 0.1\n")
    command = ["--model", tone_model_path, "--vad", "off", "--config", config]
    with service(manager, *command, environment=microphone.environment) as process:
        manager.expect("READY=1")
        config.write_text("hop = 0.05\n")
        process.send_signal(signal.SIGHUP)
        manager.expect("READY=1")
        errors = errors_of_one_that_hears(process, microphone)
    assert "reloaded" in errors
    assert errors.count("listening to") == 1


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_it_ends_within_a_second_of_sigterm_while_the_sound_server_hangs(
    manager, microphone, tone_model_path
):
    took = []
    for _ in range(3):
        with service(
            manager, "--model", tone_model_path, environment=microphone.environment
        ) as process:
            manager.expect("READY=1")
            microphone.stall()
            manager.expect("STATUS=lost default")
            took.append(asked_to_end(process)[2])
            microphone.go_on()
    assert min(took) < 1


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_it_reloads_while_the_microphone_is_lost(manager, microphone, tone_model_path, tmp_path):
    config = config_of(tmp_path, "hop = 0.1\n")
    command = ["--model", tone_model_path, "--vad", "off", "--config", config]
    with service(manager, *command, environment=microphone.environment) as process:
        manager.expect("READY=1")
        microphone.unplug()
        manager.expect("STATUS=lost default")
        process.send_signal(signal.SIGHUP)
        manager.expect("RELOADING=1")
        manager.expect("READY=1")
        microphone.plug_in()
        manager.expect("STATUS=listening to default")
        errors = errors_of_one_that_hears(process, microphone)
    assert "reloaded" in errors


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_it_waits_for_a_microphone_that_is_missing(manager, tone_model_path, tmp_path):
    if missing := missing_programs():
        pytest.skip(f"no virtual microphone: {', '.join(missing)} not installed")
    environment = os.environ | sound_server_environment(tmp_path)
    with service(manager, "--model", tone_model_path, "--wait", environment=environment) as process:
        manager.expect("STATUS=waiting for default")
        with virtual_microphone(tmp_path):
            manager.expect("READY=1")
            _, errors, _ = asked_to_end(process)
    assert "Traceback" not in errors
