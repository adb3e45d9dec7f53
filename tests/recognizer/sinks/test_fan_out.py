import io
from contextlib import suppress
from pathlib import Path

import pytest

from recognizer.closing import Closing
from recognizer.sinks.fan_out import FanOut
from recognizer.sinks.lines import JsonSink, TextSink


class Noting:
    """Notes who got what, in the order of time."""

    def __init__(self, notes, name):
        self._notes, self._name = notes, name

    def write(self, detection):
        self._notes.append((self._name, detection))


class Failing:
    def __init__(self, error):
        self.error, self.asked = error, 0

    def __str__(self):
        return "<stdout>"

    def write(self, _detection):
        self.asked += 1
        if self.error:
            raise self.error


class Held(Failing, Closing):
    closed = 0

    def close(self):
        self.closed += 1


def test_every_sink_gets_every_detection_in_order(seven):
    notes = []
    fan_out = FanOut(Noting(notes, name) for name in "abc")
    fan_out.write(seven)
    fan_out.write(seven)
    assert notes == [(name, seven) for name in "abcabc"]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left"), ValueError("closed file"), BrokenPipeError(32, "gone")]
)
def test_a_sink_that_fails_stops_no_other(error, seven, caplog):
    notes = []
    fan_out = FanOut([Noting(notes, "a"), Failing(error), Noting(notes, "b")])
    for _ in range(3):
        fan_out.write(seven)
    assert [name for name, _ in notes] == ["a", "b"] * 3
    (record,) = caplog.records
    assert "<stdout>" in record.getMessage()


def test_a_sink_that_failed_is_tried_again(seven):
    failing = Failing(OSError(28, "No space left"))
    fan_out = FanOut([failing])
    fan_out.write(seven)
    failing.error = None
    fan_out.write(seven)
    assert failing.asked == 2


def test_a_sink_without_reader_is_left_out_and_the_last_one_is_an_error(seven):
    first, second = Failing(BrokenPipeError()), Failing(None)
    fan_out = FanOut([first, second])
    fan_out.write(seven)
    fan_out.write(seven)
    assert (first.asked, second.asked) == (1, 2)
    second.error = BrokenPipeError()
    with pytest.raises(BrokenPipeError):
        fan_out.write(seven)


def test_a_full_disk_is_told_by_the_name_of_what_is_full(seven, caplog):
    with Path("/dev/full").open("w") as full:
        FanOut([JsonSink(full)]).write(seven)
        assert "a detection was lost, /dev/full failed: [Errno 28] No space left" in caplog.text
        with suppress(OSError):
            full.close()


def test_a_label_that_the_output_cannot_encode_does_not_end_the_rest(seven):
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    wide = io.StringIO()
    detection = type(seven)("fünf", 1.0, 0.0, 1.0, 1.0)
    FanOut([JsonSink(narrow), TextSink(wide)]).write(detection)
    assert "fünf" in wide.getvalue()


def test_an_error_in_the_program_is_not_hidden(seven):
    with pytest.raises(ZeroDivisionError):
        FanOut([Failing(ZeroDivisionError()), Failing(None)]).write(seven)


def test_closing_closes_what_holds_something_even_what_failed(seven):
    held = [Held(None), Held(BrokenPipeError())]
    with FanOut([*held, Failing(None)]) as fan_out:
        fan_out.write(seven)
    assert [sink.closed for sink in held] == [1, 1]
