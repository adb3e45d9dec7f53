from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.sources.pcm import PcmDecoder


@pytest.mark.parametrize(
    ("width", "data"),
    [
        (1, b"\x80\x00\xc0"),
        (2, b"\0\0\x00\x80\x00\x40"),
        (3, b"\0\0\0\x00\x00\x80\x00\x00\x40"),
        (4, b"\0\0\0\0\x00\x00\x00\x80\x00\x00\x00\x40"),
    ],
)
def test_every_width_becomes_floats_in_full_scale(width, data):
    frames = PcmDecoder(width, channels=1).decode(data)
    assert frames.dtype == np.float32
    assert frames.tolist() == [[0.0], [-1.0], [0.5]]


def test_channels_lie_side_by_side():
    frames = PcmDecoder(2, channels=2).decode(np.array([0, 16_384, -32_768, 0], "<i2").tobytes())
    assert frames.tolist() == [[0.0, 0.5], [-1.0, 0.0]]


def test_half_a_frame_waits_for_its_rest():
    decoder = PcmDecoder(2, channels=2)
    assert decoder.decode(b"\0\0\0").shape == (0, 2)
    assert decoder.is_within_frame
    assert decoder.decode(b"\0").tolist() == [[0.0, 0.0]]
    assert not decoder.is_within_frame


@given(
    data=st.binary(max_size=200),
    width=st.integers(1, 4),
    channels=st.integers(1, 8),
    cuts=st.lists(st.integers(0, 200), max_size=8),
)
def test_bytes_may_be_cut_anywhere(data, width, channels, cuts):
    whole = PcmDecoder(width, channels).decode(data)
    assert whole.shape == (len(data) // (width * channels), channels)
    assert np.all(np.abs(whole) <= 1)
    decoder, bounds = PcmDecoder(width, channels), [0, *sorted(cuts), len(data)]
    parts = [decoder.decode(data[start:end]) for start, end in pairwise(bounds)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
