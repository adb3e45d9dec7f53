"""Streams in a pool hear what each would hear alone; too many of them are looked at less often."""

import gc
import logging
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer import AudioFile, Listener, Recognizer
from recognizer.audio import Block
from recognizer.commands.listen import DEMO
from recognizer.listener_pool import MOST_WAITING, ListenerPool
from recognizer.recognizer import Answer
from tests.tone_words import spoken

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
HOP = 1_600


@pytest.fixture(scope="module", params=["edge", "parallel"])
def recognizer(request):
    with Recognizer(request.param, "cpu") as recognizer:
        yield recognizer


@pytest.fixture(scope="module")
def sound():
    with AudioFile(DEMO) as recording:
        return np.concatenate([block.samples for block in recording])


def cut(samples, size):
    return [
        Block(samples[first : first + size], first / 16_000)
        for first in range(0, len(samples), size)
    ]


def alone(recognizer, samples):
    return list(Listener(recognizer, cut(samples, HOP)))


def is_near(found, expected):
    assert [(one.label, one.time) for one in found] == [(one.label, one.time) for one in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.confidence == pytest.approx(other.confidence, abs=1e-4)
        assert (one.start, one.end) == pytest.approx((other.start, other.end))


def test_each_stream_of_a_pool_gets_the_detections_that_it_gets_alone(recognizer, sound):
    half = len(sound) // 2
    sounds = [sound, sound[half:], np.roll(sound, half), 0.3 * sound, np.zeros_like(sound)]
    pool = ListenerPool(recognizer)
    sizes = (HOP, 700, 480, 5_000, 160)
    heard = hear_in_turns(pool, [cut(*each) for each in zip(sounds, sizes, strict=True)])
    assert len(pool) == 0
    for samples, found in zip(sounds, heard, strict=True):
        is_near(found, alone(recognizer, samples))
    assert tuple(one.label for one in heard[0]) == DIGITS


def test_streams_may_be_heard_in_threads_of_their_own(recognizer, sound):
    pool = ListenerPool(recognizer, clock=lambda: 0.0)
    heard = {pool.open(): [] for _ in range(4)}
    # In steps, so that no stream gets further ahead of the work than its windows may wait.
    step = threading.Barrier(len(heard) + 1)

    def hear(stream):
        for block in cut(sound, HOP):
            step.wait(60)
            stream.hear(block)
        stream.finish()

    def work():
        for stream, detection in pool.work():
            heard[stream].append(detection)

    with ThreadPoolExecutor(len(heard)) as threads:
        ends = [threads.submit(hear, stream) for stream in heard]
        for _ in cut(sound, HOP):
            step.wait(60)
            work()
    assert [end.result() for end in ends] == [None] * 4
    work()
    for found in heard.values():
        is_near(found, alone(recognizer, sound))


streams_with_gaps = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["low", "high"]), max_size=2),
        st.floats(0, 1.3, exclude_min=True),
        st.sampled_from([0.0, 0.005, 0.02, 0.3, 60.0]),
        st.integers(100, 16_000),
    ),
    min_size=1,
    max_size=4,
)


def with_gaps(parts):
    """Yield words, each followed by lost sound, and by an empty block where that is long."""
    time = 0.0
    for words, kept, gap, size in parts:
        samples = spoken(*words)
        for block in cut(samples[: round(kept * len(samples))], size):
            yield Block(block.samples, time + block.start)
        time += round(kept * len(samples)) / 16_000 + gap
        if gap >= 0.3:
            yield Block(samples[:0], time)


def hear_in_turns(pool, sounds):
    """Let a stream of the pool hear each of the sounds, with work after each block of all."""
    heard = {pool.open(): [] for _ in sounds}
    left = dict(zip(heard, map(iter, sounds), strict=True))
    while left:
        for stream, blocks in list(left.items()):
            block = next(blocks, None)
            if block is None:
                stream.finish()
                del left[stream]
            else:
                stream.hear(block)
        for stream, detection in pool.work():
            heard[stream].append(detection)
    return list(heard.values())


@given(sounds=st.lists(streams_with_gaps, min_size=1, max_size=4), vad=st.sampled_from([None, 1]))
@settings(max_examples=40, deadline=None)
def test_lost_sound_is_to_a_pool_what_it_is_to_a_listener(tones, sounds, vad):
    sounds = [list(with_gaps(parts)) for parts in sounds]
    pool = ListenerPool(tones, vad=vad, may_skip=False)
    found = hear_in_turns(pool, sounds)
    assert found == [list(Listener(tones, sound, vad=vad)) for sound in sounds]
    assert len(pool) == 0


def test_an_empty_block_that_is_late_tells_the_words_before_it(tones):
    pool = ListenerPool(tones, vad=None)
    stream = pool.open()
    for block in cut(spoken("high")[:22_400], HOP):
        stream.hear(block)
        assert list(pool.work()) == []
    stream.hear(Block(np.zeros(0, np.float32), 9.0))
    assert [(found, detection.label) for found, detection in pool.work()] == [(stream, "high")]


