from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.errors import AudioError, InputError
from recognizer.sources.conversion import Converter


def convert(frames, rate, sizes=(10_000,)):
    """Return the blocks that come out when frames go in, in pieces of these sizes."""
    converter = Converter(rate, "test")
    found, first = [], 0
    while first < len(frames):
        for size in sizes:
            found += converter.convert(frames[first : first + size])
            first += size
    return [*found, *converter.finish()]


def sine(rate, hz=440.0, seconds=0.5, channels=1):
    wave = 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave.astype(np.float32)[:, np.newaxis], channels, axis=1)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 8])
def test_every_rate_and_channel_count_gives_the_same_sound_at_the_same_time(rate, channels):
    samples = np.concatenate([b.samples for b in convert(sine(rate, channels=channels), rate)])
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(8_000, abs=1)
    middle = slice(1_000, 7_000)
    np.testing.assert_allclose(samples[middle], sine(16_000)[middle, 0], atol=0.01)


def test_channels_are_averaged():
    frames = np.array([[0.2, 0.4], [-0.2, 0.2]], dtype=np.float32)
    (block,) = convert(frames, 16_000)
    np.testing.assert_allclose(block.samples, [0.3, 0.0], atol=1e-7)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([8_000, 16_000, 44_100]),
    st.lists(st.integers(1, 5_000), min_size=1, max_size=5),
)
def test_the_sizes_of_pieces_change_nothing(rate, sizes):
    frames = np.random.default_rng(0).normal(0, 0.1, (9_000, 1)).astype(np.float32)
    whole = np.concatenate([b.samples for b in convert(frames, rate)])
    pieces = np.concatenate([b.samples for b in convert(frames, rate, sizes)])
    np.testing.assert_array_equal(pieces, whole)


def test_each_block_starts_where_the_one_before_ended():
    blocks = convert(sine(44_100), 44_100, sizes=(441,))
    assert blocks[0].start == 0
    for before, after in pairwise(blocks):
        assert after.start == pytest.approx(before.end)


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("loud", [20_000.0, -33.0, 1e38])
@pytest.mark.filterwarnings("error")
def test_what_is_far_beyond_full_scale_is_no_sound(rate, loud):
    frames = np.zeros((rate, 2), np.float32)
    frames[rate // 2] = loud
    blocks = []
    with pytest.raises(
        AudioError, match=r"the sample at 0\.500 s is .*, expected -1\.\.1, as 16-bit"
    ):
        blocks.extend(Converter(rate, "test").convert(frames))
    assert sum(len(block.samples) for block in blocks) == pytest.approx(8_000, abs=1)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_a_sample_that_is_no_number_ends_the_stream_behind_the_sound_before_it(bad, rate):
    frames = sine(rate, channels=2)
    frames[rate // 4, 1] = bad
    heard = []
    with pytest.raises(AudioError, match=r"test: the sample at 0\.250 s is NaN or infinite"):
        heard.extend(Converter(rate, "test").convert(frames))
    assert sum(len(block.samples) for block in heard) == 4_000


@pytest.mark.parametrize("rate", [-1, 0, 999, 384_001])
def test_a_rate_out_of_range_is_refused(rate):
    with pytest.raises(InputError, match=f"{rate} Hz cannot be used, expected 1000 to 384000 Hz"):
        Converter(rate, "test")
