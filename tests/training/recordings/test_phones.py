import shutil
from pathlib import Path

import pytest
import soundfile

from recognizer.audio import SAMPLE_RATE
from recognizer.commands.listen import DEMO
from recognizer.metadata import OTHER
from training.progress import no_progress
from training.recordings.alignment import Aligner
from training.recordings.alignment_cache import AlignmentCache, alignment_key
from training.recordings.audio_store import load_audio, read_recording
from training.recordings.clip import DIGITS, Clip, Kind, Split
from training.recordings.phones import find_phones
from training.recordings.transcripts import Utterance

pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")

TEXT = " ".join(DIGITS)


@pytest.fixture
def talk(tmp_path):
    return Path(shutil.copy(DEMO, tmp_path / "talk.flac"))


@pytest.fixture
def two(tmp_path):
    """Return a recording of the word two alone."""
    word = read_recording(DEMO)[round(3.1 * SAMPLE_RATE) : round(3.8 * SAMPLE_RATE)]
    soundfile.write(tmp_path / "two.wav", word, SAMPLE_RATE)
    return tmp_path / "two.wav"


def utterance(path, text=TEXT, split=Split.TRAINING):
    return Utterance(path, "talks", "ann", text, split)


def clip(path, label, word="", split=Split.TRAINING, kind=Kind.WORD):
    return Clip(path, label, "words", "ann", split, kind, word=word)


def find(clips=(), utterances=()):
    paths = [item.path for item in (*clips, *utterances)]
    return find_phones(clips, utterances, load_audio(paths), no_progress)


def names(phones) -> str:
    return " ".join(item.name for item in phones)


def test_phones_of_utterances_are_those_of_their_text(talk):
    found = find(utterances=[utterance(talk)])
    assert set(found) == {talk}
    assert names(found[talk]).startswith("Z IH R OW W AH N T UW TH R IY")


@pytest.mark.parametrize(("label", "word"), [("two", ""), ("two", "two"), (OTHER, "too")])
def test_phones_of_a_word_alone_are_those_of_what_is_said(two, label, word):
    assert names(find([clip(two, label, word)])[two]) == "T UW"


def test_a_recording_that_serves_several_clips_is_known_by_its_text(talk):
    clips = [clip(talk, "two"), clip(talk, OTHER, "six", kind=Kind.SEGMENT)]
    found = find(clips, [utterance(talk)])
    assert set(found) == {talk}
    assert len(found[talk]) > len(DIGITS)


def test_what_is_said_by_others_than_those_who_train_is_left_out(two, talk):
    for split in (Split.VALIDATION, Split.TESTING):
        assert find([clip(two, "two", split=split)], [utterance(talk, split=split)]) == {}


def test_what_is_not_known_cannot_be_aligned_or_was_not_read_is_left_out(two, talk, tmp_path):
    unknown = [
        clip(two, OTHER),
        clip(talk, OTHER, kind=Kind.SPEECH),
        clip(talk, "x", kind=Kind.NOISE),
    ]
    assert find(unknown, [utterance(talk, text="")]) == {}
    assert find([clip(two, OTHER, "zzzq")], [utterance(talk, text="zero zzzq")]) == {}
    assert find([clip(two, OTHER, TEXT)]) == {}
    assert find([clip(tmp_path / "gone.wav", "two")]) == {}


def test_phones_are_kept_beside_words_and_used_again(two, cache, monkeypatch):
    version, samples = Aligner().version, read_recording(two)
    words = AlignmentCache(cache)
    key = alignment_key(samples.tobytes(), "two", version)
    words.put(key, Aligner().align(samples, "two"))
    words.save()
    first = find([clip(two, "two")])
    monkeypatch.setattr(Aligner, "align_phones", lambda *_: pytest.fail("aligned twice"))
    assert find([clip(two, "two")]) == first
    assert [item.name for item in AlignmentCache(cache).get(key)] == ["two"]
    assert names(first[two]) == "T UW"


def test_work_done_before_an_interruption_is_kept(two, talk, cache):
    def interrupt_late(items, _title):
        yield next(iter(items))
        raise KeyboardInterrupt

    clips, audio = [clip(two, "two"), clip(talk, "one")], load_audio([two, talk])
    with pytest.raises(KeyboardInterrupt):
        find_phones(clips, (), audio, interrupt_late)
    assert "UW" in cache.read_text()


def test_where_nothing_is_known_no_aligner_is_needed(two, monkeypatch):
    monkeypatch.setattr(Aligner, "__init__", lambda _: pytest.fail("aligner was loaded"))
    assert find([clip(two, OTHER)]) == {}
