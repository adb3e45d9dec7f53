import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.synthetic_recordings import burst
from training.endpoints import word_extent


def recording(start: float, seconds: float, noise: float, total: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(0)
    sound = rng.normal(0, noise, round(total * 16_000))
    word = burst("one", seconds)
    first = round(start * 16_000)
    sound[first : first + len(word)] += word
    return np.clip(np.round(sound * 32767), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize("noise", [0.0, 0.001, 0.01])
@pytest.mark.parametrize(("start", "seconds"), [(0.3, 0.4), (0.05, 0.2), (0.55, 0.4)])
def test_a_burst_in_noise_is_found_with_a_little_room_around_it(start, seconds, noise):
    first, last = word_extent(recording(start, seconds, noise))
    assert -0.08 <= first / 16_000 - start <= 0.02
    assert -0.02 <= last / 16_000 - (start + seconds) <= 0.08


def test_a_click_beside_the_word_does_not_count():
    sound = recording(0.5, 0.3, 0.001)
    sound[1_600:1_616] = 1_500
    assert word_extent(sound)[0] > 6_000


@given(st.lists(st.integers(-32768, 32767), max_size=800))
@settings(max_examples=60, deadline=None)
def test_the_extent_lies_within_any_recording(values):
    samples = np.repeat(np.array(values, dtype=np.int16), 5)
    first, last = word_extent(samples)
    assert 0 <= first <= last <= len(samples)
    assert last > first or not len(samples)
