import itertools
from pathlib import Path

import numpy as np
import pytest

from recognizer.metadata import OTHER
from tests.synthetic_recordings import PITCHES, burst
from training.canvases import CANVAS, word_bounds
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind, Split
from training.recordings.passages import Passage, SaidWord
from training.stream_examples import StreamDrawer
from training.tracks import UNDECIDED

LABELS = ("one", "two", OTHER)
TALK = Path("talk")


def as_int16(samples: np.ndarray) -> np.ndarray:
    return np.round(samples * 32767).astype(np.int16)


def word(label: str, name: str) -> Clip:
    place = Path(name)
    return Clip(place, label, "words", "anna", Split.TRAINING, Kind.WORD, word=name)


CLIPS = [word("one", "one"), word("two", "two"), word(OTHER, "happy")]
SOUNDS = {
    **{clip.path: as_int16(burst(clip.word)) for clip in CLIPS},
    TALK: as_int16(np.concatenate([burst("no", 1.0), burst("two", 0.5), burst("yes", 1.0)])),
}
AUDIO = AudioStore(SOUNDS, ())


def passage(*labels: str | None) -> Passage:
    times = (0.0, 1.0, 1.5, 2.5)
    words = [
        SaidWord(label, start, end)
        for label, start, end in zip(labels, times[:-1], times[1:], strict=True)
    ]
    return Passage(TALK, Split.TRAINING, tuple(words))


def extents(clips):
    return {clip: word_bounds(clip, SOUNDS[clip.path]) for clip in clips}


def draw(passages, count=100, clips=CLIPS):
    drawer = StreamDrawer(extents(clips), passages, AUDIO, LABELS)
    rng = np.random.default_rng(0)
    return [drawer.draw(rng) for _ in range(count)]


def pitch(sound: np.ndarray) -> str:
    power = np.abs(np.fft.rfft(sound, 16_000))
    return min(PITCHES, key=lambda name: abs(PITCHES[name] - power.argmax()))


def test_stretches_are_canvases_whose_windows_are_undecided():
    for example in draw([passage(OTHER, "two", OTHER)]):
        assert example.canvas.shape == (CANVAS,)
        assert example.canvas.dtype == np.float32
        assert np.abs(example.canvas).max() <= 1
        assert example.target == UNDECIDED


def test_words_sound_where_the_track_says_they_do():
    heard = set()
    for example in draw([passage(OTHER, "two", OTHER)]):
        for spoken in example.words:
            first, last = max(round(spoken.start), 0), min(round(spoken.end), CANVAS)
            if last - first > 4_000:
                heard.add(LABELS[spoken.label])
                assert pitch(example.canvas[first:last]) == LABELS[spoken.label]
    assert heard == {"one", "two"}


def test_words_that_may_be_taken_for_keywords_stay_undecided():
    examples = draw([passage(OTHER, None, "two")])
    assert UNDECIDED in {spoken.label for example in examples for spoken in example.words}


def test_speech_without_keywords_has_no_label():
    talks = [example for example in draw([passage(OTHER, OTHER, OTHER)]) if not example.words]
    assert 10 < len(talks) < 50


def test_composed_strings_have_words_back_to_back_apart_and_twice_in_a_row():
    gaps, twice = [], False
    for example in draw([], 200):
        spoken = sorted(example.words, key=lambda item: item.start)
        for before, after in itertools.pairwise(spoken):
            gaps.append((after.start - before.end) / 16_000)
            twice = twice or before.label == after.label
    assert min(gaps) >= -0.021
    assert np.mean(np.array(gaps) < 0.03) > 0.2
    assert np.mean(np.array(gaps) > 0.1) > 0.2
    assert twice


def test_composed_words_are_about_equally_loud():
    quiet = {**SOUNDS, Path("one"): SOUNDS[Path("one")] // 50}
    drawer = StreamDrawer(extents(CLIPS[:1]), (), AudioStore(quiet, ()), LABELS)
    example = drawer.draw(np.random.default_rng(1))
    assert np.abs(example.canvas).max() == pytest.approx(0.14, rel=0.7)
