from dataclasses import replace

import pytest
from hypothesis import given

from recognizer.metadata import OTHER
from tests.training.streams.material import detection, detections, heard, row, word, words
from training.streams.mistakes import Fault
from training.streams.scene import Phrase
from training.streams.scores import AlarmScore, StringScore, WordScore
from training.streams.scoring import BETWEEN, count_alarms, count_strings, count_words, tally


def score_words(*items):
    return tally(items, count_words, WordScore())


def score_strings(*items):
    return tally(items, count_strings, StringScore())


def faults(counted):
    return [mistake.fault for mistake in counted.mistakes]


def test_a_word_reported_right_has_a_latency_from_its_end():
    found = score_words(heard(detection("one", 1.1, 1.4, time=1.9), phrases=(row("one", start=1),)))
    assert found.all == WordScore(words=1, right=1, latencies=(pytest.approx(0.4),))
    assert found.mistakes == ()


def test_a_word_that_seems_too_long_has_no_latency():
    phrase = Phrase((word("one", 1.0, 2.0),))
    found = score_words(heard(detection("one", 1.1, 1.5), phrases=(phrase,)))
    assert found.all == WordScore(words=1, right=1)


def test_words_missed_taken_for_another_and_made_up_are_told_apart():
    phrases = (row("one", start=1), row("two", start=3))
    found = score_words(
        heard(detection("three", 3.0, 3.4), detection("one", 6.0, 6.4), phrases=phrases)
    )
    assert (found.all.missed, found.all.wrong, found.all.insertions) == (1, 1, 1)
    assert faults(found) == [Fault.MISSED, Fault.WRONG, Fault.INSERTION]
    assert found.by_source[BETWEEN].insertions == 1
    wrong = found.mistakes[1]
    assert (wrong.said, wrong.heard, wrong.start) == ("two", "three", 3.0)


def test_a_second_report_of_a_word_is_a_duplicate():
    found = score_words(
        heard(
            detection("one", 1.0, 1.3), detection("one", 1.3, 1.5), phrases=(row("one", start=1),)
        )
    )
    assert (found.all.right, found.all.duplicates) == (1, 1)
    assert faults(found) == [Fault.DUPLICATE]


def test_another_word_is_wrong_when_reported_and_no_mistake_when_not():
    other = Phrase((word(OTHER, 1.0, 1.5, text="tree", origin="tree/a.flac"),))
    assert score_words(heard(phrases=(other,))).mistakes == ()
    taken = score_words(heard(detection("three", 1.1, 1.5), phrases=(other,)))
    assert taken.all.wrong == 1
    (mistake,) = taken.mistakes
    assert (mistake.said, mistake.origin) == ("tree", "tree/a.flac")


@given(words(), detections())
def test_no_word_and_no_detection_is_lost(said, reported):
    phrases = tuple(Phrase((item,)) for item in said)
    score = score_words(heard(*reported, phrases=phrases)).all
    assert score.words == len(said)
    used = score.right + score.wrong + score.duplicates + score.insertions
    assert used == len(reported)
    assert score.missed >= 0


@given(words(), detections())
def test_every_detection_is_compared_with_some_string(said, reported):
    phrases = tuple(Phrase((item,)) for item in said)
    score = score_strings(heard(*reported, phrases=phrases)).all
    assert score.words == len(said)
    if said:
        assert score.words - score.deletions + score.insertions == len(reported)


def test_strings_are_compared_in_order_each_with_what_was_heard_near_it():
    phrases = (row("one", "two", start=1), row("three", start=6))
    found = score_strings(
        heard(
            detection("one", 1.0, 1.5),
            detection("one", 1.5, 1.6),
            detection("three", 6.0, 6.5),
            phrases=phrases,
        )
    )
    assert found.all == StringScore(2, 1, 3, substitutions=1)
    (mistake,) = found.mistakes
    assert mistake.said == "two in 'one two'"


def test_an_optional_word_is_not_counted():
    oh = word("zero", 0.0, 1.0, text="oh", optional=True)
    phrase = Phrase((oh, word("two", 0.0, 1.0)))
    assert score_strings(heard(detection("two", 0, 1), phrases=(phrase,))).all.error_rate == 0
    missed = score_strings(heard(phrases=(phrase,)))
    assert (missed.all.words, missed.all.deletions) == (1, 1)
    assert missed.mistakes[0].said == "two in 'oh two'"


def test_everything_reported_in_other_speech_is_a_false_alarm():
    found = tally(
        [
            heard(detection("one", 1, 2), seconds=3.0, source="a"),
            heard(seconds=5.0, source="b"),
        ],
        count_alarms,
        AlarmScore(),
    )
    assert found.all == AlarmScore(1, 8.0)
    assert found.by_source == {"a": AlarmScore(1, 3.0), "b": AlarmScore(0, 5.0)}
    assert faults(found) == [Fault.ALARM]


def test_a_false_alarm_is_told_by_its_time_in_the_file():
    hearing = heard(detection("one", 1, 2), seconds=3.0)
    hearing = replace(hearing, scene=replace(hearing.scene, start=7.0))
    (mistake,) = tally([hearing], count_alarms, AlarmScore()).mistakes
    assert (mistake.start, mistake.end) == (8.0, 9.0)
