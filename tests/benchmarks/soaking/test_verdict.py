"""What a soak says of words and reports."""

from benchmarks.soaking.stream import Word
from benchmarks.soaking.verdict import detection_in, judged
from recognizer.detection import Detection
from recognizer.sinks.lines import json_line

WORDS = [Word("one", 5.0, 5.5), Word("two", 15.0, 15.4)]
ONE = Detection("one", 0.9, 5.1, 5.4, 5.8)
TWO = Detection("two", 0.9, 15.1, 15.4, 15.8)


def test_each_word_reported_once_is_all_that_is_wanted():
    verdict = judged(WORDS, [ONE, TWO])
    assert (verdict.found, verdict.missed, verdict.extra) == (tuple(WORDS), (), ())


def test_a_word_that_is_not_reported_is_missed():
    assert judged(WORDS, [TWO]).missed == (WORDS[0],)


def test_a_second_report_a_wrong_one_and_one_of_nothing_are_extra():
    wrong = Detection("nine", 0.9, 15.1, 15.4, 15.8)
    nothing = Detection("one", 0.9, 10.0, 10.4, 10.8)
    verdict = judged(WORDS, [ONE, ONE, wrong, nothing])
    assert verdict.found == (WORDS[0],)
    assert verdict.missed == (WORDS[1],)
    assert len(verdict.extra) == 3


def test_a_line_of_the_program_is_the_detection_again():
    assert detection_in(json_line(ONE)) == ONE
