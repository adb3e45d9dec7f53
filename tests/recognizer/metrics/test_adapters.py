import itertools

import numpy as np
import pytest

from recognizer import AudioError, Listener
from recognizer.metrics.adapters import CountedSource, TimedClassifier
from tests.recognizer.metrics.conftest import samples
from tests.tone_words import blocks, spoken


def ticking(step):
    """Return a clock that is ``step`` seconds further at each look."""
    times = itertools.count()
    return lambda: next(times) * step


@pytest.mark.parametrize("vad", [None, 3])
def test_a_listener_hears_the_same_and_everything_is_counted(metrics, tones, vad):
    sound = np.concatenate([spoken("low", "high", "high"), np.zeros(32_000, np.float32)])
    alone = list(Listener(tones, blocks(sound), vad=vad))
    timed = TimedClassifier(tones, metrics, ticking(0.003))
    source = CountedSource(blocks(sound), metrics)
    watched = []
    for detection in Listener(timed, source, vad=vad, monitor=metrics.monitor(0.1)):
        metrics.write(detection)
        watched.append(detection)
    assert watched == alone
    told = samples(metrics)
    assert told["detections_total", "low"] == 1
    assert told["detections_total", "high"] == 2
    assert told["blocks_total",] == len(list(blocks(sound)))
    assert told["heard_seconds_total",] == pytest.approx(len(sound) / 16_000, abs=0.1)
    windows = told["inference_seconds_count",]
    assert windows > 10
    assert told["inference_seconds_sum",] == pytest.approx(0.003 * windows)
    assert told["inference_seconds_bucket", "0.005"] == windows
    if vad is None:
        assert told["gate_open_seconds_total",] == told["heard_seconds_total",]
    else:
        assert told["gate_open_seconds_total",] < told["heard_seconds_total",]


def test_the_end_of_a_source_is_the_end_of_the_counted_one(metrics):
    def failing():
        yield from blocks(spoken("low"))
        raise AudioError("cut short")

    source = CountedSource(failing(), metrics)
    with pytest.raises(AudioError, match="cut short"):
        list(source)
    assert samples(metrics)["blocks_total",] == len(list(blocks(spoken("low"))))
