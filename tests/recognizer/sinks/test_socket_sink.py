import json
import socket
from contextlib import ExitStack, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognizer.errors import InputError
from recognizer.sinks.lines import json_line
from recognizer.sinks.readers import MOST_RECEIVED
from recognizer.sinks.socket_sink import SocketSink
from tests.leaks import held, no_descriptors_left
from tests.recognizer.sinks.conftest import numbered
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.usefixtures("no_leaks")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "digits.sock"


@pytest.fixture
def sink(path):
    with SocketSink(path) as sink:
        yield sink


@pytest.fixture
def connect(path):
    """Return a function that connects a reader; all of them are closed at the end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Reader(path))


class Reader:
    """A program at the other end of the socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.socket.settimeout(PATIENCE)
        self._lines = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._lines.close()
        self.socket.close()

    def line(self):
        return self._lines.readline().decode()

    def rest(self):
        """Return the numbers of all lines up to the end."""
        with suppress(ConnectionResetError):
            return [round(json.loads(line)["start"]) for line in self._lines if line[-1:] == b"\n"]


def test_a_reader_gets_what_json_prints(sink, connect, seven):
    reader = connect()
    sink.write(seven)
    assert reader.line() == json_line(seven)


def test_who_has_connected_gets_the_very_next_detection(sink, connect):
    for number in range(60):
        reader = connect()
        sink.write(numbered(number))
        assert reader.line() == json_line(numbered(number))


def test_fifty_readers_get_all_in_order_though_five_are_stuck(sink, path, connect, caplog):
    readers = [connect() for _ in range(50)]
    stuck, good = readers[::10], [reader for n, reader in enumerate(readers) if n % 10]
    count = 1500
    for number in range(count):
        sink.write(numbered(number))
        expected = json_line(numbered(number))
        # Each line must be with all of them before the next is even written.
        assert all(reader.line() == expected for reader in good)
    for reader in stuck:
        numbers = reader.rest()
        assert 0 < len(numbers) < count
        assert numbers == list(range(len(numbers))), "what it got before is whole and in order"
    warnings = [record.getMessage() for record in caplog.records]
    assert warnings == [f"{path}: a reader was dropped, it is too slow (1 so far)"]


def test_a_reader_that_is_merely_late_loses_nothing(sink, connect):
    late, prompt = connect(), connect()
    for number in range(500):
        sink.write(numbered(number))
        prompt.line()
    assert [late.line() for _ in range(500)] == [json_line(numbered(n)) for n in range(500)]


def test_what_was_written_is_handed_on_before_the_end(path, connect):
    with SocketSink(path) as sink:
        reader = connect()
        for number in range(200):
            sink.write(numbered(number))
    assert reader.rest() == list(range(200))


def test_further_readers_are_refused_until_there_is_room(path, connect, seven, caplog):
    with SocketSink(path, most_readers=2) as sink:
        first, second, third = connect(), connect(), connect()
        assert third.rest() == []
        assert "a reader was refused, there are 2 already (1 so far)" in caplog.text
        sink.write(seven)
        assert first.line() == second.line() == json_line(seven)
        first.close()
        wait_until(lambda: is_taken_in(connect, sink, seven))


def is_taken_in(connect, sink, detection):
    reader = connect()
    sink.write(detection)
    with suppress(ConnectionResetError):
        return bool(reader.line())
    return False


@pytest.mark.usefixtures("sink")
def test_readers_that_go_leave_nothing_behind_though_nothing_is_said(path):
    before = held()
    for _ in range(300):
        Reader(path).close()
    wait_until(lambda: held() <= before)


def test_a_reader_that_has_nothing_to_say_may_read_on_and_is_let_go_when_it_goes(sink, path, seven):
    before = held()
    with Reader(path) as reader:
        reader.socket.shutdown(socket.SHUT_WR)
        for _ in range(3):
            sink.write(seven)
            assert reader.line() == json_line(seven)
    wait_until(lambda: held() <= before)


def test_a_reader_that_talks_is_ignored_and_dropped_if_it_does_not_stop(
    sink, connect, seven, caplog
):
    talking, quiet = connect(), connect()
    talking.socket.sendall(b"x" * MOST_RECEIVED)
    sink.write(seven)
    assert talking.line() == quiet.line() == json_line(seven)
    with suppress(BrokenPipeError, ConnectionResetError):
        while True:
            talking.socket.sendall(b"x" * 1000)
    sink.write(seven)
    assert quiet.line() == json_line(seven)
    assert "a reader was dropped, it sends data (1 so far)" in caplog.text


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=300) | st.sampled_from(["half", "close"]), max_size=12))
def test_nothing_that_a_reader_sends_disturbs_another(sink, path, connect, acts):
    detection = numbered(1)
    quiet, wild = connect(), Reader(path)
    with wild:
        for act in acts:
            do(wild, act)
            sink.write(detection)
            assert quiet.line() == json_line(detection)
    quiet.close()


def do(reader, act):
    with suppress(OSError):
        if act == "half":
            reader.socket.shutdown(socket.SHUT_RD)
        elif act == "close":
            reader.close()
        else:
            reader.socket.sendall(act)


def test_without_descriptors_nobody_is_taken_in_until_there_are_some(
    sink, path, connect, seven, caplog
):
    reader = connect()
    sink.write(seven)
    reader.line()
    waiting = socket.socket(socket.AF_UNIX)
    with waiting, no_descriptors_left():
        waiting.connect(str(path))
        wait_until(lambda: "no reader can be taken in, Too many open files" in caplog.text)
        sink.write(seven)
        assert reader.line() == json_line(seven)
    waiting = connect()
    sink.write(seven)
    assert waiting.line() == json_line(seven)


def test_the_file_is_there_while_it_runs_and_gone_at_the_end(path):
    with SocketSink(path) as sink:
        assert path.is_socket()
        with pytest.raises(InputError, match="in use by another process"):
            SocketSink(path)
    assert not path.exists()
    sink.close()
