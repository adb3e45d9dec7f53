"""Whatever one client does, it ends that client only."""

import asyncio
import contextlib
import gc
import json
import socket
import struct
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wyoming.audio import AudioChunk, AudioStart
from wyoming.client import AsyncClient
from wyoming.event import write_event
from wyoming.info import Describe

from recognizer.wyoming.limits import Limits
from tests.tone_words import spoken
from tests.wyoming_clients import (
    answers_to,
    connect,
    eventually,
    exchange,
    exchanging,
    kinds,
    names,
    next_event,
    pcm,
    sound,
)

WORDS = ["low", "high"]
SPOKEN = pcm(spoken(*WORDS), 2)
FORMAT = {"rate": 16_000, "width": 2, "channels": 1}


def message(kind, data=None, payload=b""):
    header = {"type": kind, "data": data or {}, "payload_length": len(payload)}
    return json.dumps(header).encode() + b"\n" + payload


def chunk(**changes):
    return message("audio-chunk", {**FORMAT, **changes}, bytes(320))


@pytest.fixture
def bystander(serve):
    """Return a server at whose end a client is still heard that was there from the start."""
    server = serve(limits=Limits(event_seconds=1.5, write_seconds=0.3))
    with connect(server.uri) as connection:
        *first, last, stop = (event for event in sound(SPOKEN, sizes=(2 * 20_000,)))
        stream = connection.makefile("wb")
        for event in first:
            write_event(event, stream)
        yield server
        for event in (last, stop):
            write_event(event, stream)
        connection.shutdown(socket.SHUT_WR)
        assert names(answers_to(connection)) == WORDS
        stream.close()


