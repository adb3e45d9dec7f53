"""A Wyoming client hears of the same digits as who gives the recording to digit-listen.

Everything here is the bundled recording, heard with the bundled default model.
"""

import asyncio
import io
import json
import tempfile
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wyoming.audio import wav_to_chunks

from recognizer import AudioFile, Listener, Recognizer
from recognizer.commands.listen import DEMO, main
from recognizer.wyoming.server import WyomingServer
from tests.wyoming_clients import exchange, exchanging, names, sound

RATE = 16_000
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
SUBTYPES = {1: "PCM_U8", 2: "PCM_16", 3: "PCM_24", 4: "PCM_32"}
# Four, five and six, with the pauses around them, in seconds of the recording.
EXCERPT = slice(round(4.95 * RATE), round(9.35 * RATE))


@pytest.fixture(scope="module")
def digits():
    with Recognizer(provider="cpu") as recognizer:
        yield recognizer


@pytest.fixture(scope="module")
def server(digits):
    with WyomingServer("tcp://:0", digits).start() as server:
        yield server


@pytest.fixture(scope="module")
def recording():
    return soundfile.read(DEMO, dtype="float32")[0]


def as_wav(samples, rate, width, channels):
    resampled = soxr.resample(samples, RATE, rate) if rate != RATE else samples
    frames = np.repeat(resampled[:, np.newaxis], channels, axis=1)
    file = io.BytesIO()
    soundfile.write(file, frames, rate, SUBTYPES[width], format="WAV")
    return file.getvalue()


def from_file(digits, wav):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.wav"
        path.write_bytes(wav)
        return [(d.label, round(1000 * d.end)) for d in Listener(digits, AudioFile(path))]


def as_events(wav, sizes):
    with wave.open(io.BytesIO(wav)) as file:
        yield from sound(
            file.readframes(file.getnframes()),
            rate=file.getframerate(),
            width=file.getsampwidth(),
            channels=file.getnchannels(),
            sizes=sizes,
        )


def times(answers):
    return [(answer.data["name"], answer.data["timestamp"]) for answer in answers]


@settings(max_examples=20)
@given(
    rate=st.sampled_from([8_000, 11_025, 22_050, 44_100, 48_000]) | st.integers(8_000, 96_000),
    width=st.integers(1, 4),
    channels=st.integers(1, 8),
    sizes=st.lists(st.integers(1, 60_000), min_size=1, max_size=4),
)
@example(rate=16_000, width=2, channels=1, sizes=[3_000_000])
@example(rate=16_000, width=3, channels=2, sizes=[97])
def test_rates_widths_channels_and_chunk_sizes_change_nothing_at_all(
    digits, server, recording, *, rate, width, channels, sizes
):
    wav = as_wav(recording[EXCERPT], rate, width, channels)
    answers = exchange(server.uri, as_events(wav, [*sizes, 1_001]))
    assert times(answers) == from_file(digits, wav)


def test_the_command_prints_what_a_client_is_answered(server, recording, tmp_path, capsys):
    wav = as_wav(recording, 44_100, 2, 2)
    (tmp_path / "words.wav").write_bytes(wav)
    assert main(["--input", str(tmp_path / "words.wav"), "--json"]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    with wave.open(io.BytesIO(wav)) as file:
        chunks = wav_to_chunks(file, 1_024, start_event=True, stop_event=True)
        answers = exchange(server.uri, [chunk.event() for chunk in chunks])
    assert names(answers) == DIGITS
    assert times(answers) == [(line["label"], round(1000 * line["end"])) for line in printed]


async def _all_at_once(uri, wavs):
    return await asyncio.gather(*(exchanging(uri, as_events(wav, (4_096,))) for wav in wavs))


def test_each_of_several_clients_has_its_own_digits(server, recording):
    second = recording[EXCERPT]
    wavs = [
        as_wav(recording, 48_000, 4, 2),
        as_wav(second, 8_000, 1, 1),
        as_wav(second, 22_050, 3, 8),
        as_wav(recording, 44_100, 2, 1),
    ]
    answers = asyncio.run(_all_at_once(server.uri, wavs))
    assert [names(answer) for answer in answers] == [DIGITS, DIGITS[4:7], DIGITS[4:7], DIGITS]
