from threading import Timer

import numpy as np
import pytest

from recognizer.sources.capture_queue import CaptureQueue


def block(value=0.0):
    return np.full((320, 2), value, dtype=np.float32)


def test_blocks_come_out_in_order_until_the_end():
    queue = CaptureQueue("mic", 10)
    for value in (1, 2, 3):
        queue.put(block(value), overflowed=False)
    queue.end()
    assert [frames[0, 0] for frames in queue.frames(1)] == [1, 2, 3]
    assert queue.lost == 0


def test_a_block_is_copied_because_the_audio_system_reuses_it():
    queue, frames = CaptureQueue("mic", 10), block(1)
    queue.put(frames, overflowed=False)
    frames[:] = 2
    queue.end()
    assert next(queue.frames(1))[0, 0] == 1


def test_a_full_queue_loses_new_blocks_and_says_so(caplog):
    queue = CaptureQueue("mic", 2)
    for value in (1, 2, 3, 4, 5):
        queue.put(block(value), overflowed=False)
    queue.end()
    assert [frames[0, 0] for frames in queue.frames(1)] == [1, 2]
    assert queue.lost == 3
    assert "mic: sound was lost 3 times" in caplog.text


def test_sound_that_the_audio_system_lost_is_reported_too(caplog):
    queue = CaptureQueue("mic", 10)
    queue.put(block(), overflowed=True)
    queue.end()
    list(queue.frames(1))
    assert "mic: sound was lost 1 times" in caplog.text


def test_warnings_do_not_flood_the_log(caplog):
    queue = CaptureQueue("mic", 2_000)
    reader = queue.frames(1)
    for _ in range(1_000):
        queue.put(block(), overflowed=True)
        next(reader)
    assert 3 < len(caplog.records) < 15


def test_no_block_for_too_long_is_a_timeout():
    with pytest.raises(TimeoutError):
        next(CaptureQueue("mic", 10).frames(0.01))


def test_it_waits_for_a_block_that_comes_in_time():
    queue = CaptureQueue("mic", 10)
    Timer(0.05, queue.put, [block(1)], {"overflowed": False}).start()
    assert next(queue.frames(5))[0, 0] == 1
