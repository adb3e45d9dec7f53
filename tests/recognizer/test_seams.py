"""Where sound was lost: nothing heard is lost, and nothing is made up of both sides."""

from dataclasses import replace

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer import Block, Listener, Recognizer
from recognizer.commands.listen import DEMO
from recognizer.pipeline import SEAM_SECONDS
from tests.tone_words import PAUSE_SECONDS, RATE, WORD_SECONDS, blocks, spoken, word_start

WORDS = ("low", "high", "low", "high")
ANY_GAP = st.floats(0.02, 1e6)


def cut(samples, at, gap, sizes=(1600,)):
    """Yield a stream that lost nothing but time at this second."""
    first, second = samples[: round(at * RATE)], samples[round(at * RATE) :]
    yield from blocks(first, sizes)
    yield from moved(blocks(second, sizes), round(at * RATE) / RATE + gap)


def moved(stream, seconds):
    return (replace(block, start=block.start + seconds) for block in stream)


class Recording:
    """Hands windows on to a recognizer and keeps them."""

    def __init__(self, recognizer):
        self._recognizer = recognizer
        self.labels, self.thresholds = recognizer.labels, recognizer.thresholds
        self.frame_seconds = recognizer.frame_seconds
        self.windows = []

    def classify_window(self, window, /):
        self.windows.append(window.copy())
        return self._recognizer.classify_window(window)


@pytest.fixture(scope="module")
def edge():
    with Recognizer("edge", provider="cpu") as recognizer:
        yield recognizer


@pytest.fixture(scope="module")
def digits(edge):
    """Return the bundled recording and the words that are heard in it."""
    samples = soundfile.read(DEMO, dtype="float32")[0]
    return samples, list(Listener(edge, blocks(samples)))


@settings(max_examples=25)
@given(
    at=st.builds(
        lambda word, within: word_start(word) - within,
        st.integers(0, len(WORDS)),
        st.floats(0.05, PAUSE_SECONDS - 0.05),
    ),
    gap=ANY_GAP,
    vad=st.sampled_from([None, 1]),
    size=st.integers(100, 20_000),
)
def test_a_gap_in_silence_leaves_two_streams(tones, at, gap, vad, size):
    samples = spoken(*WORDS)
    first = samples[: round(at * RATE)]
    second = list(cut(samples, at, gap, [size]))[len(list(blocks(first, [size]))) :]
    apart = [*Listener(tones, blocks(first, [size]), vad=vad), *Listener(tones, second, vad=vad)]
    assert list(Listener(tones, cut(samples, at, gap, [size]), vad=vad)) == apart


@settings(max_examples=25)
@given(at=st.floats(1, 4.5), gap=ANY_GAP, size=st.integers(100, 20_000))
def test_no_window_holds_sound_of_both_sides(tones, at, gap, size):
    # Every sample is another number, so each window tells where it comes from.
    samples = np.arange(5 * RATE, dtype=np.float32) / (5 * RATE)
    recording = Recording(tones)
    list(Listener(recording, cut(samples, at, gap, [size]), vad=None))
    seam = round(at * RATE)
    for window in recording.windows:
        first = int(np.searchsorted(samples, window[0]))
        assert np.array_equal(window, samples[first : first + RATE])
        assert first + RATE <= seam or first >= seam


@settings(max_examples=25)
@given(part=st.floats(0.1, 0.9), gap=ANY_GAP, vad=st.sampled_from([None, 1]))
def test_a_word_cut_in_two_is_never_one_word(tones, part, gap, vad):
    at = word_start(1) + part * WORD_SECONDS
    found = list(Listener(tones, cut(spoken(*WORDS), at, gap), vad=vad))
    behind = at + gap
    for detection in found:
        assert detection.end <= at + 0.01 or detection.start >= behind - 0.01
    labels = [word.label for word in found if word.start >= behind + WORD_SECONDS]
    assert labels == ["low", "high"], "the words behind it are heard"
    assert [word.label for word in found if word.end <= word_start(1)] == ["low"]


