"""How many streams fit is found with a clock that tells what the test says."""

import pytest

from benchmarks.rows import streams
from benchmarks.sound import continuous_speech
from recognizer import Recognizer


@pytest.mark.parametrize("capacity", [1, 7, 60, 151, 400])
def test_the_most_streams_that_fit_into_a_hop_are_found(monkeypatch, capacity):
    monkeypatch.setattr(streams, "_hop_seconds", lambda *args: 0.1 * args[2] / capacity)
    found, tried = streams._most(None, None, 10)
    assert 0.95 * capacity - 1 <= found <= capacity
    assert len(tried) < 10


def test_streams_hear_speech_out_of_step_and_work_takes_time():
    speech = continuous_speech(5).samples
    firsts = [len(next(streams._sound(speech, place, 4)).samples) for place in range(4)]
    assert firsts == [1, 401, 801, 1_201]
    with Recognizer("edge", "cpu") as recognizer:
        assert streams._hop_seconds(recognizer, speech, 2, 5) > 0
