"""A microphone that fails in every way there is, by a device that does what a test says."""

import logging
import signal
import threading
import time
from dataclasses import replace
from itertools import islice
from threading import Event, Timer

import numpy as np
import pytest

from recognizer.audio import Block
from recognizer.errors import AudioError, DeviceError
from recognizer.sources.capture_state import Condition
from recognizer.sources.input_devices import InputDevice, NoMicrophoneError
from recognizer.sources.portaudio import NoPortAudioError
from recognizer.sources.steady_microphone import SteadyMicrophone

DEVICE = InputDevice(index=0, name="mic", sample_rate=16_000, channels=1, is_default=True)
SOUND = np.full(1600, 0.1, np.float32)
ZEROS = np.zeros(1600, np.float32)
GONE = DeviceError("mic: the input device went away")
MISSING = NoMicrophoneError("no microphone found")


class Clock:
    """Time that goes by only while somebody sleeps."""

    def __init__(self):
        self.now = 0.0
        self.pauses = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        if seconds:
            self.pauses.append(seconds)
        self.now += seconds


class Session:
    """A microphone from when it was opened until it fails with ``error``."""

    def __init__(self, *samples, error=GONE, start=0.0, lost=0, device=DEVICE):
        self.device, self.lost = device, lost
        self._samples, self._error, self._start = samples, error, start
        self._interrupted = Event()

    def blocks(self):
        start = self._start
        for samples in self._samples:
            yield Block(samples, start)
            start += len(samples) / 16_000
        if self._error is None:
            self._interrupted.wait(5)
        raise self._error or GONE

    def interrupt(self):
        self._interrupted.set()


class Opener:
    """Opens these sessions, one after the other; an error is one that opening raises."""

    def __init__(self, *outcomes):
        self._outcomes = list(outcomes)
        self.closed = 0

    def open(self):
        if isinstance(self._outcomes[0], Exception):
            raise self._outcomes.pop(0)
        return self._outcomes[0]

    def record(self):
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def close(self):
        self.closed += 1


def steady(*outcomes, **options):
    clock = Clock()
    states = []
    microphone = SteadyMicrophone(
        opener=Opener(*outcomes), clock=clock, sleep=clock.sleep, report=states.append, **options
    )
    return microphone, clock, states


def take(microphone, count):
    """Return so many blocks, then end."""
    with microphone:
        return list(islice(microphone, count))


def conditions(states):
    return [state.condition for state in states]


def test_a_device_that_went_away_is_opened_again_and_told_once_each(caplog):
    caplog.set_level(logging.INFO)
    failures = [DeviceError(f"failure {n}") for n in range(5)]
    again = Session(SOUND, start=9.0, error=None)
    microphone, clock, states = steady(Session(SOUND, SOUND), *failures, again)
    blocks = take(microphone, 4)
    assert [len(block.samples) for block in blocks] == [1600, 1600, 0, 1600]
    assert clock.pauses == [0.25, 0.5, 1, 1.5, 1.5, 1.5]
    assert [record.getMessage() for record in caplog.records] == [
        "listening to mic, 16000 Hz, channels: 1",
        f"{GONE}; trying again until it works",
        "listening again to mic, 16000 Hz, channels: 1; 8.8 s went unheard",
    ]
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "INFO"]
    assert [state.reason for state in states[2:8]] == [str(GONE), *map(str, failures)]
    assert conditions(states[:2] + states[-1:]) == [
        Condition.WAITING,
        Condition.LISTENING,
        Condition.LISTENING,
    ]
    assert {state.condition for state in states[2:8]} == {Condition.LOST}
    assert (states[-1].restarts, states[-1].reason, states[-1].device) == (1, "", "mic")


def test_a_device_that_delivered_for_long_is_opened_anew_at_once():
    minute = np.full(60 * 16_000, 0.1, np.float32)
    sessions = [Session(minute), Session(minute, start=61), Session(SOUND, start=122, error=None)]
    microphone, clock, _ = steady(*sessions)
    take(microphone, 5)
    assert clock.pauses == []


def test_a_device_that_comes_and_goes_is_not_opened_all_the_time():
    sessions = [Session(SOUND, start=float(n)) for n in range(6)]
    microphone, clock, states = steady(*sessions)
    take(microphone, 12)
    assert clock.pauses == [0.25, 0.5, 1, 1.5, 1.5]
    assert states[-1].restarts == 5


def test_sound_that_is_no_numbers_is_a_failure_like_others():
    broken = Session(SOUND, error=AudioError("mic: NaN"))
    microphone, _, states = steady(broken, Session(SOUND, start=5, error=None))
    take(microphone, 3)
    assert conditions(states) == [
        Condition.WAITING,
        Condition.LISTENING,
        Condition.LOST,
        Condition.LISTENING,
    ]


def test_a_missing_microphone_is_an_error_at_the_start():
    threads = threading.active_count()
    with pytest.raises(NoMicrophoneError):
        steady(MISSING)
    assert threading.active_count() == threads, "no thread is left"


def test_one_that_opens_but_delivers_nothing_is_an_error_at_the_start():
    class Mute(Opener):
        def record(self):
            raise DeviceError("delivered no sound")

    with pytest.raises(DeviceError, match="delivered no sound"):
        take(SteadyMicrophone(opener=Mute(Session())), 1)


