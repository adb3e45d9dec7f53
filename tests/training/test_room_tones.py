import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.room_tones import loop, room_tone


def hiss(length: int) -> np.ndarray:
    return np.random.default_rng(0).integers(-50, 50, length).astype(np.int16)


def test_the_tone_is_the_longer_pause_beside_the_word():
    samples = hiss(16_000)
    assert np.array_equal(room_tone(samples, (9_000, 14_000)), samples[:8_200])
    assert np.array_equal(room_tone(samples, (2_000, 6_000)), samples[6_800:])


def test_words_without_a_pause_and_digital_silence_have_no_tone():
    assert room_tone(hiss(8_000), (1_000, 7_500)) is None
    assert room_tone(np.zeros(16_000, dtype=np.int16), (6_000, 9_000)) is None


@given(st.integers(1, 20_000), st.integers(1, 30_000))
def test_loops_fill_any_length_without_clicks(tone, length):
    ramp = np.arange(tone, dtype=np.int16)
    looped = loop(ramp, length)
    assert looped.shape == (length,)
    assert np.abs(np.diff(looped)).max(initial=0) <= 1.1 / 32768
