import pytest

from recognizer.service.notify import Notifier
from recognizer.service.status import Status
from recognizer.service.watchdog import Watchdog
from recognizer.sources.capture_state import CaptureState, Condition


@pytest.fixture
def status(manager):
    notifier = Notifier(manager.address)
    return Status(notifier, Watchdog(notifier, None))


def test_it_has_source_words_and_trouble_in_one_line(manager, status):
    status.source("listening to a microphone")
    status.heard()
    status.reloaded("not reloaded")
    status.reloaded()
    assert manager.drain() == [
        "STATUS=listening to a microphone; words heard: 0",
        "STATUS=listening to a microphone; words heard: 1",
        "STATUS=listening to a microphone; words heard: 1; not reloaded",
        "STATUS=listening to a microphone; words heard: 1",
    ]


def test_only_the_first_sound_makes_it_ready(manager, status):
    status.sound()
    status.sound()
    assert manager.drain() == ["READY=1"]


def test_a_reload_before_the_first_sound_makes_nothing_ready(manager, status):
    status.reloading()
    status.reloaded()
    assert manager.drain() == ["STATUS=words heard: 0"]


def test_a_reload_begins_and_ends(manager, status):
    status.sound()
    manager.drain().clear()
    status.reloading()
    status.reloaded()
    told = [line.partition("=")[0] for line in manager.drain()]
    assert told == ["RELOADING", "MONOTONIC_USEC", "STATUS", "READY"]


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (
            CaptureState(Condition.WAITING, "USB", "no sound came yet"),
            "waiting for USB: no sound came yet",
        ),
        (CaptureState(Condition.LISTENING, "USB"), "listening to USB"),
        (
            CaptureState(Condition.LISTENING, "USB", restarts=2, overflows=5),
            "listening to USB; restarts: 2; overflows: 5",
        ),
        (CaptureState(Condition.LOST, "USB", "went away"), "lost USB: went away"),
        (CaptureState(Condition.SILENT, "USB", "all zeros"), "silent USB: all zeros"),
    ],
)
def test_it_tells_how_a_microphone_fares(manager, status, state, text):
    status.capture(state)
    assert manager.drain() == [f"STATUS={text}; words heard: 0"]