@pytest.fixture
def server(serve):
    return serve(limits=Limits(clients=32))


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (bytes(range(256)) * 8, "the header line is"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "the header line is"),
        (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\n", "the header line is"),
        (b"{" * 10_000 + b"\n", "the header line is"),
        (b'{"type": "' + b"a" * 200_000, "a header line is too long"),
        (b'{"type": "ping", "data_length": 1000000000}\n{}', "data_length is 1000000000"),
        (
            b'{"type": "audio-chunk", "payload_length": 1000000000}\n',
            "payload_length is 1000000000",
        ),
        (b'{"type": "audio-chunk", "payload_length": 9}\n1234', "not complete after"),
        (b'{"type": "audio-chu', "not complete after"),
        (chunk(rate=999), "audio-chunk: rate is 999; expected 1000 to 384000 Hz"),
        (chunk(rate=384_001), "rate is 384001"),
        (chunk(rate=-16_000), "rate is -16000"),
        (chunk(rate=16_000.0), "rate is 16000.0"),
        (chunk(rate=None), "rate is None"),
        (chunk(rate="16000"), "rate is '16000'"),
        (chunk(width=0), "width is 0; expected 1 to 4 bytes a sample"),
        (chunk(width=8), "width is 8"),
        (chunk(width=True), "width is True"),
        (chunk(channels=0), "channels is 0; expected 1 to 8 channels"),
        (chunk(channels=9), "channels is 9"),
        (chunk(timestamp="now"), "timestamp is 'now'; expected whole milliseconds"),
        (message("audio-start"), "audio-start: rate is None"),
        (message("audio-start", FORMAT) + chunk(rate=8_000), "audio-chunk: 8000 Hz, 2 bytes"),
        (message("detect", {"names": "low"}), "detect: names are 'low'; expected a list"),
        (message("detect", {"names": [["low"]]}), "detect: names are [['low']]"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_and_ends_the_client(bystander, data, complaint):
    with connect(bystander.uri) as connection:
        connection.sendall(data)
        *_, answer = answers_to(connection)
    assert answer.type == "error"
    assert complaint in answer.data["text"]
    assert "\n" not in answer.data["text"]


def test_sound_before_the_mistake_is_heard(bystander):
    with connect(bystander.uri) as connection:
        connection.sendall(message("audio-chunk", FORMAT, SPOKEN) + b"nonsense\n")
        answers = answers_to(connection)
    assert names(answers) == WORDS
    assert answers[-1].type == "error"


def test_sound_before_a_wrong_start_is_heard(bystander):
    with connect(bystander.uri) as connection:
        # Up to a moment at which the first word is not decided yet.
        unfinished = message("audio-chunk", FORMAT, SPOKEN[: 2 * 22_000])
        connection.sendall(unfinished + message("audio-start"))
        answers = answers_to(connection)
    assert names(answers) == WORDS[:1]
    assert answers[-1].type == "error"


def test_a_client_that_sends_one_byte_at_a_time_is_given_up(bystander):
    with connect(bystander.uri) as connection:
        waiting = threading.Event()
        with contextlib.suppress(ConnectionError):
            for _ in range(1_000):
                connection.sendall(b" ")
                waiting.wait(0.02)
        answers = answers_to(connection)
    assert "not complete after 1.5 s" in answers[0].data["text"]


def test_a_client_that_says_nothing_is_given_up(serve):
    with connect(serve(limits=Limits(idle_seconds=0.1)).uri) as connection:
        (answer,) = answers_to(connection)
    assert "nothing came for 0.1 s" in answer.data["text"]


def test_a_client_that_does_not_read_its_answers_is_given_up(bystander):
    with connect(bystander.uri) as connection, pytest.raises(ConnectionError):
        connection.sendall(message("describe") * 1_000_000)


def vanish(connection):
    """End a connection as a machine does that loses its power: without goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("transport", ["tcp", "unix"])
def test_a_client_that_vanishes_harms_nobody(serve, transport, caplog):
    server = serve(transport)
    for size in (1, 100, 20_000, len(SPOKEN)):
        connection = connect(server.uri)
        connection.sendall(message("audio-chunk", FORMAT, SPOKEN)[:size])
        vanish(connection)
    assert names(exchange(server.uri, sound(SPOKEN))) == WORDS
    assert "Traceback" not in caplog.text


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def tasks():
    return sum(issubclass(type(thing), asyncio.Task) for thing in gc.get_objects())


async def _visit(uri, index):
    async with AsyncClient.from_uri(uri) as client:
        if index % 4 == 0:
            await client.write_event(AudioStart(**FORMAT).event())
            await client.write_event(AudioChunk(**FORMAT, audio=SPOKEN[:16_000]).event())
        elif index % 4 == 1:
            await client.write_event(Describe().event())
            await next_event(client)


def wrong_visit(uri):
    with connect(uri) as connection:
        connection.sendall(b"nonsense\n")
        answers_to(connection)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc/self/fd here")
@pytest.mark.parametrize("transport", ["tcp", "unix"])
def test_two_hundred_clients_leave_nothing_behind(serve, transport):
    server = serve(transport)
    exchange(server.uri, sound(SPOKEN))
    gc.collect()
    before = (open_files(), threading.active_count(), tasks())
    for index in range(200):
        if index % 4 == 3:
            wrong_visit(server.uri)
        else:
            asyncio.run(_visit(server.uri, index))

    def nothing_is_left():
        gc.collect()
        return (open_files(), threading.active_count(), tasks()) == before

    assert eventually(nothing_is_left)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["low", "high", 16_000, 48_000, 1, 2, 3, 4, "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
TYPES = ["describe", "ping", "detect", "audio-start", "audio-chunk", "audio-stop", "transcribe"]
KEYS = ["rate", "width", "channels", "timestamp", "names", "text", "context"]
good_formats = st.fixed_dictionaries(
    {
        "rate": st.sampled_from([1_000, 16_000, 44_100, 384_000]),
        "width": st.integers(1, 4),
        "channels": st.integers(1, 8),
    }
)
messages = st.builds(
    message,
    st.sampled_from(TYPES) | st.text(max_size=5),
    good_formats | st.dictionaries(st.sampled_from(KEYS), json_values),
    st.binary(max_size=500),
)
sessions = st.lists(messages | st.binary(max_size=60), max_size=8).map(b"".join)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=sessions)
def test_any_session_ends_with_answers_and_the_server_goes_on(server, sent):
    with connect(server.uri) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        answers = answers_to(connection)
    allowed = {"info", "pong", "detection", "not-detected", "error"}
    assert set(kinds(answers)) <= allowed
    assert kinds(exchange(server.uri, [Describe().event()])) == ["info"]


async def _many_bad_one_good(uri):
    bad = [asyncio.to_thread(wrong_visit, uri) for _ in range(20)]
    *_, answers = await asyncio.gather(*bad, exchanging(uri, sound(SPOKEN)))
    return answers


def test_among_many_bad_clients_a_good_one_is_heard(server):
    assert names(asyncio.run(_many_bad_one_good(server.uri))) == WORDS


def test_bad_clients_do_not_flood_the_log(server, caplog):
    for _ in range(20):
        wrong_visit(server.uri)
    assert eventually(lambda: "ended: 15," in caplog.text)
    assert len(caplog.records) == 4
