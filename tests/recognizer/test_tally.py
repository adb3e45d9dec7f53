import logging
from threading import Thread

from recognizer.tally import Tally

logger = logging.getLogger("tally")


def test_the_first_mishap_is_told_at_once_and_further_ones_once_a_minute_with_their_count(caplog):
    now = [0.0]
    tally = Tally(logger, lambda: now[0])
    for second in range(121):
        now[0] = float(second)
        tally.add("lost")
    assert [record.getMessage() for record in caplog.records] == [
        "lost (1 so far)",
        "lost (61 so far)",
        "lost (121 so far)",
    ]


def test_threads_that_share_it_lose_no_count():
    tally = Tally(logger)
    threads = [Thread(target=lambda: [tally.add("x") for _ in range(1000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.count == 8000
