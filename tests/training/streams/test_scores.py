import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.streams.scores import AlarmScore, StringScore, WordScore, total

STRING = StringScore(
    strings=4,
    right_strings=1,
    words=10,
    substitutions=2,
    deletions=1,
    insertions=3,
    duplicates=2,
)
WORDS = WordScore(words=10, right=6, wrong=1, latencies=(0.2, 0.3, 0.4))
ALARMS = AlarmScore(3, 7200.0)


def test_rates_of_strings():
    assert STRING.error_rate == pytest.approx(0.6)
    assert STRING.accuracy == pytest.approx(0.25)
    assert STRING.not_right == pytest.approx(0.3)


def test_words_are_right_wrong_or_missed():
    assert WORDS.missed == 3
    assert WORDS.not_right == pytest.approx(0.4)
    assert WORDS.as_dictionary()["wrong_rate"] == pytest.approx(0.1)


def test_percentiles_of_the_latency():
    assert WORDS.latency[50] == pytest.approx(0.3)
    assert WORDS.latency[95] == pytest.approx(0.39)
    assert WordScore(1).latency == {}


def test_alarms_an_hour_lie_below_their_bound():
    assert ALARMS.per_hour == pytest.approx(1.5)
    assert ALARMS.per_hour_at_most == pytest.approx(7.7537 / 2, abs=1e-4)


@given(st.integers(0, 50), st.floats(1, 1e6))
def test_the_bound_is_above_the_rate(alarms, seconds):
    score = AlarmScore(alarms, seconds)
    assert score.per_hour < score.per_hour_at_most


@pytest.mark.parametrize("score", [STRING, WORDS, ALARMS])
def test_scores_of_parts_add_up(score):
    nothing = type(score)()
    assert total([score], nothing) == score
    twice = total([score, score], nothing)
    assert twice.counts() == {name: value + value for name, value in score.counts().items()}


@pytest.mark.parametrize("score", [STRING, WORDS, ALARMS, StringScore(), WordScore(), AlarmScore()])
def test_json_can_hold_every_score(score):
    content = score.as_dictionary()
    assert json.loads(json.dumps(content)) == content


def test_no_sound_has_no_rates():
    assert StringScore().error_rate is None
    assert WordScore().not_right is None
    assert AlarmScore(1).per_hour is None
    assert replace(ALARMS, seconds=0.0).per_hour_at_most is None
