import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.decoding.frame_track import Track, levels
from recognizer.windows import Window

FRAMES = 51
STEP = 0.02


def frames(start):
    """Return frames that tell their own time, from a window that starts at a multiple of 20 ms."""
    return (start + np.arange(FRAMES) * STEP)[:, np.newaxis].astype(np.float32)


def follow(track, starts):
    pieces = [track.process(start, start + 1, frames(start)) for start in starts]
    return np.concatenate([piece.times for piece in pieces]), pieces


@given(hop=st.sampled_from([0.02, 0.1, 0.3]), look_ahead=st.sampled_from([0.0, 0.1, 0.2, 0.34]))
def test_every_moment_is_taken_once_from_a_window_that_heard_enough_behind_it(hop, look_ahead):
    starts = [round(k * hop, 4) for k in range(6)]
    track = Track(look_ahead)
    times, pieces = follow(track, starts)
    assert times == pytest.approx(np.arange(len(times)) * STEP, abs=1e-6)
    assert times[-1] <= starts[-1] + 1 - look_ahead + STEP / 2 + 1e-6
    for piece in pieces:
        assert piece.values.ravel() == pytest.approx(piece.times, abs=1e-5)


@given(hop=st.floats(0.01, 0.5))
def test_other_hops_neither_repeat_nor_crowd_frames(hop):
    times, _ = follow(Track(0.2), [k * hop for k in range(8)])
    assert np.diff(times).min() >= STEP / 2 - 1e-9
    assert np.diff(times).max() <= 1.5 * STEP + 1e-9


def test_what_is_left_of_the_last_window_comes_at_the_end_and_once():
    track = Track(0.2)
    follow(track, [0.0, 0.1])
    assert track.finish().times == pytest.approx(np.arange(46, 56) * STEP)
    assert not len(track.finish().times)
    assert track.process(0.2, 1.2, frames(0.2)).times == pytest.approx([])


def test_behind_a_gap_a_track_goes_on_with_the_first_frame_that_is_new():
    track = Track(0.2)
    follow(track, [0.0])
    track.finish()
    assert track.process(0.5, 1.5, frames(0.5)).times[0] == pytest.approx(1.02)
    assert track.process(7.0, 8.0, frames(7.0)).times[0] == pytest.approx(7.0)


class WholeWindows:
    """The track as NumPy tells it, from all entries of every window."""

    def __init__(self, look_ahead):
        self.look_ahead, self.until, self.latest = look_ahead, -np.inf, None

    def process(self, start, end, values):
        self.latest = start, end, values
        return self.new(end - self.look_ahead)

    def finish(self):
        return self.new(np.inf)

    def new(self, until):
        start, end, values = self.latest
        times = np.linspace(start, end, len(values))
        step = (end - start) / max(len(values) - 1, 1)
        new = (times > self.until + step / 2) & (times <= until + step / 2)
        if new.any():
            self.until = times[new][-1]
        return times[new], values[new]


@given(
    steps=st.lists(st.floats(0.001, 2.5), min_size=1, max_size=12),
    look_ahead=st.sampled_from([0.0, 0.1, 0.34]),
    entries=st.sampled_from([1, 2, 12, 51, 101]),
    length=st.sampled_from([0.11, 1.0]),
    ends=st.sets(st.integers(0, 11)),
)
def test_only_new_entries_are_looked_at_and_nothing_else_changes(
    steps, look_ahead, entries, length, ends
):
    track, expected = Track(look_ahead), WholeWindows(look_ahead)
    for number, start in enumerate(np.cumsum(steps).tolist()):
        values = np.arange(entries, dtype=np.float32) + number
        window = start, start + length, values
        pairs = [(track.process(*window), expected.process(*window))]
        if number in ends:
            pairs.append((track.finish(), expected.finish()))
        for piece, (times, rows) in pairs:
            assert piece.times.tolist() == times.tolist()
            assert piece.values.ravel().tolist() == rows.tolist()


def test_without_any_window_there_is_nothing_to_finish():
    assert not len(Track().finish().times)


def test_levels_are_in_decibels_of_full_scale_and_take_no_notice_of_an_offset():
    samples = np.full(16_000, 0.3, np.float32)
    samples[8_000:] += np.sin(np.arange(8_000) / 2).astype(np.float32)
    found = levels(Window(samples, 0.0), FRAMES)
    assert found.shape == (FRAMES,)
    assert found[:24].max() < -80
    assert found[26:] == pytest.approx(-3, abs=0.5)
