import importlib.util
import sys

import numpy as np
import pytest

from recognizer.audio import SAMPLE_RATE
from recognizer.commands.listen import DEMO
from recognizer.errors import InputError
from tests.synthetic_recordings import hiss
from training.recordings.alignment import PHONES, Aligner
from training.recordings.audio_store import read_recording
from training.recordings.clip import DIGITS

needs_pocketsphinx = pytest.mark.skipif(
    importlib.util.find_spec("pocketsphinx") is None, reason="pocketsphinx is not installed"
)


@pytest.fixture(scope="module")
def aligner():
    return Aligner()


@needs_pocketsphinx
def test_words_are_found_where_they_are_said(aligner):
    samples = read_recording(DEMO)
    found = aligner.align(samples, " ".join(DIGITS))
    assert tuple(item.name for item in found) == DIGITS
    times = [time for item in found for time in (item.start, item.end)]
    assert times == sorted(times)
    level = np.abs(samples.astype(np.float32))
    bounds = [round(time * SAMPLE_RATE) for time in times]
    words = [level[a:b].mean() for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
    pauses = [level[a:b].mean() for a, b in zip(bounds[1:-1:2], bounds[2::2], strict=True)]
    assert min(words) > 10 * max(pauses)


@needs_pocketsphinx
def test_phones_are_found_inside_the_words_that_they_make(aligner):
    samples, text = read_recording(DEMO), " ".join(DIGITS)
    phones = aligner.align_phones(samples, text)
    times = [time for item in phones for time in (item.start, item.end)]
    assert times == sorted(times)
    assert all(item.end - item.start >= 0.03 for item in phones)
    for word in aligner.align(samples, text):
        inside = [p for p in phones if word.start - 0.1 < (p.start + p.end) / 2 < word.end + 0.1]
        assert " ".join(p.name for p in inside) in aligner.pronunciations(word.name)
        assert inside[0].start == pytest.approx(word.start, abs=0.1)
        assert inside[-1].end == pytest.approx(word.end, abs=0.1)


@needs_pocketsphinx
def test_phones_are_those_of_the_pronunciation_that_is_heard(aligner):
    samples = read_recording(DEMO)
    # Where "two" is said "to" is heard as "T UW", and neither as "T IH" nor as "T AH".
    two = samples[round(3.1 * SAMPLE_RATE) : round(3.8 * SAMPLE_RATE)]
    assert [item.name for item in aligner.align_phones(two, "to")] == ["T", "UW"]


@needs_pocketsphinx
def test_all_pronunciations_are_made_of_the_phones(aligner):
    words = ("measure", "judge", "choice", "these", "thing", "shout", "yellow", "her", "zoo")
    spoken = {
        name for word in words for sound in aligner.pronunciations(word) for name in sound.split()
    }
    assert spoken <= set(PHONES)
    assert len(PHONES) == 39


@needs_pocketsphinx
def test_a_text_with_an_unknown_word_is_not_aligned(aligner):
    assert aligner.align(read_recording(DEMO), "zero zzzq") == ()
    assert aligner.align_phones(read_recording(DEMO), "zero zzzq") == ()


@needs_pocketsphinx
@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.1])
def test_a_text_does_not_fit_into_less_sound_than_it_takes(aligner, seconds):
    samples = np.round(hiss(seconds) * 32767).astype(np.int16)
    assert aligner.align(samples, " ".join(DIGITS)) == ()
    assert aligner.align_phones(samples, " ".join(DIGITS)) == ()


@needs_pocketsphinx
def test_every_pronunciation_of_a_word_is_known(aligner):
    assert aligner.pronunciations("to") == {"T UW", "T IH", "T AH"}
    assert aligner.pronunciations("zzzq") == frozenset()


def test_without_the_package_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(
        InputError, match=r"pocketsphinx is missing.*\[train\]' brings it"
    ) as caught:
        Aligner()
    assert "\n" not in str(caught.value)
