import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.audio import SAMPLE_RATE
from recognizer.metadata import OTHER
from tests.synthetic_recordings import PITCHES, burst
from training.canvases import CANVAS, word_bounds
from training.recordings.alignment import PHONES, Aligned
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind, Split
from training.recordings.passages import Passage, SaidWord
from training.said_phones import SaidPhones
from training.stream_examples import StreamDrawer, window_target
from training.tracks import UNDECIDED, Spoken

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
OTHER_PLACE = LABELS.index(OTHER)
NOTHING_KNOWN = SaidPhones({})
ONE, TALKED = PHONES.index("AH"), PHONES.index("UW")
# Of "two" and "happy" alone no phones are known.
SOME_KNOWN = SaidPhones({Path("one"): (Aligned("AH", 0.1, 0.3),), TALK: (Aligned("UW", 1.1, 1.4),)})


def passage(*labels: str | None) -> Passage:
    times = (0.0, 1.0, 1.5, 2.5)
    words = [
        SaidWord(label, start, end)
        for label, start, end in zip(labels, times[:-1], times[1:], strict=True)
    ]
    return Passage(TALK, Split.TRAINING, tuple(words))


def extents(clips):
    return {clip: word_bounds(clip, SOUNDS[clip.path]) for clip in clips}


def draw(passages, count=100, clips=CLIPS, phones=NOTHING_KNOWN):
    drawer = StreamDrawer(extents(clips), passages, AUDIO, LABELS, phones)
    rng = np.random.default_rng(0)
    return [drawer.draw(rng) for _ in range(count)]


def pitch(sound: np.ndarray) -> str:
    power = np.abs(np.fft.rfft(sound, 16_000))
    return min(PITCHES, key=lambda name: abs(PITCHES[name] - power.argmax()))


def is_centred(example) -> bool:
    return example.slack == SAMPLE_RATE / 10


def test_stretches_are_canvases_of_which_most_are_about_a_word():
    examples = draw([passage(OTHER, "two", OTHER)], 400)
    for example in examples:
        assert example.canvas.shape == (CANVAS,)
        assert example.canvas.dtype == np.float32
        assert np.abs(example.canvas).max() <= 1
    assert np.mean([is_centred(example) for example in examples]) == pytest.approx(0.7, abs=0.07)
    assert {e.target for e in examples if not is_centred(e)} == {UNDECIDED}


def test_about_half_of_the_words_in_the_middle_are_keywords_where_others_are_most():
    words = [SaidWord(OTHER, at, at + 0.1) for at in np.arange(0, 2.4, 0.12)]
    words[9] = SaidWord("two", words[9].start, words[9].end)
    talk = Passage(TALK, Split.TRAINING, tuple(words))
    drawn = [example for example in draw([talk], 600, CLIPS[:1]) if is_centred(example)]
    from_talk = [e for e in drawn if {word.label for word in e.words} <= {LABELS.index("two")}]
    place = CANVAS // 2
    on_keyword = [any(w.start <= place < w.end for w in e.words) for e in from_talk]
    assert np.mean(on_keyword) == pytest.approx(0.5 + 0.5 / len(words), abs=0.1)


def test_a_keyword_alone_in_the_middle_is_the_target():
    examples = [e for e in draw([], 200, CLIPS[:2]) if is_centred(e)]
    assert {example.target for example in examples} == {0, 1}
    for example in examples:
        word = min(example.words, key=lambda w: abs(w.start + w.end - CANVAS))
        assert (word.start + word.end) / 2 == pytest.approx(CANVAS / 2, abs=1)
        assert example.target == word.label


def test_windows_about_or_beside_other_words_are_other():
    examples = [e for e in draw([passage(OTHER, "two", OTHER)], 200) if is_centred(e)]
    from_talk = [e for e in examples if pitch(e.canvas[:4_000]) in ("no", "yes")]
    assert from_talk
    assert {example.target for example in from_talk} == {OTHER_PLACE}


def test_windows_about_words_that_may_be_keywords_are_undecided():
    examples = [e for e in draw([passage(None, None, None)], 200, CLIPS[:1]) if is_centred(e)]
    assert {example.target for example in examples} == {UNDECIDED, 0}


labels_of_words = st.sampled_from([0, 1, OTHER_PLACE, UNDECIDED])


@given(
    label=labels_of_words,
    length=st.integers(1_600, 9_600),
    neighbours=st.lists(
        st.tuples(labels_of_words, st.integers(-CANVAS, CANVAS), st.integers(0, 9_600)), max_size=4
    ),
)
def test_a_window_is_other_where_another_word_is_near_else_undecided_where_one_may_be_near(
    label, length, neighbours
):
    middle = 12_000
    word = Spoken(label, middle - length / 2, middle + length / 2)
    others = [Spoken(place, middle + at, middle + at + long) for place, at, long in neighbours]
    heard = {label}
    for item in others:
        inside = np.arange(middle - 7_200, middle + 7_200)
        if np.count_nonzero((inside >= item.start) & (inside < item.end)) > 960:
            heard.add(item.label)
    target = window_target(word, others, OTHER_PLACE)
    assert (target == OTHER_PLACE) == (OTHER_PLACE in heard)
    if OTHER_PLACE not in heard:
        assert target == (UNDECIDED if UNDECIDED in heard else label)


def test_phones_of_running_speech_sound_where_they_are_said():
    heard = 0
    for example in draw([passage(OTHER, "two", OTHER)], phones=SOME_KNOWN):
        for phone in example.phones:
            first, last = max(round(phone.start), 0), min(round(phone.end), CANVAS)
            if last - first > 1_600 and phone.label == TALKED:
                heard += 1
                assert pitch(example.canvas[first:last]) == "two"
    assert heard > 10


def test_composed_words_have_their_phones_and_those_without_are_undecided():
    first, _ = word_bounds(CLIPS[0], SOUNDS[Path("one")])
    for example in draw([], phones=SOME_KNOWN):
        said = {(item.start, item.end) for item in example.phones if item.label == ONE}
        unknown = {(item.start, item.end) for item in example.phones if item.label == UNDECIDED}
        for word in example.words:
            if LABELS[word.label] == "one":
                assert (word.start + 1_600 - first, word.start + 4_800 - first) in said
            else:
                assert (word.start, word.end) in unknown


def test_phones_of_running_speech_without_alignment_are_not_known():
    examples = draw([passage(OTHER, "two", OTHER)])
    talks = [example for example in examples if example.phones is None]
    assert len(talks) > 20
    composed = [example for example in examples if example.phones is not None]
    assert {phone.label for example in composed for phone in example.phones} == {UNDECIDED}


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
    drawer = StreamDrawer(extents(CLIPS[:1]), (), AudioStore(quiet, ()), LABELS, NOTHING_KNOWN)
    example = drawer.draw(np.random.default_rng(1))
    assert np.abs(example.canvas).max() == pytest.approx(0.14, rel=0.7)
