"""digit-listen and a microphone that really records, in real time."""

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from statistics import median

import pytest
import soundfile

from benchmarks.listening import RUN
from benchmarks.virtual_microphone import sound_server_environment
from recognizer import AudioFile, Listener, Recognizer
from recognizer.bundled import DEFAULT_MODEL
from recognizer.commands.listen import DEMO
from recognizer.listener import DEFAULT_VAD
from tests.tone_words import spoken

WORDS = ["low", "high", "high", "low"]
# The microphone is quiet between words; the gate has its own tests.
FLAGS = ["--json", "--vad", "off"]


@contextmanager
def listening(environment, model, *flags):
    """Run digit-listen and wait until it listens."""
    command = [*RUN, "--model", model, *FLAGS, *flags]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        line = ""
        while "listening" not in line:
            line = process.stderr.readline()
            assert line, "ended before it listened"
        try:
            yield process
        finally:
            process.kill()


def label(line):
    return json.loads(line)["label"]


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_words_are_printed_as_they_are_spoken(microphone, tone_model_path):
    with listening(microphone.environment, tone_model_path) as process:
        time.sleep(1)
        player = microphone.speak(spoken(*WORDS))
        began = time.monotonic()
        heard = [label(process.stdout.readline())]
        waited = time.monotonic() - began
        assert player.poll() is None, "the first word was printed only after all were spoken"
        assert waited < 3
        heard += [label(process.stdout.readline()) for _ in WORDS[1:]]
        assert time.monotonic() - began < len(spoken(*WORDS)) / 16_000 + 1
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)
    assert heard == WORDS
    assert rest == ""
    assert process.returncode == 130
    assert "Traceback" not in errors


@pytest.mark.slow
@pytest.mark.timeout(90)
def test_the_bundled_digits_are_heard_in_real_time_as_in_their_file(microphone):
    with Recognizer(provider="cpu") as recognizer:
        from_file = list(Listener(recognizer, AudioFile(DEMO)))
    with listening(microphone.environment, DEFAULT_MODEL, "--vad", str(DEFAULT_VAD)) as process:
        time.sleep(1)
        microphone.speak(soundfile.read(DEMO, dtype="float32")[0])
        live = [json.loads(process.stdout.readline()) for _ in from_file]
    assert [word["label"] for word in live] == [word.label for word in from_file]
    pairs = zip(live, from_file, strict=True)
    shifts = [heard["start"] - word.start for heard, word in pairs]
    # Up to 30 ms by the way in which windows fall on the words, the rest by the sound server.
    assert shifts == pytest.approx([median(shifts)] * len(shifts), abs=0.07)


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_a_device_is_chosen_by_part_of_its_name_in_any_case(microphone, tone_model_path):
    with listening(microphone.environment, tone_model_path, "--device", "PULS") as process:
        time.sleep(1)
        microphone.speak(spoken("high"))
        assert label(process.stdout.readline()) == "high"


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_devices_are_listed_and_an_unknown_one_is_refused_with_the_list(
    microphone, tone_model_path
):
    listed = subprocess.run(
        [*RUN, "--list-devices"],
        env=microphone.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pulse" in listed.stdout
    assert "44100 Hz" in listed.stdout
    refused = subprocess.run(
        [*RUN, "--model", tone_model_path, "--device", "kitchen"],
        env=microphone.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "no input device matches 'kitchen'" in refused.stderr
    assert "'pulse'" in refused.stderr


def test_without_a_microphone_the_error_suggests_the_demo(tmp_path, tone_model_path):
    if find_library("portaudio") is None:
        pytest.skip("PortAudio is not installed")
    if list(Path("/dev/snd").glob("pcmC*c")):
        pytest.skip("this machine has a sound card")
    environment = os.environ | sound_server_environment(tmp_path)
    done = subprocess.run(
        [*RUN, "--model", tone_model_path],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: no microphone found")
    assert "digit-listen --demo" in last
