import subprocess
import sys
from threading import Event, Timer

import pytest

from recognizer.errors import DeviceError
from recognizer.sources.sound_thread import Outcome, SoundThread


@pytest.fixture
def thread():
    thread = SoundThread()
    yield thread
    assert thread.end(lambda: None, 5)


def fail():
    raise DeviceError("gone")


def test_jobs_are_done_in_order_and_tell_how_they_ended(thread):
    thread.ask(lambda: 1)
    thread.ask(fail)
    thread.ask(lambda: 3)
    assert thread.wait(5) == Outcome(result=1)
    assert str(thread.wait(5).error) == "gone"
    assert thread.wait(5) == Outcome(result=3)


def test_a_job_that_hangs_is_waited_for_no_longer_than_we_want_to(thread):
    answer = Event()
    thread.ask(answer.wait)
    with pytest.raises(TimeoutError):
        thread.wait(0.05)
    answer.set()
    assert thread.wait(5) == Outcome(result=True)


def test_a_wait_can_be_ended(thread):
    Timer(0.05, thread.wake).start()
    assert thread.wait(5) is None


def test_ending_does_a_last_job_and_gives_up_on_one_that_hangs():
    done = []
    thread = SoundThread()
    assert thread.end(lambda: done.append(1), 5)
    assert done == [1]
    answer, thread = Event(), SoundThread()
    thread.ask(answer.wait)
    assert not thread.end(lambda: None, 0.05)
    answer.set()
    assert thread.end(lambda: None, 5), "ending twice does no harm"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_job_that_crashes_does_not_leave_us_waiting():
    thread = SoundThread()
    thread.ask(lambda: 1 / 0)
    assert thread.wait(5) == Outcome()
    assert thread.end(lambda: None, 5)


def test_only_what_c_libraries_say_is_kept_from_standard_error():
    code = """
import ctypes, sys
from recognizer.sources.portaudio import c_libraries_silenced
library = ctypes.CDLL(None)
def say(text):
    library.fputs(text, ctypes.c_void_p.in_dll(library, "stderr"))
    library.fflush(None)
say(b"before\\n")
with c_libraries_silenced():
    say(b"noise\\n")
    print("python", file=sys.stderr)
say(b"behind\\n")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.split() == ["before", "python", "behind"]
