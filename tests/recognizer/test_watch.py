"""What a listener tells its monitor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer import Block, Listener
from recognizer.snapshot import SILENCE_LEVEL
from tests.recognizer.conftest import tone
from tests.tone_words import blocks, spoken


def watch(recognizer, source, **options):
    """Return the snapshots and the detections."""
    snapshots = []
    detections = list(Listener(recognizer, source, monitor=snapshots.append, **options))
    return snapshots, detections


@pytest.mark.parametrize("hop", [0.1, 0.05, 0.3])
@pytest.mark.parametrize("vad", [None, 3])
def test_there_is_a_snapshot_for_each_hop_even_while_the_gate_is_closed(tones, vad, hop):
    silence = np.zeros(36_000, np.float32)
    snapshots, _ = watch(tones, blocks(silence, [1234]), vad=vad, hop=hop)
    assert len(snapshots) == int(2.25 / hop)
    times = [snapshot.time for snapshot in snapshots]
    assert times == pytest.approx([(index + 1) * hop for index in range(len(times))])
    assert {snapshot.is_open for snapshot in snapshots} == {vad is None}


def test_times_count_from_where_the_stream_starts(tones):
    snapshots, _ = watch(tones, [Block(np.zeros(3200, np.float32), 12.5)])
    assert [snapshot.time for snapshot in snapshots] == pytest.approx([12.6, 12.7])


def test_probabilities_are_those_of_the_window_that_ends_there(tones):
    samples = spoken("low", "high")
    # One block for all: what comes later must not be seen earlier.
    snapshots, _ = watch(tones, blocks(samples, [len(samples)]), vad=None)
    for snapshot in snapshots:
        end = round(snapshot.time * 16_000)
        if end < 16_000:
            assert snapshot.probabilities is None
        else:
            expected = tones.classify_window(samples[end - 16_000 : end]).probabilities
            assert snapshot.probabilities == pytest.approx(tuple(expected), abs=1e-6)


def test_while_the_gate_is_closed_there_are_no_probabilities(tones):
    samples = np.concatenate([spoken("low"), np.zeros(32_000, np.float32), spoken("high")])
    snapshots, _ = watch(tones, blocks(samples), vad=1)
    gate = [snapshot.is_open for snapshot in snapshots if snapshot.time >= 1]
    assert {True, False} <= set(gate)
    assert gate == [bool(snapshot.probabilities) for snapshot in snapshots if snapshot.time >= 1]


def test_the_level_is_that_of_the_last_hop_in_dbfs(tones):
    samples = np.concatenate([2 * tone("low", 0.1), tone("low", 0.1), np.zeros(1600, np.float32)])
    snapshots, _ = watch(tones, blocks(samples), vad=None)
    levels = [snapshot.level for snapshot in snapshots]
    assert levels == pytest.approx([-3.01, -9.03, SILENCE_LEVEL], abs=0.01)


def test_a_snapshot_follows_the_detections_of_its_hop(tones):
    snapshots = []
    listener = Listener(tones, blocks(spoken("low")), vad=None, monitor=snapshots.append)
    ((detection, told_before),) = [(detection, snapshots[-1].time) for detection in listener]
    assert told_before == pytest.approx(detection.time - 0.1)
    assert snapshots[-1].time > detection.time


@settings(max_examples=15, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 20_000), min_size=1, max_size=5), vad=st.sampled_from([None, 1])
)
def test_watching_and_the_sizes_of_blocks_change_nothing(tones, sizes, vad):
    samples = spoken("low", "high")[:40_000]
    expected, _ = watch(tones, blocks(samples, [40_000]), vad=vad)
    snapshots, detections = watch(tones, blocks(samples, sizes), vad=vad)
    assert detections == list(Listener(tones, blocks(samples), vad=vad))
    assert len(snapshots) == len(expected)
    for one, other in zip(snapshots, expected, strict=True):
        assert (one.is_open, one.probabilities) == (other.is_open, other.probabilities)
        assert (one.time, one.level) == pytest.approx((other.time, other.level))
