import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from recognizer.audio import SAMPLE_RATE
from recognizer.commands.listen import DEMO
from recognizer.metadata import OTHER
from training.canvases import stretch_of
from training.progress import no_progress
from training.recordings.alignment import Aligner
from training.recordings.alignment_cache import AlignmentCache
from training.recordings.audio_store import read_recording
from training.recordings.clip import DIGITS, Clip, Kind, Split
from training.recordings.transcripts import Utterance
from training.recordings.untranscribed import without_keywords

pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")


@pytest.fixture
def talk(tmp_path):
    """Return a clip of a recording in which the ten digits are said."""
    path = Path(shutil.copy(DEMO, tmp_path / "talk.flac"))
    return Clip(path, OTHER, "talks", "ann", Split.TRAINING, Kind.SPEECH)


def utterance(clip, text=""):
    return Utterance(clip.path, clip.source, clip.speaker, text, clip.split)


def kept(clip, labels, text=""):
    return without_keywords([clip], [utterance(clip, text)], labels, no_progress)


def test_what_is_left_of_a_recording_lies_around_the_keywords_in_it(talk):
    text, aligner = " ".join(DIGITS), Aligner()
    words = {word.name: word for word in aligner.align(read_recording(talk.path), text)}
    before, behind = kept(talk, ("four",))
    assert before == replace(talk, end=before.end)
    assert before.end == pytest.approx(words["four"].start - 0.2, abs=0.1)
    assert behind == replace(talk, start=behind.start)
    assert behind.start == pytest.approx(words["four"].end + 0.2, abs=0.1)
    samples = read_recording(talk.path)
    assert len(stretch_of(before, samples)) == round(before.end * SAMPLE_RATE)
    assert len(stretch_of(behind, samples)) == len(samples) - round(behind.start * SAMPLE_RATE)


def test_stretches_of_less_than_a_second_are_left_out(talk):
    clips = kept(talk, DIGITS)
    assert all((clip.end or 1e9) - clip.start >= 1 for clip in clips)
    assert not any(clip.start < 4 < (clip.end or 1e9) for clip in clips)


def test_what_is_left_behind_the_last_keyword_is_a_second_at_least(talk):
    samples, last = read_recording(talk.path), kept(talk, ("four",))[1]
    for seconds, count in ((1.1, 2), (0.9, 1)):
        end = round((last.start + seconds) * SAMPLE_RATE)
        soundfile.write(talk.path, samples[:end], SAMPLE_RATE)
        assert len(kept(talk, ("four",))) == count


def test_a_recording_without_keywords_stays_as_it_is(talk):
    assert kept(talk, ("lamp",)) == [talk]


def test_nothing_else_is_listened_to(talk, cache):
    assert kept(talk, ("four",), text="never mind") == [talk]
    for kind in (Kind.WORD, Kind.SEGMENT, Kind.NOISE):
        assert kept(replace(talk, kind=kind), ("four",)) == [replace(talk, kind=kind)]
    assert not cache.exists()


def test_a_recording_that_cannot_be_read_stays_for_others_to_tell(talk):
    talk.path.write_bytes(b"no sound")
    assert kept(talk, ("four",)) == [talk]


def test_what_was_heard_is_not_listened_to_again(talk, cache):
    clips = kept(talk, ("four",))
    stored = cache.read_bytes()
    assert kept(talk, ("four",)) == clips
    assert cache.read_bytes() == stored
    assert AlignmentCache(cache)._known
