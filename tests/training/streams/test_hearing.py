import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.decoding.decoder import DecoderParameters
from recognizer.listener import Listener
from tests.tone_words import WORD_SECONDS, spoken, word_start
from training.progress import no_progress
from training.streams.hearing import QUIET_SECONDS, Playback, hear, hear_all, with_quiet
from training.streams.scene import Scene

RATE = 16_000


def scene(*words, name="tones.wav"):
    samples = np.round(spoken(*words) * 32_767).astype(np.int16)
    return Scene(name, "tones", samples)


@pytest.mark.parametrize("threshold", [None, 0.5])
def test_times_are_seconds_from_the_start_of_the_scene(tones, threshold):
    found = hear(tones, scene("low", "high", "high"), threshold).detections
    assert [detection.label for detection in found] == ["low", "high", "high"]
    for index, detection in enumerate(found):
        assert detection.start == pytest.approx(word_start(index), abs=0.03)
        assert detection.end == pytest.approx(word_start(index) + WORD_SECONDS, abs=0.03)
        assert 0 < detection.time - detection.end < 0.6


def test_a_word_at_the_very_edges_of_a_recording_is_heard(tones):
    samples = scene("low").samples[round(word_start(0) * RATE) :][: round(WORD_SECONDS * RATE)]
    found = hear(tones, Scene("cut.wav", "tones", samples)).detections
    assert [detection.label for detection in found] == ["low"]


@given(st.integers(0, 40_000))
def test_all_of_a_scene_is_played_between_a_second_of_quiet_on_either_side(length):
    samples = np.full(length, 1000, dtype=np.int16)
    playback = Playback(Scene("a.wav", "tones", samples))
    assert playback.time == -QUIET_SECONDS
    blocks = list(playback)
    joined = np.concatenate([block.samples for block in blocks])
    assert len(joined) == length + 2 * RATE
    assert np.array_equal(joined[RATE : RATE + length] * 32_768, samples)
    assert [block.start for block in blocks] == pytest.approx(
        [480 * place / RATE for place in range(len(blocks))]
    )
    assert playback.time == pytest.approx(length / RATE + QUIET_SECONDS)


@pytest.mark.parametrize(("level", "expected"), [(0.0, -75), (1e-3, -60), (0.5, -45)])
def test_the_quiet_is_as_loud_as_the_pauses_of_the_scene_but_never_loud(level, expected):
    noise = np.random.default_rng(0).normal(0, level, RATE) * 32_767
    samples = np.clip(np.round(noise), -32_768, 32_767).astype(np.int16)
    quiet = with_quiet(samples)[:RATE]
    assert 20 * np.log10(np.sqrt(np.mean(quiet**2))) == pytest.approx(expected, abs=1.5)


def test_a_sweep_hears_what_listening_at_each_threshold_hears(tones):
    scenes = [scene("low", "high", name="a.wav"), scene("high", name="b.wav")]
    thresholds = (None, 0.3, 0.999999)
    ticks = itertools.count()
    sweep = hear_all(
        tones,
        scenes,
        thresholds,
        clock=lambda: float(next(ticks)),
        progress=no_progress,
        title="tones",
    )
    assert sweep.heard == {t: tuple(hear(tones, item, t) for item in scenes) for t in thresholds}
    assert [len(item.detections) for item in sweep.heard[None]] == [2, 1]
    assert [len(item.detections) for item in sweep.heard[0.999999]] == [0, 0]
    assert sweep.work_seconds == len(scenes), "the first threshold's, once for each scene"
    assert sweep.sound_seconds == pytest.approx(sum(s.seconds + 2 for s in scenes))


def test_hearing_is_what_a_listener_reports(tones):
    item = scene("low", "high")
    parameters = DecoderParameters(threshold=0.4)
    direct = list(Listener(tones, Playback(item), parameters=parameters))
    heard = hear(tones, item, 0.4).detections
    assert [d.label for d in heard] == [d.label for d in direct]
    assert [d.confidence for d in heard] == [d.confidence for d in direct]
