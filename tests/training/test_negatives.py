from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognizer.metadata import OTHER
from training.canvases import CANVAS
from training.mixture import Mixture, sort_into_cells
from training.negatives import MISTAKEN, NegativeDrawer, Stretch
from training.recordings.alignment import Aligned
from training.recordings.audio_store import AudioStore
from training.recordings.clip import Clip, Kind, Split
from training.recordings.passages import Passage, SaidWord
from training.said_phones import SaidPhones
from training.tracks import UNDECIDED, Spoken

LABELS = ("one", OTHER)


def clip(name: str, label: str = OTHER, kind: Kind = Kind.SPEECH, source: str = "talks") -> Clip:
    return Clip(Path(name), label, source, "s", Split.TRAINING, kind, word=name)


ONE = clip("one", "one", Kind.WORD)
CUT_OUT = clip("cut out", kind=Kind.SEGMENT)
TALK = clip("talk")
RAIN = clip("rain", kind=Kind.NOISE, source="noise")
HAPPY = clip("happy", kind=Kind.WORD)
CLIPS = (ONE, CUT_OUT, TALK, RAIN, HAPPY)
# Every sample of a recording is its place in tenths of a second, so a window tells where it is.
AUDIO = AudioStore({c.path: np.repeat(np.arange(30, dtype=np.int16), 1_600) for c in CLIPS}, ())
PASSAGE = Passage(
    TALK.path,
    Split.TRAINING,
    (SaidWord(OTHER, 0.2, 0.5), SaidWord(None, 1.0, 1.4), SaidWord(OTHER, 1.4, 2.0)),
)


def drawer(clips=CLIPS, weights=None) -> NegativeDrawer:
    cells = sort_into_cells(clips, LABELS, Mixture(cell_weights=weights or {}))
    phones = SaidPhones({TALK.path: (Aligned("AH", 1.0, 1.2),)})
    return NegativeDrawer(cells, (PASSAGE,), AUDIO, phones)


def drawn(count=400, **options):
    return drawer(**options).draw(count, np.random.default_rng(0))


def test_stretches_come_from_whole_recordings_without_keywords():
    assert {stretch.clip for stretch in drawn()} == {TALK, RAIN, HAPPY}
    assert {stretch.clip for stretch in drawn(weights={"noise": 0.0})} == {TALK, HAPPY}


def test_cells_are_drawn_by_their_weights():
    stretches = drawn(900, weights={"noise": 4.0})
    assert [item.clip for item in stretches].count(RAIN) / 900 == pytest.approx(2 / 3, abs=0.06)


def test_stretches_lie_anywhere_but_about_what_may_sound_like_a_keyword():
    middles = [item.middle / 16_000 for item in drawn(2_000) if item.clip == TALK]
    assert min(middles) < 0.1
    assert max(middles) > 2.9
    assert not any(1.0 <= middle < 1.4 for middle in middles)


def test_without_any_negatives_nothing_is_drawn():
    assert drawn(clips=(ONE,)) == []


def test_mistaken_is_what_gets_a_keyword():
    stretches = [Stretch(RAIN, 16_000), Stretch(TALK, 30_000), Stretch(TALK, 40_000)]
    heard = []

    def answer(windows):
        heard.extend(windows[:, 8_000] * 32_768)
        keyword = np.array([0.0, MISTAKEN - 0.01, MISTAKEN + 0.01], dtype=np.float32)
        return np.stack([keyword, 1 - keyword], axis=1)

    assert drawer().mistaken(stretches, answer) == [stretches[2]]
    assert heard == [10, 18, 25]


def test_many_stretches_are_answered_batch_by_batch_and_stay_in_order():
    stretches = drawn(300)
    sizes = []

    def answer(windows):
        sizes.append(len(windows))
        return np.tile(np.float32([0.9, 0.1]), (len(windows), 1))

    assert drawer().mistaken(stretches, answer) == stretches
    assert sum(sizes) == len(stretches)
    assert max(sizes) == 128


def test_of_a_stretch_of_a_recording_nothing_else_is_heard():
    part = replace(TALK, start=1.0, end=2.0)
    item = drawer((ONE, part)).draw(1, np.random.default_rng(0))[0]
    canvas = drawer((ONE, part)).example(item).canvas * 32_768
    assert set(canvas[canvas > 0]) <= set(range(10, 20))
    middles = [s.middle / 16_000 for s in drawer((ONE, part)).draw(500, np.random.default_rng(0))]
    assert min(middles) >= 1.0
    assert max(middles) <= 2.0


def test_the_example_is_other_as_a_whole_and_says_nothing_of_frames():
    example = drawer().example(Stretch(TALK, 24_000))
    assert example.canvas[CANVAS // 2] * 32_768 == 15
    assert (example.target, example.source) == (1, "talks")
    assert example.words == (Spoken(UNDECIDED, 0, CANVAS),)
    assert example.phones == (Spoken(2, 4_000, 7_200),)
