import subprocess
import sys
from dataclasses import replace

import pytest

from recognizer.audio import SAMPLE_RATE
from recognizer.errors import DeviceError
from recognizer.sources.input_devices import InputDevice, NoMicrophoneError, choose_device
from recognizer.sources.microphone import BLOCK_SECONDS

LAPTOP = InputDevice(index=2, name="Laptop", sample_rate=48_000, channels=2, is_default=False)
HEADSET = InputDevice(
    index=5, name="USB Headset Pro", sample_rate=44_100, channels=1, is_default=True
)
PLAIN = InputDevice(index=7, name="usb headset", sample_rate=16_000, channels=1, is_default=False)
ALL = [LAPTOP, HEADSET, PLAIN]

LISTEN_UNTIL_IT_FAILS = """
from recognizer.errors import DeviceError
from recognizer.sources.microphone import Microphone
microphone = Microphone(stall_seconds=0.5)
print(microphone.device.sample_rate, flush=True)
heard = 0
try:
    for block in microphone:
        heard += len(block.samples)
        if heard == len(block.samples):
            print("listening", flush=True)
except DeviceError as error:
    print(heard, error)
"""


@pytest.mark.parametrize(
    ("wanted", "device"),
    [
        (None, HEADSET),
        ("laptop", LAPTOP),
        ("LAP", LAPTOP),
        ("pro", HEADSET),
        ("usb", HEADSET),
        ("USB Headset", PLAIN),
        ("7", PLAIN),
    ],
)
def test_a_device_is_chosen_by_index_name_or_part_of_the_name(wanted, device):
    assert choose_device(ALL, wanted) == device


def test_without_a_default_the_first_input_is_taken():
    assert choose_device([LAPTOP, replace(HEADSET, is_default=False)], None) == LAPTOP


def test_an_unknown_device_is_refused_with_a_list_of_those_there_are():
    with pytest.raises(DeviceError, match=r"'kitchen'.*2 'Laptop', 5 'USB Headset Pro'"):
        choose_device(ALL, "kitchen")


def test_no_input_at_all_is_an_error_of_its_own():
    with pytest.raises(NoMicrophoneError, match="no microphone found"):
        choose_device([], None)


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("fault", "message"), [("unplug", "went away"), ("stall", "delivered no sound for 0.5 s")]
)
def test_a_microphone_that_fails_loses_nothing_that_it_delivered(microphone, fault, message):
    command = [sys.executable, "-c", LISTEN_UNTIL_IT_FAILS]
    with subprocess.Popen(
        command, env=microphone.environment, stdout=subprocess.PIPE, text=True
    ) as listener:
        assert int(listener.stdout.readline()) != SAMPLE_RATE, "the sound has to be converted"
        assert listener.stdout.readline() == "listening\n"
        getattr(microphone, fault)()
        heard, error = listener.stdout.readline().split(maxsplit=1)
    assert message in error
    # It delivers whole blocks.
    assert int(heard) % round(BLOCK_SECONDS * SAMPLE_RATE) == 0


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ("OSError('PortAudio library not found')", "apt install libportaudio2"),
        ("ImportError('no sounddevice')", "pip install sounddevice"),
    ],
)
def test_a_missing_library_is_named_with_what_to_install(tmp_path, failure, message):
    (tmp_path / "sounddevice.py").write_text(f"raise {failure}\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from recognizer.sources.microphone import Microphone\n"
        "from recognizer.errors import DeviceError\n"
        "try: Microphone()\n"
        "except DeviceError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert message in done.stdout
    assert done.stderr == ""
