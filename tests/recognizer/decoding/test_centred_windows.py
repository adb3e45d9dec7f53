import numpy as np
import pytest

from recognizer.decoding.centred_windows import CentredWindows
from recognizer.windows import Window

RATE = 16_000


def remembered(middles_and_answers):
    windows = CentredWindows()
    for middle, answer in middles_and_answers:
        window = Window(np.zeros(RATE, np.float32), middle - 0.5)
        windows.add(window, np.array([answer, 1 - answer], np.float32))
    return windows


def test_windows_around_a_word_count_and_others_do_not():
    windows = remembered([(1.0, 0.1), (1.1, 0.6), (1.2, 0.8), (1.3, 0.7), (1.4, 0.1)])
    assert windows.confidence(0, 1.2) == pytest.approx(0.7)
    assert windows.confidence(1, 1.2) == pytest.approx(0.3)


def test_without_one_around_it_the_nearest_counts():
    assert remembered([(1.0, 0.2), (1.5, 0.6)]).confidence(0, 2.0) == pytest.approx(0.6)


def test_without_any_window_nothing_is_sure():
    assert CentredWindows().confidence(0, 1.0) == 0.0


def test_what_is_long_past_is_forgotten():
    windows = remembered([(second, second / 10) for second in range(10)])
    assert windows.confidence(0, 0.0) == pytest.approx(0.6)
