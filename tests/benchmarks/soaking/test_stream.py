"""The stream that a soak is made of."""

from itertools import pairwise

import numpy as np
import pytest

from benchmarks.soaking.sounds import NOISE_LEVELS, WORDS, Sound, other_sounds, words
from benchmarks.soaking.stream import SHORTEST_PAUSE, Stream

BEEP = Sound("beep", np.full(8000, 0.5, np.float32), "beep")
NOISE = Sound("noise", np.full(16_000, 0.1, np.float32))


def streamed(seconds, seed=0):
    return list(Stream([BEEP], [NOISE], seconds, np.random.default_rng(seed)))


@pytest.mark.parametrize("seconds", [60, 1000.5])
def test_it_is_as_long_as_asked_for_and_ends_quietly(seconds):
    pcm = np.concatenate([passage.pcm for passage in streamed(seconds)])
    assert len(pcm) == round(seconds * 16_000)
    assert np.abs(pcm[-4 * 16_000 :]).max() < 100


def test_words_stand_where_it_says_each_alone():
    passages = streamed(3600)
    pcm = np.concatenate([passage.pcm for passage in passages])
    found = [passage.word for passage in passages if passage.word]
    assert len(found) > 50
    for word in found:
        first, behind = round(word.start * 16_000), round(word.end * 16_000)
        assert np.abs(pcm[first:behind]).min() > 10_000
        assert np.abs(pcm[first - round(3.9 * 16_000) : first]).max() < 100
    gaps = [later.start - word.end for word, later in pairwise(found)]
    assert min(gaps) >= SHORTEST_PAUSE


def test_the_same_choices_give_the_same_stream():
    assert all(
        np.array_equal(one.pcm, other.pcm)
        for one, other in zip(streamed(300), streamed(300), strict=True)
    )


def test_the_bundled_recording_gives_each_word_and_there_is_noise_at_each_level():
    assert {sound.label for sound in words()} == set(WORDS)
    for sound in words():
        assert 0.2 < len(sound.samples) / 16_000 < 0.8
    others = other_sounds(np.random.default_rng(0))
    levels = [float(np.sqrt(np.mean(np.square(sound.samples)))) for sound in others]
    assert sorted(levels) == pytest.approx(sorted(6 * NOISE_LEVELS), rel=0.01)
