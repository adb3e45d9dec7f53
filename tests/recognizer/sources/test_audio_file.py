import os

import numpy as np
import pytest
import soundfile

from recognizer.errors import AudioError, InputError
from recognizer.sources.audio_file import AudioFile


def sine(rate=16_000, seconds=1.0):
    return 0.5 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * rate)) / rate)


def heard(path):
    return np.concatenate([block.samples for block in AudioFile(path)])


def count(blocks):
    return sum(len(block.samples) for block in blocks)


@pytest.mark.parametrize(
    ("name", "subtype", "rate", "channels"),
    [
        ("a.wav", "PCM_U8", 16_000, 1),
        ("a.wav", "PCM_16", 8_000, 2),
        ("a.wav", "PCM_24", 48_000, 2),
        ("a.wav", "PCM_32", 44_100, 1),
        ("a.wav", "FLOAT", 96_000, 1),
        ("a.wav", "DOUBLE", 11_025, 1),
        ("a.wav", "ULAW", 8_000, 1),
        ("a.flac", "PCM_16", 16_000, 8),
        ("a.flac", "PCM_24", 96_000, 1),
        ("a.ogg", "VORBIS", 44_100, 2),
        ("a.ogg", "OPUS", 48_000, 1),
        ("a.aiff", "PCM_16", 22_050, 1),
    ],
)
def test_any_format_rate_and_channel_count_is_heard(tmp_path, name, subtype, rate, channels):
    frames = np.repeat(sine(rate)[:, np.newaxis], channels, axis=1)
    soundfile.write(tmp_path / name, frames, rate, subtype=subtype)
    samples = heard(tmp_path / name)
    assert len(samples) == pytest.approx(16_000, abs=1)
    middle = slice(2_000, 14_000)
    np.testing.assert_allclose(samples[middle], sine()[middle], atol=0.05)


def test_it_tells_what_the_file_is(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros((22_050, 2)), 44_100)
    with AudioFile(tmp_path / "a.wav") as recording:
        assert (recording.sample_rate, recording.channels) == (44_100, 2)
        assert recording.duration == 0.5


def test_a_recording_comes_in_short_blocks(tmp_path):
    soundfile.write(tmp_path / "a.wav", sine(), 16_000)
    sizes = [len(block.samples) for block in AudioFile(tmp_path / "a.wav")]
    assert len(sizes) > 5
    assert max(sizes) <= 1_600


@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.au"])
def test_of_a_truncated_file_all_that_is_there_is_heard_before_the_error(tmp_path, name):
    path = tmp_path / name
    soundfile.write(path, sine(), 16_000, subtype="PCM_16")
    os.truncate(path, path.stat().st_size - 16_000)
    blocks = []
    with pytest.raises(AudioError, match=r"cut short or damaged after 0\.50 s"):
        blocks.extend(AudioFile(path))
    assert count(blocks) == pytest.approx(8_000, abs=1)


def test_of_a_truncated_flac_the_whole_blocks_are_heard_before_the_error(tmp_path):
    path = tmp_path / "a.flac"
    noise = np.random.default_rng(0).normal(0, 0.1, 32_000)
    soundfile.write(path, noise, 16_000)
    os.truncate(path, path.stat().st_size // 2)
    blocks = []
    with pytest.raises(AudioError, match="cut short or damaged"):
        blocks.extend(AudioFile(path))
    assert count(blocks) > 8_000


def test_a_wav_from_a_pipe_with_unknown_length_is_complete(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, sine(), 16_000, subtype="PCM_16")
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[4:8] = data[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert len(heard(path)) == 16_000


def test_nan_in_a_recording_is_an_error_behind_the_sound_before_it(tmp_path):
    samples = sine()
    samples[12_000] = np.nan
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    blocks = []
    with pytest.raises(AudioError, match=r"a\.wav: the sample at 0\.750 s is NaN"):
        blocks.extend(AudioFile(tmp_path / "a.wav"))
    assert count(blocks) == 12_000


def test_a_recording_without_samples_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(0), 16_000)
    with pytest.raises(AudioError, match="holds no samples"):
        AudioFile(tmp_path / "a.wav")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(AudioError, match="no such file"):
        AudioFile(tmp_path / "a.wav")


def test_a_directory_is_refused(tmp_path):
    with pytest.raises(AudioError, match="is a directory"):
        AudioFile(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no sound at all\n" * 100, b"RIFF\0\0\0\0WAVE"])
def test_what_is_no_audio_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(AudioError, match="is no audio that can be read") as caught:
        AudioFile(tmp_path / "a.wav")
    assert "\n" not in str(caught.value)


def test_a_raw_file_is_refused_with_the_way_to_hear_it(tmp_path):
    (tmp_path / "a.raw").write_bytes(bytes(1_000))
    with pytest.raises(AudioError, match=r"raw samples tell no rate.* --input - hears"):
        AudioFile(tmp_path / "a.raw")


def test_a_rate_that_cannot_be_converted_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(100), 100)
    with pytest.raises(InputError, match="100 Hz"):
        AudioFile(tmp_path / "a.wav")
