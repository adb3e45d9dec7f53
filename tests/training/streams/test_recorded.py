from pathlib import Path

import numpy as np
import pytest

from recognizer.metadata import OTHER
from training.recordings.clip import DIGITS, Clip, Kind, Split
from training.recordings.transcripts import Utterance
from training.streams.recorded import (
    keywords_among_others,
    only_keywords,
    other_scene,
    transcribed_scene,
)


def utterance(text):
    return Utterance(Path(f"{text}.wav"), "talks", "ann", text, Split.TESTING)


TEXTS = ("two two oh", "oh", "one of us", "hello", "", "oh dear")
UTTERANCES = [utterance(text) for text in TEXTS]


def texts(items):
    return [item.text for item in items]


def test_utterances_of_digits_alone_may_hold_oh():
    assert texts(only_keywords(UTTERANCES, DIGITS)) == ["two two oh", "oh"]


def test_digits_and_oh_among_other_words():
    assert texts(keywords_among_others(UTTERANCES, DIGITS)) == ["one of us", "oh dear"]


def test_oh_is_a_word_like_any_where_zero_is_no_keyword():
    assert texts(only_keywords(UTTERANCES, ["two"])) == []
    assert texts(keywords_among_others(UTTERANCES, ["two"])) == ["two two oh"]


def test_an_utterance_is_one_phrase_in_which_oh_is_an_optional_zero():
    item = utterance("two oh")
    scene = transcribed_scene(item, {item.path: np.zeros(8_000, dtype=np.int16)})
    (phrase,) = scene.phrases
    assert [(word.label, word.optional) for word in phrase.words] == [
        ("two", False),
        ("zero", True),
    ]
    assert (phrase.start, phrase.end, phrase.source) == (0.0, pytest.approx(0.5), "talks")
    assert str(phrase) == "two oh"


def test_other_speech_is_a_scene_without_phrases():
    clip = Clip(Path("a.wav"), OTHER, "talks", "ann", Split.TESTING, Kind.SPEECH)
    scene = other_scene(clip, {clip.path: np.zeros(16_000, dtype=np.int16)})
    assert (scene.name, scene.source, scene.phrases, scene.seconds) == ("a.wav", "talks", (), 1.0)


def test_a_stretch_of_a_recording_is_a_scene_of_its_own():
    place = Clip(Path("a.wav"), OTHER, "talks", "ann", Split.TESTING, Kind.SPEECH, 0.5, 0.75)
    scene = other_scene(place, {place.path: np.arange(16_000, dtype=np.int16)})
    assert (scene.name, scene.start, scene.seconds) == ("a.wav", 0.5, 0.25)
    assert scene.samples[0] == 8_000
