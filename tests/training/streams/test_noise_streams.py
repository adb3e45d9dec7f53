import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.synthetic_recordings import hiss
from training.streams.noise_streams import varied_noise
from training.streams.scene import Scene

RECORDINGS = [
    Scene(f"{n}.wav", "noise", np.round(hiss(1.0, n) * 32_767).astype(np.int16)) for n in range(3)
]


@settings(max_examples=20)
@given(seconds=st.floats(0.1, 20), seed=st.integers(0, 100))
def test_scenes_last_as_long_as_wanted_and_are_repeatable(seconds, seed):
    scenes = list(varied_noise(RECORDINGS, seconds, seed, "streams"))
    lasting = sum(scene.seconds for scene in scenes)
    assert seconds <= lasting + 1e-9 < seconds + 1.5
    again = list(varied_noise(RECORDINGS, seconds, seed, "streams"))
    assert [s.samples.tobytes() for s in scenes] == [s.samples.tobytes() for s in again]


def test_levels_differ_and_nothing_is_clipped():
    peaks = [np.abs(s.samples.astype(int)).max() for s in varied_noise(RECORDINGS, 60, 0, "s")]
    decibels = 20 * np.log10(np.array(peaks) / 32_768)
    assert -41 < decibels.min() < -30
    assert -10 < decibels.max() < -2


def test_silence_and_enough_recordings_are_no_problem():
    silent = [Scene("a.wav", "noise", np.zeros(16_000, np.int16))]
    assert not any(scene.samples.any() for scene in varied_noise(silent, 2, 0, "s"))
    assert list(varied_noise(RECORDINGS, -3, 0, "s")) == []
