import numpy as np
import pytest
import soundfile

from benchmarks.sound import blocks, continuous_speech, silence, without_pauses, write
from recognizer.commands.listen import DEMO
from recognizer.errors import InputError


def test_speech_is_as_long_as_asked_and_never_silent_for_long():
    speech = continuous_speech(60)
    assert speech.samples.shape == (960_000,)
    assert speech.samples.dtype == np.float32
    assert "the bundled recording" in speech.origin
    assert "repeated" in speech.origin
    tenths = np.abs(speech.samples.reshape(-1, 1_600)).max(axis=1)
    quiet = tenths < 0.01
    assert not (quiet[:-2] & quiet[1:-1] & quiet[2:]).any()


def test_pauses_are_cut_to_a_tenth_of_a_second():
    speech = np.random.default_rng(0).normal(0, 0.1, 8_000).astype(np.float32)
    pause = np.zeros(16_000, np.float32)
    found = without_pauses(np.concatenate([pause, speech, pause, speech, pause]))
    assert len(found) == 2 * (8_000 + 1_600)


def test_recordings_in_folders_below_are_found_and_named(tmp_path):
    (tmp_path / "a").mkdir()
    noise = np.random.default_rng(0).normal(0, 0.1, 32_000)
    soundfile.write(tmp_path / "a" / "one.flac", noise, 16_000)
    speech = continuous_speech(1, tmp_path)
    assert speech.samples.shape == (16_000,)
    assert speech.origin == f"recordings in {tmp_path.name}, pauses cut"


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_recordings_is_one_line(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="expected") as caught:
        continuous_speech(1, tmp_path / name)
    assert "\n" not in str(caught.value)


def test_silence_is_what_a_quiet_sound_card_gives():
    found = silence(10)
    assert found.shape == (160_000,)
    assert 0 < np.abs(found).max() < 10 / 32_768


def test_what_is_written_is_what_was_there(tmp_path):
    samples = soundfile.read(DEMO, dtype="float32")[0]
    write(tmp_path / "a.wav", samples)
    found, rate = soundfile.read(tmp_path / "a.wav", dtype="float32")
    assert rate == 16_000
    assert np.abs(found - samples).max() < 1e-4
    raw = b"".join(blocks(samples, 0.05))
    assert np.abs(np.frombuffer(raw, np.int16) / 32_767 - samples).max() < 1e-4
