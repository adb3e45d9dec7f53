"""digit-listen and a microphone that fails in every way that sound hardware knows."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import cycle, islice

import pytest
import soundfile

from benchmarks.listening import RUN, Listening
from benchmarks.virtual_microphone import (
    FAULTS,
    VirtualMicrophone,
    missing_programs,
    sound_server_environment,
)
from recognizer import AudioFile, Listener, Recognizer
from recognizer.commands.listen import DEMO
from tests.tone_words import spoken

RATE = 16_000
LOST = "trying again until it works"
BACK = "listening again to pulse"
NOTICED_WITHIN = 3.0
BACK_WITHIN = 5.0
AFTER_RECOVERY = 1.0
FAULT_COUNT = 10
DENY_WRITE_EXECUTE = """
import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):
    sys.exit(1)
if sys.argv[1:]:
    os.execv(sys.argv[1], sys.argv[1:])
"""


class Digits:
    """The bundled recording, and which digits are heard in it where."""

    def __init__(self):
        self.samples = soundfile.read(DEMO, dtype="float32")[0]
        with Recognizer(provider="cpu") as recognizer:
            self.words = list(Listener(recognizer, AudioFile(DEMO)))

    def part(self, first, count):
        """Return the sound of so many words, from the first one's start on, and their labels."""
        words = self.words[first : first + count]
        begin, end = round((words[0].start - 0.1) * RATE), round((words[-1].end + 0.1) * RATE)
        return self.samples[begin:end], [word.label for word in words]


@pytest.fixture(scope="module")
def digits():
    return Digits()


def labels(lines):
    return [json.loads(line.text)["label"] for line in lines]


def is_in_order(found, words):
    """Tell whether all that was found is among the words, in their order, each once."""
    rest = iter(words)
    return all(label in rest for label in found)


def wait_until_quiet(listening, seconds=1.5):
    """Return when no word was reported for so long."""
    count = -1
    while count != len(listening.output):
        count = len(listening.output)
        time.sleep(seconds)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ten_faults_in_a_row_while_digits_are_spoken(microphone, digits):
    chance = random.Random(7)
    everything, all_labels = digits.part(0, len(digits.words))
    with Listening(microphone.environment, ["--json", "--device", "pulse"]) as listening:
        listening.wait_for(listening.log, "listening to pulse")
        for fault in islice(cycle(FAULTS), FAULT_COUNT):
            known, said = len(listening.log), len(listening.output)
            player = microphone.speak(everything)
            listening.wait_for(listening.output, "detection", said)
            time.sleep(chance.uniform(0, 1.3))
            caused = time.monotonic()
            fault.cause(microphone)
            lost = listening.wait_for(listening.log, LOST, known)
            player.kill()
            player.wait()
            time.sleep(chance.uniform(0, 2))
            mended = time.monotonic()
            fault.mend(microphone)
            back = listening.wait_for(listening.log, BACK, known)
            before = len(listening.output)
            time.sleep(max(0, back.time + AFTER_RECOVERY - 0.1 - time.monotonic()))
            sound, expected = digits.part(chance.randrange(8), 2)
            microphone.speak(sound).wait()
            wait_until_quiet(listening)
            assert lost.time - caused < NOTICED_WITHIN, fault.name
            assert back.time - mended < BACK_WITHIN, fault.name
            assert labels(listening.output[before:]) == expected, fault.name
            assert is_in_order(labels(listening.output[said:before]), all_labels), fault.name
            assert len(listening.log) == known + 2, "one line for the outage, one for its end"
        assert listening.process.poll() is None


@pytest.mark.slow
@pytest.mark.timeout(90)
def test_a_device_given_by_number_is_found_at_another_index(microphone):
    with Listening(microphone.environment, ["--device", "0"]) as listening:
        listening.wait_for(listening.log, "listening to pulse")
        microphone.unplug()
        listening.wait_for(listening.log, LOST)
        microphone.plug_in_elsewhere()
        listening.wait_for(listening.log, BACK)


@pytest.mark.slow
@pytest.mark.timeout(90)
def test_a_server_that_dies_before_the_first_sound_is_survived(microphone):
    with Listening(microphone.environment, ["--device", "pulse"]) as listening:
        listening.wait_for(listening.log, "listening to pulse")
        for _ in range(5):
            # A server that has just started delivers its first sound after two seconds.
            microphone.unplug()
            time.sleep(0.3)
            microphone.plug_in()
            time.sleep(1)
        listening.wait_for(listening.log, BACK)


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("fault", FAULTS[:2], ids=lambda fault: fault.name)
def test_control_c_ends_an_outage_at_once(microphone, tone_model_path, fault):
    flags = ["--model", str(tone_model_path), "--vad", "off"]
    with Listening(microphone.environment, flags) as listening:
        listening.wait_for(listening.log, "listening to")
        fault.cause(microphone)
        listening.wait_for(listening.log, LOST)
        time.sleep(0.5)
        began = time.monotonic()
        listening.process.send_signal(signal.SIGINT)
        assert listening.process.wait(20) == 130
        assert time.monotonic() - began < 3
        fault.mend(microphone)
    assert not any("Traceback" in line.text for line in listening.log)


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_a_microphone_that_is_missing_at_the_start_is_waited_for(tmp_path, tone_model_path):
    if missing := missing_programs():
        pytest.skip(f"no virtual microphone: {', '.join(missing)} not installed")
    flags = ["--model", str(tone_model_path), "--device", "pulse", "--wait"]
    environment = os.environ | sound_server_environment(tmp_path)
    with Listening(environment, flags) as listening:
        line = listening.wait_for(listening.log, LOST)
        assert "no microphone found" in line.text or "no input device matches" in line.text
        microphone = VirtualMicrophone(tmp_path)
        try:
            listening.wait_for(listening.log, "listening to pulse")
        finally:
            microphone.unplug()


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_a_server_that_hangs_at_the_start_is_one_error_or_waited_for(microphone, tone_model_path):
    flags = ["--model", str(tone_model_path), "--device", "pulse"]
    microphone.stall()
    with Listening(microphone.environment, flags) as listening:
        assert listening.process.wait(30) == 1
    assert "the sound system does not answer" in listening.log[-1].text
    with Listening(microphone.environment, [*flags, "--wait"]) as listening:
        line = listening.wait_for(listening.log, LOST)
        assert "the sound system does not answer" in line.text
        microphone.go_on()
        listening.wait_for(listening.log, "listening to pulse")


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_it_listens_where_no_memory_may_be_written_and_executed(microphone, tone_model_path):
    """As under MemoryDenyWriteExecute, which callbacks of audio libraries do not survive."""
    hardened = [sys.executable, "-c", DENY_WRITE_EXECUTE]
    if subprocess.run(hardened, check=False).returncode:
        pytest.skip("this kernel has no PR_SET_MDWE")
    flags = ["--model", str(tone_model_path), "--vad", "off"]
    with Listening(microphone.environment, flags, [*hardened, *RUN]) as listening:
        listening.wait_for(listening.log, "listening to")
        time.sleep(1)
        microphone.speak(spoken("high"))
        listening.wait_for(listening.output, "high")
