from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from tests.synthetic_recordings import hiss, spoken
from training.recordings.clip import Clip, Kind, Split
from training.recordings.transcripts import Utterance
from training.streams.parts import PARTS, Choices, Material, Measure

KEYWORDS = ("one", "two")
SOUNDS = {
    **{Path(f"{word}.wav"): spoken(word, 0) for word in (*KEYWORDS, "yes")},
    **{Path(f"noise{n}.wav"): hiss(1.0, n) for n in range(3)},
    Path("talk.wav"): hiss(4.0),
    Path("unknown.wav"): hiss(3.0),
}


def load(paths):
    wanted = {path: SOUNDS[path] for path in paths if path in SOUNDS}
    return {path: np.round(sound * 32_767).astype(np.int16) for path, sound in wanted.items()}


def clip(name, label=OTHER, kind=Kind.WORD, speaker="ann"):
    return Clip(Path(f"{name}.wav"), label, "talks", speaker, Split.TESTING, kind)


def utterance(name, text):
    return Utterance(Path(f"{name}.wav"), "talks", "ann", text, Split.TESTING)


WORDS = [clip(word, word) for word in KEYWORDS] * 12
NOISE = [clip(f"noise{n}", kind=Kind.NOISE) for n in range(3)]
OTHERS = [clip("yes"), clip("talk", kind=Kind.SPEECH), clip("unknown", kind=Kind.SPEECH)]
SPOKEN = [
    utterance("one", "one"),
    utterance("two", "two yes"),
    utterance("talk", "yes"),
    utterance("unknown", ""),
]


def parts(what, clips=(*WORDS, *NOISE, *OTHERS), utterances=SPOKEN, limit=None):
    choices = Choices(limit, 20.0, 0, Path("streams"))
    return list(PARTS[what](Material(clips, utterances, KEYWORDS, load), choices))


def names(part):
    return sorted(scene.name for scene in part.scenes)


def test_utterances_of_digits_alone_and_those_with_other_words_are_apart():
    digits, embedded = parts("utterances")
    assert (names(digits), digits.measures) == (["one.wav"], Measure.STRINGS)
    assert (names(embedded), embedded.measures) == (["two.wav"], Measure.ALARMS)


def test_speech_and_noise_are_apart():
    speech, noise = parts("long", limit=60.0)
    assert names(speech) == ["talk.wav", "unknown.wav"]
    assert names(noise)[:3] == ["noise0.wav", "noise1.wav", "noise2.wav"]


def test_few_recordings_of_noise_are_varied_until_they_last_half_an_hour():
    _, noise = parts("long")
    assert 1800 <= sum(scene.seconds for scene in noise.scenes) < 1802
    assert "recordings (3)" in noise.title
    sounds = {scene.samples.tobytes() for scene in noise.scenes}
    assert len(sounds) == len(noise.scenes)


def test_speech_is_played_once_more_on_noise():
    speech, _ = parts("long")
    (noisy,) = parts("noisy")
    assert len(noisy.scenes) == len(speech.scenes)
    assert all(scene.name.startswith("streams/speech-") for scene in noisy.scenes)
    for quiet, loud in zip(speech.scenes, noisy.scenes, strict=True):
        added = loud.samples.astype(float) - quiet.samples
        ratio = np.mean(np.square(quiet.samples, dtype=float)) / np.mean(np.square(added))
        assert 10 * np.log10(ratio) == pytest.approx(20, abs=0.1)
        assert loud.source == quiet.source


def test_of_a_recording_nothing_but_its_stretches_is_played():
    talk = clip("talk", kind=Kind.SPEECH)
    speech, _ = parts("long", [replace(talk, end=0.2), replace(talk, start=0.4)])
    assert sorted(scene.seconds for scene in speech.scenes) == pytest.approx([0.2, 3.6])


def test_words_of_a_collection_without_keywords_are_speech():
    wake_word = replace(clip("yes"), source="wake words")
    speech, _ = parts("long", [*WORDS, clip("unknown", kind=Kind.SPEECH), wake_word])
    assert names(speech) == ["unknown.wav", "yes.wav"]
    speech, _ = parts("long", [*WORDS, clip("yes")])
    assert names(speech) == []


def test_every_keyword_is_said_once_ten_to_a_scene():
    (part,) = parts("isolated")
    assert [len(scene.phrases) for scene in part.scenes] == [10, 10, 4]
    assert names(part) == [f"streams/isolated-00{n}.flac" for n in (1, 2, 3)]
    assert all(len(phrase.words) == 1 for scene in part.scenes for phrase in scene.phrases)


def test_other_words_are_said_alone():
    (part,) = parts("words")
    (scene,) = part.scenes
    assert [word.label for phrase in scene.phrases for word in phrase.words] == [OTHER]
    assert part.measures == Measure.WORDS | Measure.ALARMS


def test_strings_use_about_as_many_words_as_there_are():
    (part,) = parts("strings")
    assert sum(len(scene.phrases) for scene in part.scenes) == 5


@pytest.mark.parametrize("what", PARTS)
def test_a_limit_makes_a_part_shorter_but_not_empty(what):
    for whole, short in zip(parts(what, limit=30.0), parts(what, limit=6.0), strict=True):
        seconds = sum(scene.seconds for scene in short.scenes)
        assert 0 < seconds <= 17
        assert seconds <= sum(scene.seconds for scene in whole.scenes)


@pytest.mark.parametrize("what", PARTS)
def test_the_same_seed_gives_the_same_sound(what):
    for one, other in zip(parts(what, limit=20.0), parts(what, limit=20.0), strict=True):
        assert names(one) == names(other)
        pairs = zip(one.scenes, other.scenes, strict=True)
        assert all(np.array_equal(a.samples, b.samples) for a, b in pairs)


@pytest.mark.parametrize("what", PARTS)
def test_without_recordings_there_are_no_scenes(what):
    assert all(part.scenes == () for part in parts(what, [], []))


def test_words_without_noise_are_one_line():
    with pytest.raises(InputError, match="no recordings of noise"):
        parts("isolated", WORDS)


def test_recordings_that_cannot_be_used_are_left_out():
    (part,) = parts("isolated", [*WORDS[:2], clip("broken", "one"), *NOISE])
    assert sum(len(scene.phrases) for scene in part.scenes) == 2
