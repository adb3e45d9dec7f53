import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.sources.capture_queue import Capture
from recognizer.sources.stream_clock import LEAST_GAP, StreamClock

RATE = 48_000


def capture(seconds, arrived, *, begins=False):
    frames = np.zeros((round(seconds * RATE), 1), np.float32)
    return Capture(frames, arrived, begins=begins)


def test_stream_time_starts_at_zero_whatever_the_clock_says():
    clock = StreamClock(lambda: 1000.0)
    assert clock.now() == 0
    assert clock.place(capture(0.5, 1000, begins=True), RATE) == 0


def test_samples_are_counted_however_they_arrive():
    clock = StreamClock()
    starts = [
        clock.place(capture(0.1, arrived, begins=arrived == 50), RATE)
        for arrived in (50, 50.3, 50.31, 50.32)
    ]
    assert starts == pytest.approx([0, 0.1, 0.2, 0.3])


def test_where_sound_was_lost_stream_time_goes_on_as_the_clock_did():
    clock = StreamClock()
    clock.place(capture(0.5, 50, begins=True), RATE)
    assert clock.place(capture(0.5, 57, begins=True), RATE) == pytest.approx(0.5 + 6.5)


def test_lost_sound_takes_time_even_if_what_follows_arrives_at_once():
    clock = StreamClock()
    clock.place(capture(0.5, 50, begins=True), RATE)
    assert clock.place(capture(0.5, 50.01, begins=True), RATE) == pytest.approx(0.5 + LEAST_GAP)


def test_during_an_outage_stream_time_goes_on():
    times = iter([50.01, 53.0])
    clock = StreamClock(lambda: next(times))
    clock.place(capture(0.5, 50, begins=True), RATE)
    assert clock.now() == pytest.approx(0.5 + LEAST_GAP)
    assert clock.now() == pytest.approx(3.5)


@given(
    st.lists(
        st.tuples(st.floats(0.001, 0.5), st.floats(0, 5), st.booleans()), min_size=1, max_size=20
    )
)
def test_blocks_never_overlap_and_losses_are_always_gaps(pieces):
    clock, now, end = StreamClock(), 0.0, None
    for seconds, wait, begins in pieces:
        now += wait
        piece = capture(seconds, now, begins=begins or end is None)
        is_seam = clock.follows_loss(piece, RATE)
        start = clock.place(piece, RATE)
        if end is not None:
            assert start >= end + LEAST_GAP - 1e-6 if is_seam else start == pytest.approx(end)
        end = start + len(piece.frames) / RATE