class Slow:
    """Answers with what is not a word, and takes its time."""

    labels = ("low", "other")
    thresholds = {"low": 0.5}  # noqa: RUF012 - a constant of a test
    frame_seconds = 0.02

    def __init__(self, seconds_a_window=0.0):
        self.now = 0.0
        self.seconds = seconds_a_window
        self.batches = []

    def clock(self):
        return self.now

    def classify_windows(self, windows):
        self.batches.append(len(windows))
        self.now += self.seconds * len(windows)
        frames = np.tile(np.array([0, 1], np.float32), (51, 1))
        return [Answer(frames[0], frames) for _ in windows]


def feed(pool, streams, classifier, hops):
    """Let streams hear noise in real time, with work after each hop; return how late it ended."""
    late = []
    noise = np.random.default_rng(0).normal(0, 0.1, HOP).astype(np.float32)
    for hop in range(hops):
        classifier.now = max(classifier.now, 0.1 * (hop + 1))
        for stream in streams:
            stream.hear(Block(noise, 0.1 * hop))
        list(pool.work())
        late.append(classifier.now - 0.1 * (hop + 1))
    return late


def test_windows_of_all_streams_are_classified_together_in_the_hop_in_which_they_are_heard():
    classifier = Slow()
    pool = ListenerPool(classifier, vad=None, clock=classifier.clock)
    streams = [pool.open() for _ in range(5)]
    feed(pool, streams, classifier, 20)
    assert classifier.batches == [5] * 11
    assert not any(stream.skipped for stream in streams)


def test_at_full_load_no_answer_is_later_than_a_hop():
    classifier = Slow(0.1 / 5)
    pool = ListenerPool(classifier, vad=None, clock=classifier.clock)
    streams = [pool.open() for _ in range(5)]
    assert max(feed(pool, streams, classifier, 60)) <= 0.1 + 1e-6
    assert not any(stream.skipped for stream in streams)


def test_too_many_streams_are_looked_at_less_often_and_that_is_told(caplog):
    classifier = Slow(2 * 0.1 / 5)
    pool = ListenerPool(classifier, vad=None, clock=classifier.clock)
    streams = [pool.open() for _ in range(5)]
    noise = np.random.default_rng(0).normal(0, 0.1, HOP).astype(np.float32)
    heard = 0
    with caplog.at_level(logging.WARNING):
        while heard < 300:
            # What arrived while the pool worked is heard after it.
            for _ in range(max(1, round(classifier.now / 0.1) - heard)):
                for stream in streams:
                    stream.hear(Block(noise, 0.1 * heard))
                heard += 1
            classifier.now = max(classifier.now, 0.1 * heard)
            list(pool.work())
            assert classifier.now - 0.1 * heard < 0.5, "no backlog builds up"
    assert all(0 < stream.skipped < 200 for stream in streams)
    assert 1 <= len(caplog.records) <= 1 + classifier.now / 10
    assert "too many streams, 5: windows skipped so far: " in caplog.text


def test_windows_that_waited_too_long_are_skipped_for_the_newest():
    classifier = Slow()
    pool = ListenerPool(classifier, vad=None, clock=classifier.clock)
    stream = pool.open()
    noise = np.random.default_rng(0).normal(0, 0.1, 16_000 + 4 * HOP).astype(np.float32)
    stream.hear(Block(noise, 0.0))
    classifier.now = 1.0
    list(pool.work())
    assert classifier.batches == [1]
    assert stream.skipped == 4


@given(seconds=st.integers(2, 30))
@settings(max_examples=10, deadline=None)
def test_what_nobody_works_on_takes_no_more_memory_than_some_windows(seconds):
    classifier = Slow()
    pool = ListenerPool(classifier, vad=None, clock=classifier.clock)
    stream = pool.open()
    stream.hear(Block(np.ones(seconds * 16_000, np.float32), 0.0))
    list(pool.work())
    total = 10 * (seconds - 1) + 1
    assert sum(classifier.batches) == min(total, MOST_WAITING)
    assert stream.skipped == total - sum(classifier.batches)


def test_a_stream_that_ends_leaves_the_pool_when_it_is_answered():
    classifier = Slow()
    pool = ListenerPool(classifier, clock=classifier.clock)
    first, second = pool.open(), pool.open()
    first.finish()
    assert len(pool) == 2
    list(pool.work())
    assert len(pool) == 1
    assert first.is_over
    assert not second.is_over


def test_a_stream_that_is_closed_leaves_the_pool_with_what_waits():
    classifier = Slow()
    pool = ListenerPool(classifier, vad=None, clock=classifier.clock)
    with pool.open() as stream:
        stream.hear(Block(np.ones(16_000, np.float32), 0.0))
    assert stream.is_over
    assert list(pool.work()) == []
    assert classifier.batches == []
    assert len(pool) == 0


def test_a_pool_that_may_not_skip_answers_every_window_however_late():
    classifier = Slow(seconds_a_window=1.0)
    pool = ListenerPool(classifier, vad=None, may_skip=False, clock=classifier.clock)
    stream = pool.open()
    stream.hear(Block(np.ones(5 * 16_000, np.float32), 0.0))
    list(pool.work())
    assert sum(classifier.batches) == 41
    assert stream.skipped == 0


def test_streams_that_are_closed_do_not_pile_up_while_nobody_works():
    pool = ListenerPool(Slow())
    closed = []
    for _ in range(20):
        with pool.open() as stream:
            closed.append(weakref.ref(stream))
    del stream
    last = pool.open()
    gc.collect()
    assert [stream() for stream in closed] == [None] * 20
    assert len(pool) == 1
    assert not last.is_over
