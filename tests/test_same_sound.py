"""The same sound gives the same digits, however and in whatever form it comes in.

Everything here is the bundled recording, heard with the bundled default model.
"""

import gc
import io
import os
import subprocess
import sys
import tempfile
import tracemalloc
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recognizer import AudioFile, Listener, Recognizer
from recognizer.commands.listen import DEMO, main
from recognizer.listener import DEFAULT_VAD
from recognizer.sources.capture_queue import CaptureQueue
from recognizer.sources.captured_sound import CapturedSound
from recognizer.sources.raw_stream import RawStream
from recognizer.sources.stream_clock import StreamClock
from tests.tone_words import blocks

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
RATE = 16_000
# Four, five and six, with the pauses around them, in seconds of the recording.
EXCERPT = (4.95, 9.35)
EXCERPT_DIGITS = ["four", "five", "six"]
TOLERANCE = 0.03
RUN = [
    sys.executable,
    "-c",
    "import sys; from recognizer.commands.listen import main; sys.exit(main())",
]

full_rates = st.sampled_from([22_050, 44_100, 48_000, 96_000]) | st.integers(RATE, 96_000)
low_rates = st.sampled_from([8_000, 11_025, 12_000]) | st.integers(8_000, RATE - 1)
channel_counts = st.integers(1, 8)


@pytest.fixture(scope="module")
def digits():
    with Recognizer(provider="cpu") as recognizer:
        yield recognizer


@pytest.fixture(scope="module")
def recording():
    return soundfile.read(DEMO, dtype="float32")[0]


@pytest.fixture(scope="module")
def excerpt(recording):
    start, end = EXCERPT
    return recording[round(start * RATE) : round(end * RATE)]


@pytest.fixture(scope="module")
def expected(digits, excerpt):
    """Return what is heard in the excerpt itself."""
    found = list(Listener(digits, blocks(excerpt)))
    assert labels(found) == EXCERPT_DIGITS
    return found


def labels(detections):
    return [detection.label for detection in detections]


