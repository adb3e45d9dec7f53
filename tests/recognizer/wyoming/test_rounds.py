"""What comes during a round makes up the next one, and is classified together."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from recognizer import Listener, ListenerPool
from recognizer.audio import Block
from recognizer.wyoming.rounds import Rounds
from tests.tone_words import blocks, spoken

WORDS = ["low", "high"]


class Counting:
    """Hands windows on to a recognizer and keeps how many came together."""

    def __init__(self, recognizer):
        self._recognizer = recognizer
        self.labels, self.thresholds = recognizer.labels, recognizer.thresholds
        self.frame_seconds = recognizer.frame_seconds
        self.batches = []
        self.is_broken = False

    def classify_windows(self, windows, /):
        if self.is_broken:
            raise ValueError("broken")
        self.batches.append(len(windows))
        return self._recognizer.classify_windows(windows)


@pytest.fixture
def counting(tones):
    return Counting(tones)


@pytest.fixture
def pool(counting):
    return ListenerPool(counting, vad=None, may_skip=False)


def run(conversation):
    """Run what needs rounds, and all of the work that it leaves behind."""

    async def inside():
        with ThreadPoolExecutor(1) as executor:
            return await conversation(Rounds(executor))

    return asyncio.run(inside())


async def hear_all(rounds, pool, stream, sound):
    found = []
    for block in sound:
        found += await rounds.hear(pool, stream, lambda block=block: stream.hear(block))
    return found + await rounds.hear(pool, stream, stream.finish)


def second():
    return Block(np.zeros(16_000, np.float32), 0.0)


def hear_second(rounds, pool):
    stream = pool.open()
    return rounds.hear(pool, stream, lambda: stream.hear(second()))


def test_what_comes_during_a_round_is_classified_together(counting, pool):
    async def conversation(rounds):
        await asyncio.gather(*(hear_second(rounds, pool) for _ in range(12)))

    run(conversation)
    assert counting.batches == [1, 11]


def test_every_stream_gets_its_own_words_as_a_listener_finds_them(tones, pool):
    sounds = [
        list(blocks(spoken(*WORDS[:count]), [size]))
        for count, size in [(0, 1600), (1, 700), (2, 4_000), (2, 333), (1, 16_000)]
    ]

    async def conversation(rounds):
        talks = (hear_all(rounds, pool, pool.open(), sound) for sound in sounds)
        return await asyncio.gather(*talks)

    found = run(conversation)
    assert found == [list(Listener(tones, sound, vad=None)) for sound in sounds]
    assert len(pool) == 0


def test_streams_of_two_recognizers_share_a_round(counting, pool):
    other = ListenerPool(counting, vad=None, may_skip=False)

    async def conversation(rounds):
        await asyncio.gather(*(hear_second(rounds, each) for each in (pool, pool, other, other)))

    run(conversation)
    assert sorted(counting.batches) == [1, 1, 2]


def test_who_is_gone_is_left_out_and_harms_nobody(counting, pool):
    async def conversation(rounds):
        talks = [asyncio.create_task(hear_second(rounds, pool)) for _ in range(4)]
        await asyncio.sleep(0)
        # The first is in a round already, the second waits for the next.
        talks[0].cancel()
        talks[1].cancel()
        return await asyncio.gather(*talks, return_exceptions=True)

    found = run(conversation)
    assert [type(each) for each in found[:2]] == [asyncio.CancelledError] * 2
    assert found[2:] == [[], []]
    assert counting.batches == [1, 2]


def test_a_recognizer_that_fails_is_told_to_those_in_the_round_and_the_next_goes_on(counting, pool):
    async def conversation(rounds):
        counting.is_broken = True
        with pytest.raises(ValueError, match="broken"):
            await hear_second(rounds, pool)
        counting.is_broken = False
        return await hear_second(rounds, pool)

    assert run(conversation) == []
