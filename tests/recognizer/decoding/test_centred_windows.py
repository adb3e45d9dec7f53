import numpy as np
import pytest

from recognizer.decoding.centred_windows import CentredWindows
from recognizer.decoding.odds import logit
from recognizer.windows import Window

RATE = 16_000


def remembered(middles_and_answers, other=None):
    windows = CentredWindows(other)
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


def free(_):
    return False


def test_evidence_grows_with_every_window_that_hears_the_word_whole():
    few = remembered([(1.0, 0.1), (1.3, 0.9), (1.6, 0.1)], other=1)
    more = remembered([(1.0, 0.9), (1.3, 0.9), (1.6, 0.1)], other=1)
    every = remembered([(1.0, 0.9), (1.3, 0.9), (1.6, 0.9)], other=1)
    found = [windows.evidence(0, 1.3, free) for windows in (few, more, every)]
    assert found == sorted(set(found))
    assert found[-1] == pytest.approx(logit(0.9))


def test_windows_that_hear_another_word_in_their_middle_do_not_count():
    windows = remembered([(1.3, 0.9), (1.6, 0.1)], other=1)
    assert windows.evidence(0, 1.3, lambda at: at > 1.5) == pytest.approx(logit(0.9))


def test_being_called_other_speaks_against_a_word_only_in_the_middle_of_a_window():
    centred = remembered([(1.3, 0.2), (1.6, 0.8)], other=1)
    beside = remembered([(1.3, 0.8), (1.6, 0.2)], other=1)
    assert centred.evidence(0, 1.3, free) < beside.evidence(0, 1.3, free)
    labels_alone = remembered([(1.3, 0.2), (1.6, 0.8)])
    assert labels_alone.evidence(0, 1.3, free) == pytest.approx(0.0, abs=1e-6)


def test_without_any_window_there_is_no_evidence():
    assert CentredWindows(1).evidence(0, 1.0, free) == logit(0.0) < -6
