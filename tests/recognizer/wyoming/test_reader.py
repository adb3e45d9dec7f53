import asyncio
import io
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wyoming.event import Event, write_event

from recognizer.errors import InputError
from recognizer.wyoming.limits import Limits
from recognizer.wyoming.reader import read_event, shown

LIMITS = Limits(header_bytes=2_000, data_bytes=1_000, payload_bytes=500, idle_seconds=30)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
datas = st.dictionaries(st.text(max_size=6), json_values, max_size=4).filter(
    lambda data: len(json.dumps(data)) < 300
)
events = st.builds(
    Event, st.text(max_size=20), datas, st.none() | st.binary(min_size=1, max_size=500)
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "type": json_values | st.just("ping"),
        "data": json_values,
        "data_length": json_values | st.integers(-1, 20),
        "payload_length": json_values | st.integers(-1, 20),
    },
)


def as_bytes(*written):
    stream = io.BytesIO()
    for event in written:
        write_event(event, stream)
    return stream.getvalue()


def read_all(data, cuts=(), limits=LIMITS):
    """Return the events in what a client sends before it ends the connection."""
    return asyncio.run(_read_all(data, cuts, limits))


async def _read_all(data, cuts, limits):
    reader = asyncio.StreamReader(limit=limits.header_bytes)
    feeding = asyncio.create_task(_feed(reader, data, cuts))
    found = []
    try:
        while (event := await read_event(reader, limits)) is not None:
            found.append(event)
    finally:
        await feeding
    return found


async def _feed(reader, data, cuts):
    for start, end in pairwise([0, *sorted(cuts), len(data)]):
        reader.feed_data(data[start:end])
        await asyncio.sleep(0)
    reader.feed_eof()


def refusal(data, **limits):
    with pytest.raises(InputError) as caught:
        read_all(data, limits=Limits(**limits) if limits else LIMITS)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 400
    return message


@given(st.lists(events, max_size=4), st.lists(st.integers(0, 2_000), max_size=6))
def test_what_the_package_writes_is_read_in_whatever_pieces_it_comes(written, cuts):
    assert read_all(as_bytes(*written), cuts) == written


def test_data_may_stand_in_the_header_and_behind_it():
    header = b'{"type": "detect", "data": {"a": 1, "b": 1}, "data_length": 8}\n'
    assert read_all(header + b'{"b": 2}') == [Event("detect", {"a": 1, "b": 2})]


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"{" + data + b"\n"))
def test_any_bytes_are_events_or_one_line_that_says_what_is_wrong(data):
    check_outcome(data)


@given(headers, st.binary(max_size=40) | datas.map(lambda data: json.dumps(data).encode()))
def test_any_header_is_an_event_or_one_line_that_says_what_is_wrong(header, behind):
    check_outcome(json.dumps(header).encode() + b"\n" + behind)


def check_outcome(data):
    try:
        found = read_all(data)
    except InputError as error:
        found, message = [], str(error)
    else:
        message = "expected"
    assert "expected" in message or "ended in the middle" in message
    assert "\n" not in message
    for event in found:
        assert isinstance(event.type, str)
        assert isinstance(event.data, dict)


@given(events, st.data())
def test_an_event_that_breaks_off_is_refused(event, draw):
    data = as_bytes(event)
    kept = draw.draw(st.integers(1, len(data) - 1))
    assert refusal(data[:kept]) == "the connection ended in the middle of an event"


@pytest.mark.parametrize(
    "header",
    [b"\n", b"nonsense\n", b"[]\n", b"7\n", b"\xff\xfe\n", b"[" * 1_500 + b"\n", b"{'a': 1}\n"],
)
def test_a_header_that_is_no_json_object_is_refused(header):
    assert refusal(header).startswith("the header line is b")


@pytest.mark.parametrize("kind", [b"", b'"type": null', b'"type": 7', b'"type": ["ping"]'])
def test_an_event_without_a_type_is_refused(kind):
    assert "has no type" in refusal(b"{" + kind + b"}\n")


@pytest.mark.parametrize("length", ["-1", "1e3", '"5"', "true", "[]", "1000000000", "9" * 1_000])
@pytest.mark.parametrize(("key", "most"), [("data_length", 1_000), ("payload_length", 500)])
def test_a_length_out_of_bounds_is_refused_before_anything_is_read(key, most, length):
    header = f'{{"type": "audio-chunk", "{key}": {length}}}\n'.encode()
    assert f"{key} is" in refusal(header + bytes(10_000))
    assert f"expected 0 to {most} bytes" in refusal(header)


@pytest.mark.parametrize("ending", [b"", b"\n", b'"}\n'])
def test_a_header_line_without_end_is_refused(ending):
    message = refusal(b'{"type": "' + b"a" * 5_000 + ending)
    assert message == "a header line is too long; expected at most 2000 bytes"


@pytest.mark.parametrize("data", [b"[1, 2]", b"nothing", b"\xff"])
def test_data_that_are_no_json_object_are_refused(data):
    header = f'{{"type": "detect", "data_length": {len(data)}}}\n'.encode()
    assert refusal(header + data).startswith("the data behind the header is b")
    assert "header's data is [1]" in refusal(b'{"type": "detect", "data": [1]}\n')


async def _read_without_end(data, limits):
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    return await read_event(reader, limits)


def test_a_client_that_says_nothing_is_given_up():
    with pytest.raises(InputError, match=r"nothing came for 0\.05 s"):
        asyncio.run(_read_without_end(b"", Limits(idle_seconds=0.05)))


@pytest.mark.parametrize("data", [b"{", b'{"type": "a", "payload_length": 9}\n12345678'])
def test_a_client_that_stops_within_an_event_is_given_up(data):
    with pytest.raises(InputError, match=r"not complete after 0\.05 s"):
        asyncio.run(_read_without_end(data, Limits(event_seconds=0.05)))


@given(json_values | st.text() | st.binary())
def test_whatever_is_shown_is_one_short_line(value):
    assert "\n" not in shown(value)
    assert len(shown(value)) <= 160


def test_depth_beyond_what_python_can_show_is_shown():
    value = []
    for _ in range(100_000):
        value = [value]
    assert "..." in shown(value)
