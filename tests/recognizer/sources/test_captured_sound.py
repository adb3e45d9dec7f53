import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.errors import AudioError, InputError
from recognizer.sources.capture_queue import Capture
from recognizer.sources.captured_sound import CapturedSound
from recognizer.sources.stream_clock import StreamClock


def convert(rate, *captures):
    sound = CapturedSound(rate, "mic", StreamClock())
    blocks = [block for capture in captures for block in sound.convert(capture)]
    return [*blocks, *sound.finish()]


def capture(value, seconds, arrived, rate, *, begins=False):
    return Capture(np.full((round(seconds * rate), 2), value, np.float32), arrived, begins)


@given(rate=st.sampled_from([8_000, 16_000, 44_100, 48_000]), gap=st.floats(0.1, 1e6))
def test_no_sample_is_made_of_both_sides_of_a_loss(rate, gap):
    blocks = convert(
        rate,
        capture(0.5, 0.4, 100, rate, begins=True),
        capture(-0.5, 0.3, 100.3 + gap, rate, begins=True),
    )
    before = [block for block in blocks if block.start < 0.4]
    behind = [block for block in blocks if block.start >= 0.4]
    heard = np.concatenate([block.samples for block in before])
    assert len(heard) == pytest.approx(0.4 * 16_000, abs=1)
    assert heard.min() > -0.1
    assert behind[0].start == pytest.approx(0.4 + gap)
    heard = np.concatenate([block.samples for block in behind])
    assert len(heard) == pytest.approx(0.3 * 16_000, abs=1)
    assert heard.max() < 0.1


def test_without_a_loss_the_pieces_are_one_stream():
    pieces = [capture(0.5, 0.03, 1 + n * 0.03, 44_100, begins=n == 0) for n in range(20)]
    blocks = convert(44_100, *pieces)
    starts = [block.start for block in blocks]
    assert starts == pytest.approx([0, *(block.end for block in blocks[:-1])])
    assert blocks[-1].end == pytest.approx(0.6, abs=1e-4)


def test_a_sample_that_is_no_number_is_an_error_behind_what_was_heard():
    frames = np.zeros((480, 1), np.float32)
    frames[100] = np.nan
    sound = CapturedSound(16_000, "mic", StreamClock())
    blocks = sound.convert(Capture(frames, 1.0, begins=True))
    assert len(next(blocks).samples) == 100
    with pytest.raises(AudioError, match="mic"):
        list(blocks)


def test_a_rate_that_cannot_be_converted_is_refused():
    with pytest.raises(InputError, match="500 Hz"):
        CapturedSound(500, "mic", StreamClock())
