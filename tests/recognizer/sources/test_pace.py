"""How often sound is fetched."""

import numpy as np
import pytest

from recognizer.sources.pace import CALM_SECONDS, LIVELY_SECONDS, QUIET_SECONDS, Pace


def noise(level, seconds=0.05, seed=0):
    return np.random.default_rng(seed).normal(0, level, (round(44_100 * seconds), 1)).astype("f4")


def waits(pace, level, seconds):
    """Return all waits while noise of this level sounds for so long."""
    found = []
    while sum(found) < seconds:
        found.append(pace.wait(noise(level, seed=len(found))))
    return found


@pytest.mark.parametrize("level", [0.0, 1e-5, 1e-3, 0.1])
def test_steady_noise_of_any_level_is_quiet_after_a_second(level):
    pace = Pace()
    found = waits(pace, level, 3)
    assert sum(wait for wait in found if wait == LIVELY_SECONDS) == pytest.approx(
        CALM_SECONDS, abs=2 * LIVELY_SECONDS
    )
    assert found[-1] == QUIET_SECONDS


def test_what_is_louder_is_fetched_at_once_until_it_was_quiet_for_a_second():
    pace = Pace()
    waits(pace, 1e-3, 3)
    assert set(waits(pace, 1e-2, 1)) == {LIVELY_SECONDS}
    after = waits(pace, 1e-3, 2)
    assert after[: round(0.9 * CALM_SECONDS / LIVELY_SECONDS)].count(QUIET_SECONDS) == 0
    assert after[-1] == QUIET_SECONDS


def test_a_room_that_became_louder_is_quiet_again_after_a_while():
    pace = Pace()
    waits(pace, 1e-3, 3)
    assert waits(pace, 1e-2, 30)[-1] == QUIET_SECONDS


def test_no_frames_are_no_sound():
    assert Pace().wait(np.zeros((0, 2), np.float32)) == LIVELY_SECONDS