def test_a_word_heard_whole_before_the_gap_is_reported(tones):
    samples = spoken("high")[: round((word_start(0) + WORD_SECONDS + 0.05) * RATE)]
    stream = [*blocks(samples), *moved(blocks(np.zeros(RATE, np.float32)), 100.0)]
    (found,) = Listener(tones, stream, vad=None)
    assert found.label == "high"
    assert found.time < 2


@pytest.mark.parametrize("vad", [None, 1])
def test_a_word_a_second_behind_the_gap_is_found(tones, vad):
    samples = np.concatenate([np.zeros(round(0.3 * RATE), np.float32), spoken("high")])
    stream = [*blocks(np.zeros(4 * RATE, np.float32)), *moved(blocks(samples), 1000.0)]
    (found,) = Listener(tones, stream, vad=vad)
    assert found.start == pytest.approx(1000 + 0.3 + word_start(0), abs=0.03)


@pytest.mark.parametrize("index", range(9))
def test_digits_on_both_sides_of_a_gap_are_heard(edge, digits, index):
    samples, words = digits
    at = (words[index].end + words[index + 1].start) / 2
    found = list(Listener(edge, cut(samples, at, 60.0)))
    assert [word.label for word in found] == [word.label for word in words]
    assert [word.start < at for word in found] == [n <= index for n in range(10)]


@pytest.mark.parametrize("index", range(2, 8))
@pytest.mark.parametrize("part", [0.3, 0.5, 0.7])
def test_a_gap_in_a_digit_spoils_no_other(edge, digits, index, part):
    samples, words = digits
    at = words[index].start + part * (words[index].end - words[index].start)
    found = list(Listener(edge, cut(samples, at, 60.0)))
    whole = [word.label for word in found if not at - 0.6 < word.start < at + 60.2]
    assert whole == [word.label for n, word in enumerate(words) if n != index]


def test_an_empty_block_that_is_late_lets_words_be_told_before_there_is_sound_again(tones):
    def lost():
        yield from blocks(spoken("high")[: round(1.4 * RATE)])
        yield Block(np.zeros(0, np.float32), 9.0)
        pytest.fail("asked for more sound before it reported the word")

    assert next(iter(Listener(tones, lost(), vad=None))).label == "high"


@pytest.mark.parametrize("vad", [None, 1])
def test_empty_blocks_change_nothing_else(tones, vad):
    samples = spoken(*WORDS)
    expected = list(Listener(tones, blocks(samples), vad=vad))
    with_empty = []
    for block in blocks(samples):
        with_empty += [Block(block.samples[:0], block.start), block]
    assert list(Listener(tones, with_empty, vad=vad)) == expected
    late = [Block(samples[:0], 50.0), *moved(blocks(samples), 60.0)]
    assert [found.label for found in Listener(tones, late, vad=vad)] == list(WORDS)


def test_a_source_that_rounds_its_times_loses_nothing(tones):
    expected = list(Listener(tones, blocks(spoken(*WORDS), [1601])))
    rounded = [replace(b, start=round(b.start, 2)) for b in blocks(spoken(*WORDS), [1601])]
    assert max(0.005, SEAM_SECONDS) == SEAM_SECONDS
    assert list(Listener(tones, rounded)) == expected


def test_the_monitor_sees_time_go_on_and_no_answer_from_before_the_gap(tones):
    samples, snapshots = spoken("low", "high"), []
    at = word_start(0) + 0.55
    stream = list(cut(samples, at, 20.0))
    watched = list(Listener(tones, stream, vad=None, monitor=snapshots.append))
    assert watched == list(Listener(tones, stream, vad=None))
    times = [snapshot.time for snapshot in snapshots]
    assert times == sorted(times)
    assert max(time for time in times if time < 20) <= at + 0.001
    behind = [snapshot for snapshot in snapshots if at + 20 < snapshot.time < at + 20.99]
    assert [snapshot.time for snapshot in behind] == pytest.approx(
        [at + 20 + 0.1 * n for n in range(1, 10)]
    )
    assert {snapshot.probabilities for snapshot in behind} == {None}
