import sys
from dataclasses import dataclass
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.detection import Detection
from recognizer.errors import InputError
from recognizer.metrics.metrics import Metrics
from recognizer.snapshot import Snapshot
from tests.recognizer.metrics.conftest import samples


class Condition(Enum):
    LISTENING = "listening"
    LOST = "lost"


@dataclass(frozen=True)
class State:
    condition: Condition = Condition.LISTENING
    device: str = 'USB "mic"\n'
    restarts: int = 0
    overflows: int = 0


def test_detections_are_counted_by_label_and_timed_from_the_words_end(metrics):
    for label, time in (("one", 1.25), ("one", 1.35), ("two", 1.25)):
        metrics.write(Detection(label, 0.9, 0.5, 1.0, time))
    told = samples(metrics)
    assert told["detections_total", "one"] == 2
    assert told["detections_total", "two"] == 1
    assert told["latency_seconds_count",] == 3
    assert told["latency_seconds_sum",] == pytest.approx(0.25 + 0.35 + 0.25)
    assert told["latency_seconds_bucket", "0.3"] == 2


def test_the_share_of_the_gate_is_what_was_open_of_what_was_heard(metrics):
    monitor = metrics.monitor(0.1)
    for number in range(10):
        monitor(Snapshot(number / 10, -20.0, number < 3, None))
    told = samples(metrics)
    assert told["heard_seconds_total",] == pytest.approx(1.0)
    assert told["gate_open_seconds_total",] == pytest.approx(0.3)


def test_the_model_and_its_keywords_are_told_before_anything_is_heard(metrics, tones):
    metrics.show_model(tones.metadata, tones.provider)
    told = samples(metrics)
    assert told["model_info", "tones", "cpu", "1.2.3"] == 1
    assert told["detections_total", "low"] == told["detections_total", "high"] == 0
    assert ("detections_total", "other") not in told


def test_another_model_takes_the_place_of_the_first(metrics, tones):
    metrics.show_model(tones.metadata, "cuda")
    metrics.show_model(tones.metadata, "cpu")
    assert [key for key in samples(metrics) if key[0] == "model_info"] == [
        ("model_info", "tones", "cpu", "1.2.3")
    ]


def test_the_state_of_capture_is_the_last_one_told(metrics):
    metrics.show_capture(State(Condition.LOST))
    metrics.show_capture(State(restarts=2, overflows=5))
    told = samples(metrics)
    assert [key for key in told if key[0] == "capture_info"] == [
        ("capture_info", "listening", 'USB "mic"\n')
    ]
    assert told["restarts_total",] == 2
    assert told["overflows_total",] == 5


@given(st.lists(st.lists(st.integers(0, 5), min_size=1), max_size=5))
def test_counts_go_on_when_a_new_source_counts_from_zero(sources):
    metrics = Metrics()
    for gains in sources:
        metrics.show_capture(State())
        for number in range(len(gains)):
            metrics.show_capture(State(overflows=sum(gains[: number + 1])))
    assert samples(metrics)["overflows_total",] == sum(map(sum, sources))


def test_time_since_the_start_comes_from_the_clock(metrics, clock):
    clock.now += 12.5
    assert samples(metrics)["uptime_seconds",] == 12.5


def test_two_listeners_in_a_process_share_no_numbers(metrics):
    metrics.count_block()
    assert samples(metrics)["blocks_total",] == 1
    assert samples(Metrics())["blocks_total",] == 0


def test_what_the_process_holds_is_told_too(metrics):
    assert samples(metrics)["process_open_fds",] > 0


def test_without_the_extra_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(InputError, match=r"pip install 'digit-listen\[metrics\]'") as error:
        Metrics()
    assert "\n" not in str(error.value)
