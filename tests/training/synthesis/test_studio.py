import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from training.recordings.audio_store import UnusableRecordingError
from training.synthesis.engine import EngineError, Manner
from training.synthesis.studio import record, record_takes, with_silence
from training.synthesis.takes import Take, plan_takes


def test_a_take_is_a_16_khz_mono_flac_with_silence_around_the_word(make_voice, manner, tmp_path):
    path = tmp_path / "six" / "take.flac"
    record(Take("six", 0, make_voice(), manner), path)
    info = soundfile.info(path)
    assert (info.format, info.subtype, info.samplerate, info.channels) == (
        "FLAC",
        "PCM_16",
        16000,
        1,
    )
    assert info.duration == pytest.approx(11_000 / 22_050 + 0.1 + 0.3, abs=0.01)
    samples, _ = soundfile.read(path)
    assert np.abs(samples[:1500]).max() < 0.01
    assert np.abs(samples[-4700:]).max() < 0.01
    assert np.abs(samples[1700:-4900]).mean() > 0.2


@pytest.mark.parametrize(
    ("voice", "error"), [("mute", UnusableRecordingError), ("hoarse", EngineError)]
)
def test_a_take_that_fails_leaves_no_file(make_voice, manner, tmp_path, voice, error):
    with pytest.raises(error, match=r"silent|lost my voice"):
        record(Take("six", 0, make_voice(voice), manner), tmp_path / "six" / "take.flac")
    assert list((tmp_path / "six").iterdir()) == []


def test_takes_that_fail_are_told_and_the_others_are_made(make_voice, tmp_path):
    voices = [make_voice("clear"), make_voice("mute")]
    takes = plan_takes({"six": 6}, voices, 1)
    seen = []
    problems = record_takes(takes, tmp_path, lambda items, _title: map(seen.append, items))
    mute = {tmp_path / take.path for take in takes if take.voice.key == "mute"}
    assert 0 < len(mute) < 6
    assert {(problem.path, problem.reason) for problem in problems} == {
        (path, "silent") for path in mute
    }
    made = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert made == {tmp_path / take.path for take in takes} - mute
    assert seen == takes


@given(
    quiet=st.tuples(st.integers(0, 6000), st.integers(0, 6000)),
    length=st.integers(1, 3000),
    silence=st.tuples(st.floats(0.1, 0.3), st.floats(0.1, 0.3)),
)
def test_the_word_is_kept_whole_and_gets_the_silence_asked_for(quiet, length, silence):
    word = np.full(length, 9000, dtype=np.int16)
    before, after = silence
    given_silence = with_silence(np.pad(word, quiet), Manner(0.0, 0.0, 0.0, before, after))
    expected = np.pad(word, (round(before * 16_000), round(after * 16_000)))
    assert given_silence.dtype == np.int16
    assert np.array_equal(given_silence, expected)


def test_a_weak_beginning_is_not_cut_off(manner):
    samples = np.concatenate([np.full(1000, 20), np.full(1000, 9000)]).astype(np.int16)
    result = with_silence(samples, manner)
    assert np.array_equal(result[600:1600], samples[:1000])
    assert not result[:600].any()
