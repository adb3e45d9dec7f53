import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.decoding.stretches import Stretch, find_stretches


def sound(*sounding, level=0.3, noise=1e-3, seconds=1.0):
    """Return faint noise with louder noise at the given (start, end) times."""
    draw = np.random.default_rng(0)
    samples = draw.normal(0, noise, round(seconds * 16_000))
    for start, end in sounding:
        place = slice(round(start * 16_000), round(end * 16_000))
        samples[place] += draw.normal(0, level, len(samples[place]))
    return samples.astype(np.float32)


@given(st.floats(0.05, 0.4), st.floats(0.1, 0.5), st.sampled_from([0.01, 0.1, 0.9]))
def test_one_word_is_one_stretch_where_it_lies(start, length, level):
    (found,) = find_stretches(sound((start, start + length), level=level), 10.0)
    assert found.start == pytest.approx(10 + start, abs=0.025)
    assert found.end == pytest.approx(10 + start + length, abs=0.025)


def test_words_with_a_pause_between_are_two_stretches():
    first, second = find_stretches(sound((0.1, 0.3), (0.6, 0.8)), 0)
    assert first.end == pytest.approx(0.3, abs=0.025)
    assert second.start == pytest.approx(0.6, abs=0.025)


def test_the_closure_inside_a_word_does_not_part_it():
    assert len(find_stretches(sound((0.1, 0.3), (0.4, 0.45)), 0)) == 1


def test_a_click_is_no_stretch():
    assert find_stretches(sound((0.5, 0.505)), 0) == ()


@pytest.mark.parametrize("samples", [sound(), np.zeros(16_000, np.float32), sound(noise=0.3)])
def test_even_sound_has_no_stretches(samples):
    assert find_stretches(samples, 0) == ()


def test_a_constant_offset_is_no_sound():
    samples = sound((0.3, 0.6)) + np.float32(0.4)
    (found,) = find_stretches(samples, 0)
    assert found.length == pytest.approx(0.3, abs=0.05)


def test_a_word_at_the_edge_reaches_the_edge():
    (found,) = find_stretches(sound((0.7, 1.0)), 0)
    assert found.end == pytest.approx(1.0)


@pytest.mark.parametrize("samples", [0, 1, 159, 160, 500])
def test_hardly_any_samples_are_no_error(samples):
    find_stretches(np.ones(samples, np.float32), 0)


def test_overlap_is_the_shared_time():
    assert Stretch(1, 2).overlap(1.5, 3) == 0.5
    assert Stretch(1, 2).overlap(2, 3) == 0
