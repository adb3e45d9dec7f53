from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.metadata import OTHER
from tests.synthetic_recordings import burst, hiss
from training.recordings.clip import Clip, Kind, Split
from training.streams.compose import GAPS, LEVEL, compose, cut_take, digit_strings, single_words

RATE = 16_000
NOISE = np.round(hiss(0.7) * 32_767).astype(np.int16)
SEEDS = st.integers(0, 1000)


def clip(label, *, kind=Kind.WORD, speaker="ann", source="talks", **more):
    return Clip(Path(f"{label}.wav"), label, source, speaker, Split.TESTING, kind, **more)


def recording(word, before=0.3, behind=0.4):
    """Return a word of 0.4 s between faint noise, int16."""
    sound = np.pad(burst(word), (round(before * RATE), round(behind * RATE)))
    sound = sound + np.random.default_rng(0).normal(0, 1e-4, len(sound))
    return np.round(sound * 32_767).astype(np.int16)


def take(word, **more):
    return cut_take(clip(word, **more), recording(word))


TAKES = [take(word, speaker=name) for name in ("ann", "bob") for word in ("one", "two", "three")]


def strings(count, seed):
    return digit_strings(TAKES, count, np.random.default_rng(seed), seed)


def played(phrases, seed=0, snr=20.0):
    return compose("a.flac", phrases, NOISE, snr, np.random.default_rng(seed))


def rms(samples):
    return float(np.sqrt(np.mean(np.square(samples.astype(np.float64) / 32_767))))


def stretch(scene, start, end):
    return scene.samples[round(start * RATE) : round(end * RATE)]


def test_a_recorded_word_is_cut_where_it_sounds():
    found = take("one")
    assert found.length / RATE == pytest.approx(0.4, abs=0.05)
    assert found.first / RATE == pytest.approx(0.2, abs=0.03), "with what is before it"


def test_a_segment_is_cut_at_its_times():
    found = cut_take(clip("one", kind=Kind.SEGMENT, start=0.35, end=0.6), recording("one"))
    assert found.length == round(0.25 * RATE)
    assert found.samples[0] == 0, "it fades in from its neighbour"


def test_a_segment_that_ends_behind_its_recording_ends_with_it():
    found = cut_take(clip("one", kind=Kind.SEGMENT, start=0.35, end=9.0), recording("one"))
    assert found.first + found.length == len(found.samples)


@given(SEEDS)
def test_single_words_stand_where_the_scene_says_and_apart_by_seconds(seed):
    rng = np.random.default_rng(seed)
    scene = played(single_words(TAKES[:3], rng), seed)
    words = [phrase.words[0] for phrase in scene.phrases]
    assert [word.label for word in words] == ["one", "two", "three"]
    for before, word in zip([None, *words], [*words, None], strict=True):
        end = scene.seconds if word is None else word.start
        assert 1.999 <= end - (before.end if before else 0.0) <= 4.001
    for word in words:
        assert rms(stretch(scene, word.start, word.end)) == pytest.approx(LEVEL, rel=0.1)


@given(SEEDS)
def test_strings_have_three_to_eight_digits_of_one_speaker_with_short_gaps(seed):
    found = strings(4, seed)
    assert [string[0].take.clip.speaker for string in found[:2]] in (["ann", "bob"], ["bob", "ann"])
    for string in found:
        assert 3 <= len(string) <= 8
        assert len({placed.take.clip.speaker for placed in string}) == 1
    for phrase in played(found).phrases:
        pairs = pairwise(phrase.words)
        assert all(GAPS[0] - 1e-6 <= b.start - a.end <= GAPS[1] + 1e-4 for a, b in pairs)


def test_some_digits_are_said_twice_in_a_row():
    labels = [[placed.take.clip.label for placed in string] for string in strings(30, 0)]
    pairs = [pair for string in labels for pair in pairwise(string)]
    share = np.mean([one == other for one, other in pairs])
    assert 0.35 < share < 0.6, "a fifth beside the third that three labels bring"


def test_takes_whose_ends_are_hidden_are_in_no_string():
    long = cut_take(clip("four", kind=Kind.SEGMENT, start=0.0, end=0.9), recording("one"))
    found = digit_strings([*TAKES[:2], long], 9, np.random.default_rng(0), 0)
    assert {placed.take.clip.label for string in found for placed in string} == {"one", "two"}


def test_who_has_one_digit_says_no_strings_and_other_words_never_belong_to_one():
    takes = [take("one", speaker="cid"), take("yes", speaker="dan")]
    assert digit_strings(takes, 5, np.random.default_rng(0), 0) == []
    others = [cut_take(clip(OTHER, speaker="ann"), recording("yes"))] * 9
    found = digit_strings([*TAKES, *others], 9, np.random.default_rng(0), 0)
    assert OTHER not in {placed.take.clip.label for string in found for placed in string}


@given(SEEDS)
def test_a_seed_gives_the_same_scene_again(seed):
    assert np.array_equal(
        played(strings(2, seed), seed).samples, played(strings(2, seed), seed).samples
    )


@pytest.mark.parametrize("snr", [20.0, 0.0])
def test_noise_lies_below_the_words_by_the_given_ratio(snr):
    scene = played(single_words(TAKES[:1], np.random.default_rng(0)), snr=snr)
    ratio = LEVEL / rms(stretch(scene, 0.0, 1.5))
    assert 20 * np.log10(ratio) == pytest.approx(snr, abs=0.5)


def test_a_word_knows_what_is_said_and_where_it_was_cut_from():
    label = clip(OTHER, kind=Kind.SEGMENT, start=0.3, end=0.7, word="tree")
    scene = played(single_words([cut_take(label, recording("one"))], np.random.default_rng(0)))
    (phrase,) = scene.phrases
    assert str(phrase) == "tree"
    assert phrase.words[0].origin == "other.wav 0.30-0.70 s"
