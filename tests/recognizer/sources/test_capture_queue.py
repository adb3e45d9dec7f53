from threading import Timer

import numpy as np
import pytest

from recognizer.sources.capture_queue import CaptureQueue


def block(value=0.0):
    return np.full((320, 2), value, dtype=np.float32)


def values(queue):
    return [capture.frames[0, 0] for capture in queue.captures(1)]


def test_blocks_come_out_in_order_until_the_end():
    queue = CaptureQueue("mic", 10)
    for value in (1, 2, 3):
        queue.put(block(value), overflowed=False)
    queue.end()
    assert values(queue) == [1, 2, 3]
    assert queue.lost == 0


def test_a_full_queue_loses_new_blocks_and_says_so(caplog):
    queue = CaptureQueue("mic", 2)
    for value in (1, 2, 3, 4, 5):
        queue.put(block(value), overflowed=False)
    queue.end()
    assert values(queue) == [1, 2]
    assert queue.lost == 3
    assert "mic: sound was lost 3 times" in caplog.text


def test_sound_that_the_audio_system_lost_is_reported_too(caplog):
    queue = CaptureQueue("mic", 10)
    queue.put(block(), overflowed=True)
    queue.end()
    values(queue)
    assert "mic: sound was lost 1 times" in caplog.text


def test_warnings_do_not_flood_the_log(caplog):
    queue = CaptureQueue("mic", 2_000)
    reader = queue.captures(1)
    for _ in range(1_000):
        queue.put(block(), overflowed=True)
        next(reader)
    assert 3 < len(caplog.records) < 15


def test_no_block_for_too_long_is_a_timeout():
    with pytest.raises(TimeoutError):
        next(CaptureQueue("mic", 10).captures(0.01))


def test_it_waits_for_a_block_that_comes_in_time():
    queue = CaptureQueue("mic", 10)
    Timer(0.05, queue.put, [block(1)], {"overflowed": False}).start()
    assert next(queue.captures(5)).frames[0, 0] == 1


def test_a_block_knows_when_it_arrived():
    queue = CaptureQueue("mic", 10, clock=iter([1.5, 1.75]).__next__)
    queue.put(block(), overflowed=False)
    queue.put(block(), overflowed=False)
    queue.end()
    assert [capture.arrived for capture in queue.captures(1)] == [1.5, 1.75]


def test_the_first_block_and_those_after_a_loss_begin_a_stretch():
    queue = CaptureQueue("mic", 10)
    for overflowed in (False, False, True, False):
        queue.put(block(), overflowed=overflowed)
    queue.end()
    assert [capture.begins for capture in queue.captures(1)] == [True, False, True, False]


def test_once_full_it_loses_one_long_stretch_until_half_of_it_is_free():
    queue = CaptureQueue("mic", 4)
    reader = queue.captures(1)
    for value in range(4):
        queue.put(block(value), overflowed=False)
    heard = []
    for value in range(4, 10):
        queue.put(block(value), overflowed=False)
        heard.append(next(reader))
    queue.end()
    heard += list(reader)
    begins = {int(capture.frames[0, 0]): capture.begins for capture in heard}
    assert begins == {0: True, 1: False, 2: False, 3: False, 6: True, 7: False, 8: False, 9: False}
    assert queue.lost == 2


def test_it_knows_whether_sound_ever_came_and_whether_it_has_ended():
    queue = CaptureQueue("mic", 1)
    assert (queue.has_sound, queue.has_ended) == (False, False)
    queue.put(block(), overflowed=False)
    assert (queue.has_sound, queue.has_ended) == (True, False)
    queue.end()
    assert (queue.has_sound, queue.has_ended) == (True, True)
