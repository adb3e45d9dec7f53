from itertools import islice

from recognizer.sources.backoff import Backoff


def pauses(backoff, count):
    return [backoff.next() for _ in range(count)]


def test_the_first_try_is_at_once_and_pauses_double_up_to_the_longest():
    assert pauses(Backoff(0.25, 1.5), 7) == [0, 0.25, 0.5, 1, 1.5, 1.5, 1.5]


def test_after_a_success_that_lasted_the_next_try_is_at_once_again():
    backoff = Backoff(0.25, 1.5)
    pauses(backoff, 5)
    backoff.reset()
    assert pauses(backoff, 3) == [0, 0.25, 0.5]


def test_a_device_that_is_back_is_tried_soon_however_long_it_was_away():
    backoff = Backoff()
    assert max(islice(iter(backoff.next, None), 1000)) <= 2
