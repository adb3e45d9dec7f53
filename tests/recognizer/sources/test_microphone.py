import subprocess
import sys

import pytest

from recognizer.audio import SAMPLE_RATE
from recognizer.errors import DeviceError
from recognizer.sources.microphone import Microphone
from tests.recognizer.sources.fake_sounddevice import Delivery, FakeSounddevice

LISTEN_UNTIL_IT_FAILS = """
from recognizer.errors import DeviceError
from recognizer.sources.microphone import Microphone
microphone = Microphone(stall_seconds=0.5)
print(microphone.device.sample_rate, flush=True)
heard = delivered = 0
put = microphone._queue.put
def count(frames, **flags):
    global delivered
    delivered += len(frames)
    put(frames, **flags)
microphone._queue.put = count
try:
    for block in microphone:
        heard += len(block.samples)
        if heard == len(block.samples):
            print("listening", flush=True)
except DeviceError as error:
    print(heard, delivered, error)
"""


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
        rate = int(listener.stdout.readline())
        assert rate != SAMPLE_RATE, "the sound has to be converted"
        assert listener.stdout.readline() == "listening\n"
        getattr(microphone, fault)()
        heard, delivered, error = listener.stdout.readline().split(maxsplit=2)
    assert message in error
    assert int(heard) == pytest.approx(int(delivered) * SAMPLE_RATE / rate, abs=1)


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


def recorded(monkeypatch, *deliveries):
    """Return the blocks of a device that delivers this and then goes away, and the microphone."""
    monkeypatch.setitem(sys.modules, "sounddevice", FakeSounddevice(deliveries))
    microphone, blocks = Microphone(), []
    with pytest.raises(DeviceError, match="went away"):
        blocks.extend(microphone)
    return blocks, microphone


def test_sound_follows_sound_without_a_gap(monkeypatch):
    blocks, microphone = recorded(monkeypatch, *[Delivery(480)] * 4)
    assert [block.start for block in blocks] == pytest.approx([0, 0.03, 0.06, 0.09])
    assert microphone.lost == 0


def test_where_the_audio_system_lost_sound_the_next_block_is_later(monkeypatch):
    lossy = Delivery(480, overflowed=True)
    blocks, microphone = recorded(monkeypatch, Delivery(480), lossy, Delivery(480))
    assert blocks[1].start >= blocks[0].end + 0.019
    assert blocks[2].start == pytest.approx(blocks[1].end)
    assert microphone.lost == 1


def test_a_device_that_pauses_without_a_word_has_lost_what_was_said_meanwhile(monkeypatch):
    blocks, _ = recorded(monkeypatch, Delivery(480), Delivery(0, wait=0.6), Delivery(480))
    assert blocks[1].start >= blocks[0].end + 0.5


def test_a_device_that_is_late_and_kept_the_sound_has_lost_nothing(monkeypatch):
    blocks, _ = recorded(monkeypatch, Delivery(480), Delivery(0, wait=0.6), Delivery(3200))
    assert blocks[1].start == pytest.approx(blocks[0].end)


def test_closing_lets_go_the_device(monkeypatch):
    fake = FakeSounddevice([Delivery(480)], then_fails=False)
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    with Microphone() as microphone:
        next(iter(microphone))
    assert fake.open_streams == 0
