import numpy as np
import pytest

from recognizer.decoding.frame_track import Piece
from recognizer.decoding.surroundings import LEVEL_STEP, Surroundings
from recognizer.decoding.word_runs import Candidate

WORD = Candidate("one", 0.9, 5.0, 5.4)


def heard(*loud):
    """Return the surroundings of six seconds in which only these stretches are loud."""
    times = np.arange(600) * LEVEL_STEP
    levels = np.full(len(times), -70.0, np.float32)
    for start, end in ((WORD.start, WORD.end), *loud):
        levels[(times >= start) & (times <= end)] = -20.0
    surroundings = Surroundings()
    surroundings.extend(Piece(times, levels))
    return surroundings


def test_a_word_alone_has_none():
    around = heard().other_speech(WORD, [(5.0, 5.4)])
    assert (around.before(3.0), around.behind(0.4)) == (0.0, 0.0)


def test_speech_on_either_side_is_counted_in_seconds_as_far_as_it_is_asked_for():
    around = heard((3.0, 4.0), (5.6, 5.9)).other_speech(WORD, [(5.0, 5.4)])
    assert around.before(3.0) == pytest.approx(1.0, abs=0.02)
    assert around.before(1.5) == pytest.approx(0.5, abs=0.02)
    assert around.behind(0.4) == pytest.approx(0.2, abs=0.02)
    assert around.behind(0.1) == 0.0


def test_keywords_are_no_other_speech():
    surroundings = heard((4.5, 4.9), (5.5, 5.9))
    keywords = [(4.5, 4.9), (5.0, 5.4), (5.5, float("inf"))]
    around = surroundings.other_speech(WORD, keywords)
    assert (around.before(3.0), around.behind(0.4)) == (0.0, 0.0)


def test_the_background_is_no_speech_however_long_the_word_seems():
    long = Candidate("one", 0.9, 4.9, 6.0)
    times = np.arange(600) * LEVEL_STEP
    levels = np.where((times >= 5.0) & (times <= 5.4), -20.0, -36.0).astype(np.float32)
    levels[times < 2.0] = -70.0
    surroundings = Surroundings()
    surroundings.extend(Piece(times, levels))
    around = surroundings.other_speech(long, [(4.9, 6.0)])
    assert (around.before(1.5), around.behind(0.4)) == (0.0, 0.0)
