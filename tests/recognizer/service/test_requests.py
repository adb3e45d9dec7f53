"""Real signals to this very process."""

import os
import signal
import threading
import time

import pytest

from recognizer.service.requests import InterruptedWaitError, Requests


@pytest.fixture
def requests():
    return Requests()


def send(number):
    os.kill(os.getpid(), number)


def send_unnoticed(number):
    """Send to another thread, when this one waits already and is not disturbed.

    To a wait it looks the same as a signal that came between Python's last look and its beginning.
    """
    threading.Timer(0.5, signal.raise_signal, [number]).start()


def counting(*, send_at, number):
    for count in range(10):
        if count == send_at:
            send(number)
        yield count


def waiting(sending, number):
    """Yield one item, and never another one."""
    yield 0
    sending(number)
    while True:
        time.sleep(60)


def test_items_end_where_their_source_does(requests):
    with requests.heeded(reloads=True):
        assert list(requests.until_asked(iter(range(3)))) == [0, 1, 2]
    assert not requests.end_asked


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_items_end_at_a_request_and_none_that_came_is_lost(requests, number):
    items = counting(send_at=3, number=number)
    with requests.heeded(reloads=True):
        assert list(requests.until_asked(items)) == [0, 1, 2, 3]
        assert requests.end_asked == (number == signal.SIGTERM)
        assert requests.reload_asked == (number == signal.SIGHUP)
        requests.end_asked = requests.reload_asked = False
        assert list(requests.until_asked(items)) == [4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("sending", [send, send_unnoticed])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.timeout(30)
def test_a_wait_for_what_does_not_come_is_broken_off(requests, number, sending):
    with requests.heeded(reloads=True):
        items = requests.until_asked(waiting(sending, number))
        assert next(items) == 0
        started = time.monotonic()
        with pytest.raises(InterruptedWaitError):
            next(items)
    # The time limit of a test breaks a wait off, too.
    assert time.monotonic() - started < 15


@pytest.mark.timeout(30)
def test_work_on_an_item_is_not_broken_off(requests):
    with requests.heeded(reloads=True):
        for _ in requests.until_asked(iter(range(10))):
            send(signal.SIGTERM)
            time.sleep(0.5)
            done = True
    assert done


def test_before_the_first_item_the_end_is_at_once(requests):
    reached = False
    with requests.heeded(reloads=True):
        send(signal.SIGTERM)
        time.sleep(60)
        reached = True
    assert not reached


def test_a_reload_before_the_first_item_is_kept_for_later(requests):
    with requests.heeded(reloads=True):
        send(signal.SIGHUP)
        assert list(requests.until_asked(iter(range(3)))) == []
    assert requests.reload_asked


def test_signals_mean_afterwards_what_they_meant_before(requests):
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
    before = [signal.getsignal(number) for number in numbers]
    with requests.heeded(reloads=True):
        assert [signal.getsignal(number) for number in numbers] != before
    assert [signal.getsignal(number) for number in numbers] == before


def test_sighup_is_left_alone_in_a_terminal_and_where_it_is_ignored(requests):
    default = signal.getsignal(signal.SIGHUP)
    with requests.heeded(reloads=False):
        assert signal.getsignal(signal.SIGHUP) is default
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with requests.heeded(reloads=True):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, default)
