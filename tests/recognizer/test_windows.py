import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.audio import Block
from recognizer.gate import GatedBlock
from recognizer.windows import Windows
from tests.tone_words import blocks


def ramp(samples):
    """Return samples whose values are their own places in the stream."""
    return np.arange(samples, dtype=np.float32)


def cut(samples, sizes=(1_600,), hop=0.1, is_open=lambda _: True):
    windows = Windows(hop)
    gated = (GatedBlock(block, is_open(block)) for block in blocks(samples, sizes))
    return [w for g in gated for w in windows.process(g)] + [*windows.finish()]


def test_each_window_is_the_second_before_its_end_every_hop():
    windows = cut(ramp(19_200))
    assert [window.start for window in windows] == pytest.approx([0, 0.1, 0.2])
    for window in windows:
        first = round(window.start * 16_000)
        np.testing.assert_array_equal(window.samples, ramp(19_200)[first : first + 16_000])
        assert window.samples.shape == (16_000,)
        assert window.end == pytest.approx(window.start + 1)


@pytest.mark.parametrize("samples", [0, 1, 15_999])
def test_less_than_a_second_gives_no_window(samples):
    assert cut(ramp(samples)) == []


def test_the_last_window_ends_with_the_stream():
    windows = cut(ramp(18_000))
    assert [window.samples[-1] for window in windows] == [15_999, 17_599, 17_999]


def test_a_stream_that_ends_with_a_window_gets_no_second_one():
    assert len(cut(ramp(17_600))) == 2


def test_no_window_ends_while_the_gate_is_closed_but_later_ones_hear_back_into_that_time():
    windows = cut(ramp(48_000), is_open=lambda block: 1.55 < block.start < 1.85)
    assert [round(window.end, 6) for window in windows] == [1.7, 1.8, 1.9]
    assert [window.samples[0] for window in windows] == [11_200, 12_800, 14_400]


def test_stream_time_starts_where_the_first_block_starts():
    windows = Windows()
    (window,) = windows.process(GatedBlock(Block(ramp(16_000), 7.5), is_open=True))
    assert (window.start, window.end) == (7.5, 8.5)


@given(
    st.integers(0, 60_000),
    st.lists(st.integers(1, 20_000), min_size=1, max_size=8),
    st.sampled_from([0.01, 0.1, 0.13, 0.5, 1.0]),
)
def test_the_sizes_of_blocks_change_nothing(samples, sizes, hop):
    whole, pieces = cut(ramp(samples), (60_000,), hop), cut(ramp(samples), sizes, hop)
    assert [window.start for window in pieces] == [window.start for window in whole]
    for one, other in zip(pieces, whole, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)


def test_windows_keep_their_samples_when_the_stream_goes_on():
    first, *_ = windows = cut(ramp(80_000))
    assert len(windows) == 41
    assert first.samples[-1] == 15_999
