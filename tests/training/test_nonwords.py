import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.nonwords import fragment_bounds, join, piece_bounds


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(seed=st.integers(0, 10**6), first=st.integers(0, 50_000), length=st.integers(800, 16_000))
def test_fragments_are_the_first_or_the_last_part_of_a_word(seed, first, length):
    start, end = fragment_bounds((first, first + length), (0.2, 0.45), rng(seed))
    assert 0.19 * length <= end - start <= 0.46 * length
    assert start == first or end == first + length


@given(seed=st.integers(0, 10**6), length=st.integers(0, 60_000))
@settings(deadline=None)
def test_pieces_lie_within_the_recording_and_are_as_long_as_words(seed, length):
    samples = rng(seed).integers(-3_000, 3_000, length).astype(np.int16)
    first, last = piece_bounds(samples, rng(seed))
    assert 0 <= first <= last <= length
    if length > 16_000:
        assert 0.05 * 16_000 <= last - first <= 0.95 * 16_000


def test_pieces_are_cut_in_pauses_that_are_near():
    # Bursts of 80 ms with 20 ms of silence between them: every cut finds a pause.
    burst = np.concatenate([np.full(1_280, 8_000), np.zeros(320)]).astype(np.int16)
    samples = np.tile(burst, 40)
    for seed in range(20):
        for place in piece_bounds(samples, rng(seed)):
            assert samples[place] == 0


def test_joined_stretches_follow_each_other_without_a_pause():
    tone = np.sin(np.arange(4_000) * 0.2).astype(np.float32)
    joined = join(0.1 * tone, 0.5 * tone)
    assert len(joined) == 2 * 4_000 - 320
    assert np.abs(joined).reshape(-1, 64).max(axis=1).min() > 0.05
    first, second = np.std(joined[:3_000]), np.std(joined[-3_000:])
    assert second == pytest.approx(first, rel=0.05)


@given(level=st.floats(0.1, 10), loudness=st.floats(0, 1))
def test_joined_stretches_stay_within_full_scale(level, loudness):
    loud = np.full(1_000, loudness, dtype=np.float32)
    joined = join(loud, np.zeros(1_000, dtype=np.float32), level)
    assert np.isfinite(joined).all()
    assert np.abs(joined).max() <= 1