def test_a_missing_microphone_can_be_waited_for(caplog):
    caplog.set_level(logging.INFO)
    found = Session(SOUND, error=None)
    microphone, clock, states = steady(MISSING, MISSING, MISSING, found, wait=True)
    take(microphone, 1)
    assert clock.pauses == [0.25, 0.5, 1]
    assert conditions(states) == [Condition.WAITING, Condition.WAITING, Condition.LISTENING]
    assert (states[1].device, states[1].reason) == ("default", "no microphone found")
    assert states[-1].restarts == 0
    assert len(caplog.records) == 2


def test_a_missing_library_is_not_waited_for():
    microphone, _, _ = steady(NoPortAudioError("apt install libportaudio2"), wait=True)
    with pytest.raises(NoPortAudioError):
        take(microphone, 1)


def test_zeros_are_told_and_the_device_is_opened_anew_but_listened_to(caplog):
    caplog.set_level(logging.INFO)
    mute = Session(SOUND, *[ZEROS] * 20)
    still_mute = Session(*[ZEROS] * 5, SOUND, start=3, error=None)
    microphone, clock, states = steady(mute, still_mute, silence_seconds=0.95)
    blocks = take(microphone, 1 + 10 + 6)
    assert len(blocks) == 17, "opened anew after a second of zeros"
    assert clock.pauses == [0.25]
    assert conditions(states) == [
        Condition.WAITING,
        Condition.LISTENING,
        Condition.SILENT,
        Condition.SILENT,
        Condition.LISTENING,
    ]
    assert "nothing but zeros for 1.0 s" in states[2].reason
    assert states[-1].restarts == 1
    silent, loud = caplog.records[1:]
    assert "is it muted?" in silent.getMessage()
    assert "sound again" in loud.getMessage()


def test_a_device_that_makes_zeros_of_every_pause_does_not_flood_the_log(caplog):
    sessions = [Session(SOUND, *[ZEROS] * 3, error=None) for _ in range(100)]
    microphone, _, states = steady(*sessions, silence_seconds=0.25)
    take(microphone, 300)
    assert conditions(states).count(Condition.SILENT) > 50
    assert len(caplog.records) < 10


def test_lost_sound_is_reported_over_all_sessions():
    sessions = [Session(SOUND, SOUND, lost=2), Session(SOUND, start=5, lost=3, error=None)]
    microphone, _, states = steady(*sessions)
    take(microphone, 4)
    assert [state.overflows for state in states if state.condition is Condition.LISTENING] == [
        0,
        2,
        2,
        5,
    ]


def test_another_device_in_its_place_is_reported_by_its_name():
    other = Session(SOUND, start=5, error=None, device=replace(DEVICE, name="other"))
    microphone, _, states = steady(Session(SOUND), other)
    take(microphone, 3)
    assert states[-1].device == "other"


class Hanging(Opener):
    """The audio system hangs from the second opening on until ``answer`` is set."""

    def __init__(self, *outcomes):
        super().__init__(*outcomes)
        self.answer = Event()
        self._count = 0

    def record(self):
        self._count += 1
        if self._count > 1:
            assert self.answer.wait(30)
        return super().record()


def test_an_audio_system_that_hangs_is_waited_for_without_hanging():
    opener, states = Hanging(Session(SOUND), Session(SOUND, start=5, error=None)), []
    microphone = SteadyMicrophone(opener=opener, report=states.append, stall_seconds=0.05)
    blocks = iter(microphone)
    assert len(next(blocks).samples)
    assert not len(next(blocks).samples)
    Timer(0.5, opener.answer.set).start()
    assert next(blocks).start == 5
    assert states[-2].reason.startswith("the sound system does not answer")
    microphone.close()


def test_an_audio_system_that_hangs_at_the_start_is_an_error(monkeypatch):
    class Stuck(Opener):
        def open(self):
            time.sleep(1)

    monkeypatch.setattr("recognizer.sources.steady_microphone.OPEN_SECONDS", 0.05)
    with pytest.raises(DeviceError, match="does not answer"):
        SteadyMicrophone(opener=Stuck())


def ended_after(microphone, end):
    """Return how long it takes from ``end`` until the iteration is over."""
    began = []

    def end_it():
        began.append(time.monotonic())
        end()

    Timer(0.2, end_it).start()
    list(microphone)
    return time.monotonic() - began[0]


@pytest.mark.parametrize(
    "opener",
    [
        Opener(Session(SOUND, error=None)),
        Opener(Session(SOUND), *[MISSING] * 1000),
        Hanging(Session(SOUND)),
    ],
    ids=["while it listens", "while it waits to try again", "while the audio system hangs"],
)
def test_it_ends_at_once_when_another_thread_closes_it(opener):
    microphone = SteadyMicrophone(opener=opener)
    assert ended_after(microphone, microphone.close) < 0.5
    assert list(microphone) == [], "closed for good"


@pytest.mark.parametrize("is_hanging", [False, True])
def test_it_ends_at_once_when_the_handler_of_a_signal_closes_it(is_hanging):
    sound = Session(SOUND)
    opener = Hanging(sound) if is_hanging else Opener(sound, *[MISSING] * 1000)
    microphone = SteadyMicrophone(opener=opener)
    before = signal.signal(signal.SIGUSR1, lambda *_: microphone.close())
    try:
        assert ended_after(microphone, lambda: signal.raise_signal(signal.SIGUSR1)) < 0.5
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_closing_closes_the_device_and_leaves_no_thread():
    threads = threading.active_count()
    opener = Opener(Session(SOUND, error=None))
    take(SteadyMicrophone(opener=opener), 1)
    assert opener.closed
    assert threading.active_count() == threads
