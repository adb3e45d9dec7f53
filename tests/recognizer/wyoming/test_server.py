"""What a program that speaks Wyoming gets from the server."""

import asyncio
import subprocess
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.ping import Ping
from wyoming.wake import Detect, Detection

from recognizer.errors import InputError
from recognizer.listener import Listener
from recognizer.recognizer import Recognizer
from recognizer.wyoming.limits import Limits
from recognizer.wyoming.server import WyomingServer
from tests.tone_words import blocks, spoken
from tests.wyoming_clients import (
    Sender,
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

WORDS = ["low", "high", "high", "low"]
TWO_WORDS = pcm(spoken("low", "high"), 2)
FORMAT = {"rate": 16_000, "width": 2, "channels": 1}


def heard(tones, samples):
    return list(Listener(tones, blocks(samples)))


@pytest.mark.parametrize("transport", ["tcp", "unix"])
def test_words_are_answered_in_order_with_the_times_of_their_ends(serve, tones, transport):
    samples = spoken(*WORDS)
    answers = exchange(serve(transport).uri, sound(pcm(samples, 2)))
    assert names(answers) == WORDS
    for answer, expected in zip(answers, heard(tones, samples), strict=True):
        assert Detection.from_event(answer).timestamp == pytest.approx(1000 * expected.end, abs=1)


def test_it_describes_itself_as_a_wake_word_service_with_a_model_for_each_keyword(serve):
    (answer,) = exchange(serve(languages=("de",)).uri, [Describe().event()])
    (program,) = Info.from_event(answer).wake
    assert (program.name, program.installed) == ("digit-listen", True)
    assert program.version
    assert [model.name for model in program.models] == ["low", "high"]
    for model in program.models:
        assert model.phrase == model.name
        assert (model.version, model.languages, model.installed) == ("1.2.3", ["de"], True)
        assert "MIT" in model.attribution.name


def test_a_word_is_answered_before_more_sound_is_asked_for(serve):
    async def first_answer(uri):
        async with AsyncClient.from_uri(uri) as client:
            await client.write_event(AudioStart(**FORMAT).event())
            chunk = AudioChunk(**FORMAT, audio=pcm(spoken("high"), 2))
            await client.write_event(chunk.event())
            return await next_event(client)

    assert names([asyncio.run(first_answer(serve().uri))]) == ["high"]


def test_a_stream_without_a_keyword_is_not_detected(serve):
    assert kinds(exchange(serve().uri, sound(bytes(96_000)))) == ["not-detected"]


@pytest.mark.parametrize(
    "events", [[AudioStop()], [AudioStart(**FORMAT), AudioStop()]], ids=["unasked", "empty"]
)
def test_no_sound_is_not_detected(serve, events):
    answers = exchange(serve().uri, [event.event() for event in events])
    assert kinds(answers) == ["not-detected"]


def test_only_the_names_asked_for_are_reported(serve):
    answers = exchange(
        serve().uri, [Detect(names=["high"]).event(), *sound(pcm(spoken(*WORDS), 2))]
    )
    assert names(answers) == ["high", "high"]
    assert len(answers) == 2


def test_names_that_were_not_said_are_not_detected(serve):
    low = pcm(spoken("low"), 2)
    assert kinds(exchange(serve().uri, [Detect(names=["high"]).event(), *sound(low)])) == [
        "not-detected"
    ]


@pytest.mark.parametrize("asked", [None, []])
def test_a_detect_without_names_asks_for_all_again(serve, asked):
    events = [Detect(names=["high"]).event(), Detect(names=asked).event(), *sound(TWO_WORDS)]
    assert names(exchange(serve().uri, events)) == ["low", "high"]


def test_an_unknown_name_is_told_with_the_known_ones_and_the_others_are_heard(serve):
    error, *answers = exchange(
        serve().uri, [Detect(names=["high", "alexa"]).event(), *sound(TWO_WORDS)]
    )
    assert error.data["text"] == "detect: no keyword is called 'alexa'; expected low, high"
    assert names(answers) == ["high"]


@pytest.mark.parametrize(
    ("start", "chunk", "origin"),
    [(None, None, 0), (5_000, None, 5_000), (None, 7_000, 7_000), (5_000, 7_000, 5_000)],
)
def test_times_count_from_the_clients_own(serve, tones, start, chunk, origin):
    samples = spoken("low")
    audio = AudioChunk(**FORMAT, audio=pcm(samples, 2), timestamp=chunk)
    events = [AudioStart(**FORMAT, timestamp=start).event(), audio.event(), AudioStop().event()]
    (answer,) = exchange(serve().uri, events)
    (expected,) = heard(tones, samples)
    assert answer.data["timestamp"] == pytest.approx(origin + 1000 * expected.end, abs=1)


def test_a_stream_may_begin_with_its_first_chunk(serve):
    _, *events = sound(TWO_WORDS)
    assert names(exchange(serve().uri, events)) == ["low", "high"]


def test_a_second_audio_start_begins_anew(serve):
    *unfinished, _ = sound(TWO_WORDS[: 2 * 19_000])
    answers = exchange(serve().uri, [*unfinished, *sound(TWO_WORDS, timestamp=60_000)])
    assert names(answers) == ["low", "high"]
    assert all(answer.data["timestamp"] > 60_000 for answer in answers)


def test_one_stream_may_follow_another_in_another_format(serve):
    wide = pcm(spoken("high", rate=48_000)[:, np.newaxis].repeat(2, axis=1), 4)
    events = [*sound(TWO_WORDS), *sound(wide, rate=48_000, width=4, channels=2)]
    assert names(exchange(serve().uri, events)) == ["low", "high", "high"]


def test_the_end_of_the_connection_is_the_end_of_the_stream(serve):
    *unfinished, _ = sound(TWO_WORDS[: 2 * 22_000])
    assert names(Sender(serve().uri, unfinished).answers()) == ["low"]


def test_pings_are_answered_and_unknown_events_left_alone(serve):
    async def talk(uri):
        async with AsyncClient.from_uri(uri) as client:
            await client.write_event(Event("played"))
            await client.write_event(Ping(text="hello").event())
            return await next_event(client)

    answer = asyncio.run(talk(serve().uri))
    assert (answer.type, answer.data["text"]) == ("pong", "hello")


@pytest.mark.parametrize("vad", [None, 3])
def test_settings_of_the_listener_reach_the_streams(serve, tones, vad):
    counting = Counting(tones)
    noise = np.random.default_rng(0).normal(0, 1e-4, 64_000)
    exchange(serve(recognizer=counting, hop=0.5, vad=vad).uri, sound(pcm(noise, 2)))
    assert counting.windows == (0 if vad else 7)


class Counting:
    """Hands windows on to a recognizer, when it may, and counts them."""

    def __init__(self, recognizer):
        self._recognizer = recognizer
        self.metadata, self.keywords = recognizer.metadata, recognizer.keywords
        self.labels, self.thresholds = recognizer.labels, recognizer.thresholds
        self.frame_seconds = recognizer.frame_seconds
        self.windows = 0
        self.largest = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def classify_windows(self, windows, /):
        self.windows += len(windows)
        self.largest = max(self.largest, len(windows))
        assert self.may_go_on.wait(60)
        return self._recognizer.classify_windows(windows)


class OneByOne:
    """Asks what answers many windows at once for one at a time."""

    def __init__(self, recognizer):
        self.labels, self.thresholds = recognizer.labels, recognizer.thresholds
        self.frame_seconds = recognizer.frame_seconds
        self._recognizer = recognizer

    def classify_window(self, window, /):
        return self._recognizer.classify_windows(window[np.newaxis])[0]


@pytest.fixture
def busy(tones):
    """Return a recognizer that comes to nothing until it is let go."""
    counting = Counting(tones)
    counting.may_go_on.clear()
    yield counting
    counting.may_go_on.set()


def test_a_client_that_is_too_fast_waits_and_loses_nothing(serve, busy):
    samples = spoken(*WORDS, rate=96_000)[:, np.newaxis].repeat(8, axis=1)
    server = serve(recognizer=busy, vad=None)
    client = Sender(server.uri, sound(pcm(samples, 4), rate=96_000, width=4, channels=8))
    assert eventually(lambda: busy.windows > 0)
    # While the recognizer is busy with this client, another is answered.
    assert kinds(exchange(server.uri, [Describe().event()])) == ["info"]
    assert client.unsent > 10_000_000
    busy.may_go_on.set()
    assert names(client.answers()) == WORDS
    assert client.unsent == 0


def test_many_clients_are_heard_at_once_each_on_its_own(serve):
    words = [["low"], ["high", "low"], ["high", "high", "high"], WORDS, [], ["low", "low"]]
    formats = [(16_000, 2, 1), (8_000, 2, 2), (44_100, 3, 1), (48_000, 4, 8), (11_025, 1, 1)]
    server = serve("tcp")

    async def all_at_once():
        talks = []
        for index in range(12):
            rate, width, channels = formats[index % 5]
            frames = spoken(*words[index % 6], rate=rate)[:, np.newaxis].repeat(channels, axis=1)
            data = pcm(frames, width)
            events = sound(data, rate=rate, width=width, channels=channels, sizes=(4_001, 999))
            talks.append(exchanging(server.uri, events))
        return await asyncio.gather(*talks)

    answers = asyncio.run(all_at_once())
    assert [names(answer) for answer in answers] == words * 2


def test_clients_that_are_all_too_fast_share_batches_and_no_window_is_skipped(serve, busy, tones):
    expected = Counting(tones)
    list(Listener(OneByOne(expected), blocks(spoken(*WORDS)), vad=None, hop=0.02))
    server = serve(recognizer=busy, vad=None, hop=0.02)
    data = pcm(spoken(*WORDS), 2)
    clients = [Sender(server.uri, sound(data, sizes=(16_000,))) for _ in range(12)]
    assert eventually(lambda: busy.windows > 0)
    # All have begun, and what they sent waits for the end of the first round.
    assert eventually(lambda: all(client.unsent < len(data) for client in clients))
    assert kinds(exchange(server.uri, [Describe().event()])) == ["info"]
    busy.may_go_on.set()
    assert [names(client.answers()) for client in clients] == [WORDS] * 12
    assert busy.largest > 1
    assert busy.windows == 12 * expected.windows


def test_a_new_model_is_for_new_clients_and_the_others_keep_theirs(serve, write_model):
    names_of = {"labels": '["deep", "shrill", "other"]', "thresholds": '{"deep":0.5,"shrill":0.5}'}

    async def talk(server, other):
        async with AsyncClient.from_uri(server.uri) as client:
            await client.write_event(Ping().event())
            assert (await next_event(client)).type == "pong"
            server.use(other)
            *first, last = sound(TWO_WORDS)
            for event in first:
                await client.write_event(event)
            new = await exchanging(server.uri, sound(TWO_WORDS))
            await client.write_event(last)
            return [await next_event(client) for _ in range(2)], new

    with Recognizer(write_model("renamed.onnx", metadata=names_of), "cpu") as other:
        old, new = asyncio.run(talk(serve(), other))
    assert names(old) == ["low", "high"]
    assert names(new) == ["deep", "shrill"]


def test_one_client_more_than_allowed_is_told_so_until_there_is_room(serve):
    server = serve(limits=Limits(clients=1))
    with connect(server.uri) as first:
        first.sendall(b'{"type": "ping"}\n')
        assert first.recv(1)
        with connect(server.uri) as second:
            (answer,) = answers_to(second)
        assert answer.data["code"] == "too-many-clients"
        assert "1 clients are connected" in answer.data["text"]
    assert eventually(lambda: kinds(exchange(server.uri, [Describe().event()])) == ["info"])


def test_closing_ends_all_clients_and_frees_the_address(serve, tones):
    server = serve()
    clients = [connect(server.uri) for _ in range(4)]
    for client in clients:
        client.sendall(b'{"type": "ping"}\n')
        assert client.recv(1)
    uri = server.uri
    server.close()
    for client in clients:
        answers_to(client)
        client.close()
    with WyomingServer(uri, tones).start() as again:
        assert kinds(exchange(again.uri, [Describe().event()])) == ["info"]


def test_clients_that_come_while_the_server_closes_are_ended(serve):
    # Where in its coming closing meets a client is left to chance.
    for _ in range(50):
        server = serve()
        client = Sender(server.uri, sound(bytes(16_000)))
        server.close()
        assert set(kinds(client.answers())) <= {"not-detected"}


def test_closing_one_that_never_started_does_no_harm(tones):
    server = WyomingServer("tcp://:0", tones)
    server.close()
    assert server.uri == "tcp://:0"


def test_a_wrong_address_is_told_before_anything_starts(tones):
    with pytest.raises(InputError, match="is no address to listen on"):
        WyomingServer("localhost", tones)


def test_a_recognizer_that_fails_ends_one_client_and_not_the_server(serve, tones, caplog):
    failing = Counting(tones)
    failing.classify_windows = SimpleNamespace
    server = serve(recognizer=failing, vad=None)
    assert exchange(server.uri, sound(TWO_WORDS)) == []
    assert kinds(exchange(server.uri, [Describe().event()])) == ["info"]
    assert "TypeError" in caplog.text


def test_without_the_package_one_line_says_what_to_install():
    code = (
        "import sys; sys.modules['wyoming'] = None\n"
        "from recognizer import DigitListenError, Recognizer\n"
        "from recognizer.wyoming.server import WyomingServer\n"
        "try: WyomingServer('tcp://:0', Recognizer(provider='cpu'))\n"
        "except DigitListenError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "the Python package wyoming is missing; pip install 'digit-listen[wyoming]' brings it\n"
    )
