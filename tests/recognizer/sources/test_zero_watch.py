import numpy as np

from recognizer.audio import Block
from recognizer.sources.zero_watch import ZeroWatch

SECOND = np.zeros(16_000, np.float32)


def hear_zeros(watch, seconds):
    """Return after which seconds it was time to open the device anew."""
    return [second + 1 for second in range(seconds) if watch.hear(Block(SECOND, float(second)))]


def test_zeros_are_told_after_a_while_and_the_device_is_opened_anew_ever_more_seldom():
    watch = ZeroWatch(10)
    assert hear_zeros(watch, 9) == []
    assert not watch.is_silent
    assert hear_zeros(watch, 1) == [1]
    assert watch.is_silent
    assert hear_zeros(watch, 200) == [20, 60, 120, 180]


def test_the_faintest_sound_ends_a_silence():
    watch = ZeroWatch(10)
    hear_zeros(watch, 15)
    sound = SECOND.copy()
    sound[-1] = 1 / 32_768
    assert not watch.hear(Block(sound, 15.0))
    assert (watch.is_silent, watch.silence) == (False, 0)
    assert hear_zeros(watch, 10) == [10]


def test_empty_blocks_are_no_silence():
    watch = ZeroWatch(0.5)
    assert not watch.hear(Block(SECOND[:0], 100.0))
    assert not watch.is_silent