def assert_same(found, expected, shift=0.0, tolerance=TOLERANCE):
    """Check the words and their places; those found start ``shift`` seconds later."""
    assert labels(found) == labels(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.start == pytest.approx(other.start + shift, abs=tolerance)
        assert one.end == pytest.approx(other.end + shift, abs=tolerance)


def at_rate(samples, rate):
    return samples if rate == RATE else soxr.resample(samples, RATE, rate).astype(np.float32)


def in_channels(samples, channels):
    return np.repeat(samples[:, np.newaxis], channels, axis=1)


def heard_in_file(digits, samples, rate, channels=1, subtype="PCM_16"):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.wav"
        soundfile.write(path, in_channels(at_rate(samples, rate), channels), rate, subtype)
        return list(Listener(digits, AudioFile(path)))


def from_microphone(frames, rate, size):
    """Yield the blocks that become of what an audio system hands over, ``size`` frames a time."""
    clock = StreamClock(lambda: 0.0)
    queue = CaptureQueue("microphone", len(frames), clock.clock)
    for first in range(0, len(frames), size):
        queue.put(frames[first : first + size], overflowed=False)
    queue.end()
    sound = CapturedSound(rate, "microphone", clock)
    for capture in queue.captures(stall_seconds=1):
        yield from sound.convert(capture)


def as_bytes(samples):
    """Return 16-bit samples as a pipe carries them."""
    return (np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes()


class Pipe(io.BytesIO):
    """Hands over as many bytes at a time as have arrived, the sizes over and over."""

    def __init__(self, data, sizes):
        super().__init__(data)
        self._sizes, self._turn = sizes, 0

    def read1(self, size=-1, /):
        self._turn += 1
        return self.read(min(size, self._sizes[self._turn % len(self._sizes)]))


@settings(max_examples=12)
@given(
    rate=full_rates,
    channels=channel_counts,
    subtype=st.sampled_from(["PCM_16", "PCM_32", "FLOAT"]),
)
def test_rates_channels_and_sample_types_of_a_file_change_nothing(
    digits, excerpt, expected, *, rate, channels, subtype
):
    assert_same(heard_in_file(digits, excerpt, rate, channels, subtype), expected)


@settings(max_examples=10)
@given(low_rates, channel_counts)
def test_clear_speech_at_a_low_rate_gives_the_same_labels(digits, excerpt, rate, channels):
    assert labels(heard_in_file(digits, excerpt, rate, channels)) == EXCERPT_DIGITS


@settings(max_examples=8)
@given(st.integers(2, 8), st.integers(0, 7))
def test_one_channel_that_hears_something_is_enough(digits, excerpt, channels, live):
    frames = np.zeros((len(excerpt), channels), np.float32)
    frames[:, live % channels] = excerpt
    assert labels(Listener(digits, from_microphone(frames, RATE, 320))) == EXCERPT_DIGITS


@settings(max_examples=10)
@given(rate=full_rates, channels=channel_counts, size=st.integers(16, 4_800))
def test_a_microphone_hears_what_a_file_holds(digits, excerpt, expected, *, rate, channels, size):
    frames = in_channels(at_rate(excerpt, rate), channels)
    assert_same(list(Listener(digits, from_microphone(frames, rate, size))), expected)


@settings(max_examples=10)
@given(full_rates, st.lists(st.integers(1, 20_000), min_size=1, max_size=4))
def test_standard_input_hears_what_a_file_holds(digits, excerpt, expected, rate, sizes):
    pipe = Pipe(as_bytes(at_rate(excerpt, rate)), [*sizes, 1_001])
    assert_same(list(Listener(digits, RawStream(pipe, rate))), expected)


@settings(max_examples=10)
@given(st.lists(st.integers(1, 10 * RATE), min_size=1, max_size=4), st.sampled_from([None, 1]))
@example([1], 1)
@example([10 * RATE], 1)
def test_blocks_from_one_sample_to_ten_seconds_change_nothing_at_all(
    digits, excerpt, expected, sizes, vad
):
    whole = expected if vad else list(Listener(digits, blocks(excerpt), vad=None))
    assert list(Listener(digits, blocks(excerpt, sizes), vad=vad)) == whole


@settings(max_examples=8)
@given(st.floats(0.03, 1.0))
def test_quiet_speech_gives_the_same_labels_with_and_without_the_gate(digits, excerpt, gain):
    quiet = np.frombuffer(as_bytes(gain * excerpt), "<i2").astype(np.float32) / 32_768
    for vad in (DEFAULT_VAD, None):
        assert labels(Listener(digits, blocks(quiet), vad=vad)) == EXCERPT_DIGITS


@settings(max_examples=15)
@given(st.integers(0, 2), st.floats(0, 1))
def test_a_cut_at_any_silence_changes_nothing_behind_it(digits, excerpt, expected, word, part):
    earliest = expected[word - 1].end + 0.1 if word else 0.0
    latest = expected[word].start - 0.1
    first = round((earliest + part * (latest - earliest)) * RATE)
    found = list(Listener(digits, blocks(excerpt[first:])))
    # Where words begin and end is measured against the quiet around them, and a cut takes from it.
    assert_same(found, expected[word:], shift=-first / RATE, tolerance=0.1)


def test_the_command_prints_the_same_for_a_file_and_for_standard_input(tmp_path, excerpt, capsys):
    path, data = tmp_path / "words.wav", as_bytes(excerpt)
    soundfile.write(path, np.frombuffer(data, "<i2"), RATE)
    assert main(["--input", str(path), "--json"]) == 0
    command = [*RUN, "--input", "-", "--json"]
    piped = subprocess.run(command, input=data, capture_output=True, check=True)
    assert piped.stdout.decode() == capsys.readouterr().out
    assert len(piped.stdout.splitlines()) == len(EXCERPT_DIGITS)


class Rounds:
    """A pipe with the same sound over and over, a second at a time, at 8 kHz."""

    def __init__(self, samples, rounds):
        data = as_bytes(samples)
        self._pieces = (
            data[first : first + 16_000]
            for _ in range(rounds)
            for first in range(0, len(data), 16_000)
        )

    def read1(self, _size=-1, /):
        return next(self._pieces, b"")


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory_in_use():
    """Return bytes that Python's objects hold, and bytes that the whole process has in memory."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0], resident_bytes()


@pytest.fixture
def traced():
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.usefixtures("traced")
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc/self/statm here")
def test_two_hours_take_no_more_memory_than_a_quarter_of_one_and_no_word_drifts(digits, recording):
    seconds, rounds = 240, 30
    sound = np.random.default_rng(0).normal(0, 1e-4, seconds * 8_000).astype(np.float32)
    words = at_rate(recording, 8_000)
    sound[: len(words)] += words
    heard = iter(Listener(digits, RawStream(Rounds(sound, rounds), 8_000)))
    first_round = list(islice(heard, len(DIGITS)))
    for turn in range(1, rounds):
        assert_same(list(islice(heard, len(DIGITS))), first_round, shift=turn * seconds)
        if turn * seconds == 720:
            objects_then, process_then = memory_in_use()
    objects_now, process_now = memory_in_use()
    assert list(heard) == []
    # Python's and NumPy's own caches fill by some 30 kB; 16 bytes for each frame are 3 MB.
    assert objects_now - objects_then < 100_000
    assert process_now - process_then < 4_000_000
