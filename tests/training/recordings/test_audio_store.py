import warnings

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.synthetic_recordings import burst, hiss, write_audio
from training.recordings.audio_store import (
    UnusableRecordingError,
    duration,
    load_audio,
    read_recording,
)


def frequency(samples: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(samples)).argmax() * 16_000 / len(samples))


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_recordings_come_as_16_bit_mono(tmp_path, suffix):
    path = write_audio(tmp_path / f"a{suffix}", burst("one"))
    samples = read_recording(path)
    assert samples.dtype == np.int16
    assert np.abs(samples / 32767 - burst("one")).max() < 1e-4


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 48_000, 96_000])
def test_any_rate_is_resampled_to_16_khz(tmp_path, rate):
    path = write_audio(tmp_path / "a.wav", burst("two", 0.5, rate), rate)
    samples = read_recording(path)
    assert len(samples) == pytest.approx(8_000, abs=2)
    assert frequency(samples) == pytest.approx(1000, abs=4)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "FLOAT", "ULAW"])
def test_any_sample_format_is_read(tmp_path, subtype):
    path = write_audio(tmp_path / "a.wav", burst("one"), subtype=subtype)
    assert frequency(read_recording(path)) == pytest.approx(600, abs=4)


def test_channels_are_averaged(tmp_path):
    stereo = np.stack([burst("one"), np.zeros_like(burst("one"))], axis=1)
    samples = read_recording(write_audio(tmp_path / "a.wav", stereo))
    assert np.abs(samples / 32767 - burst("one") / 2).max() < 1e-4


def test_what_is_louder_than_full_scale_is_clipped(tmp_path):
    path = write_audio(tmp_path / "a.wav", burst("one") * 10, subtype="FLOAT")
    samples = read_recording(path)
    assert (samples.min(), samples.max()) == (-32768, 32767)


def unusable(folder):
    quiet = np.zeros(1600, dtype=np.float32)
    broken = np.full(1600, np.nan, dtype=np.float32)
    (folder / "text.wav").write_text("this is no sound\n" * 20)
    (folder / "nothing.wav").write_bytes(b"")
    (folder / "folder.wav").mkdir()
    write_audio(folder / "silent.wav", quiet)
    write_audio(folder / "nan.wav", broken, subtype="FLOAT")
    write_audio(folder / "infinite.wav", broken * 0 + np.inf, subtype="FLOAT")
    write_audio(folder / "no_samples.wav", quiet[:0])
    write_audio(folder / "one_sample.wav", quiet[:1] + 0.5, 48_000)
    write_audio(folder / "slow.wav", burst("one"), 100)
    return {
        "text.wav": "unreadable",
        "nothing.wav": "unreadable",
        "folder.wav": "unreadable",
        "silent.wav": "silent",
        "nan.wav": "not numbers",
        "infinite.wav": "not numbers",
        "no_samples.wav": "empty: 0 samples",
        "one_sample.wav": "empty: 1 samples",
        "slow.wav": "sample rate of 100 Hz",
        "missing.wav": "unreadable",
    }


def test_unusable_recordings_are_listed_with_a_reason_and_the_others_read(tmp_path):
    reasons = unusable(tmp_path)
    good = write_audio(tmp_path / "good.wav", burst("one"))
    with warnings.catch_warnings(action="ignore"):
        store = load_audio([good, good, *(tmp_path / name for name in reasons)])
    assert list(store.samples) == [good]
    assert {problem.path.name for problem in store.problems} == set(reasons)
    for problem in store.problems:
        assert reasons[problem.path.name] in problem.reason
        assert "\n" not in problem.reason


@given(keep=st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_a_truncated_recording_gives_its_beginning_or_a_reason(tmp_path_factory, keep):
    path = tmp_path_factory.mktemp("cut") / "a.wav"
    soundfile.write(path, burst("one"), 16_000)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    try:
        samples = read_recording(path)
    except UnusableRecordingError:
        return
    assert np.abs(samples / 32767 - burst("one")[: len(samples)]).max() < 1e-3


def test_progress_is_shown_over_all_recordings(tmp_path):
    shown = []
    paths = [write_audio(tmp_path / f"{n}.wav", burst("one")) for n in range(3)]

    def progress(items, title):
        shown.append((len(items), title))
        return items

    load_audio(paths, progress)
    assert shown == [(3, "reading recordings")]


def test_duration_of_a_file_and_of_none(tmp_path):
    assert duration(write_audio(tmp_path / "a.wav", hiss(1.5))) == pytest.approx(1.5)
    assert duration(tmp_path / "none.wav") == 0.0
