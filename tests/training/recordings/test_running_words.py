import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.commands.listen import DEMO
from recognizer.metadata import OTHER
from tests.synthetic_recordings import write_table
from training.progress import no_progress
from training.recordings.alignment import Aligner
from training.recordings.clip import DIGITS, Kind, Split
from training.recordings.running_words import RunningSpeech, choose_words, running_speech
from training.recordings.splits import held_out_words
from training.recordings.transcripts import read_utterances

pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")

TEXT = " ".join(DIGITS)
LABELS = ("zero", "four")
WORDS = (*DIGITS, "to", "for", "won", "oh", "o", "tree", "there", "their", "b", "be", "zzzq")


@pytest.fixture(scope="module")
def aligner():
    return Aligner()


@pytest.fixture
def utterances(tmp_path):
    """Return ten digits as said by twenty speakers, two of whom validate and four of whom test."""
    rows = []
    for number in range(20):
        path = tmp_path / "talks" / f"{number}.flac"
        path.parent.mkdir(exist_ok=True)
        shutil.copy(DEMO, path)
        rows.append((f"talks/{number}.flac", "talks", f"speaker {number}", TEXT))
    write_table(tmp_path / "utterances.csv", ("path", "source", "speaker", "text"), rows)
    return read_utterances(tmp_path)


def cut(utterances, *splits):
    wanted = [item for item in utterances if item.split in splits]
    return list(running_speech(utterances, wanted, LABELS, no_progress).words)


def test_words_that_are_no_label_are_segments_of_other(utterances):
    clips = cut(utterances, Split.TRAINING)
    assert {(c.label, c.kind, c.source, c.split) for c in clips} == {
        (OTHER, Kind.SEGMENT, "talks", Split.TRAINING)
    }
    assert len({c.speaker for c in clips}) == 14
    assert {c.word for c in clips} == set(DIGITS) - set(LABELS) - held_out_words(DIGITS)
    assert all(0.15 <= c.end - c.start <= 0.85 for c in clips)


def test_other_splits_have_nothing_but_held_out_words(utterances):
    held_out = set(held_out_words(DIGITS)) - set(LABELS)
    assert held_out
    assert {c.word for c in cut(utterances, Split.VALIDATION, Split.TESTING)} == held_out
    assert held_out.isdisjoint(c.word for c in cut(utterances, Split.TRAINING))


def test_passages_have_every_word_with_its_label_and_times(utterances):
    passages = running_speech(utterances, utterances, ("zero", "four", "ate"), no_progress).passages
    assert len(passages) == len(utterances)
    for passage in passages:
        labels = [word.label for word in passage.words]
        assert labels == ["zero", OTHER, OTHER, OTHER, "four", OTHER, OTHER, OTHER, None, OTHER]
        times = [time for word in passage.words for time in (word.start, word.end)]
        assert times == sorted(times)


@pytest.mark.parametrize(("labels", "first"), [(DIGITS, "zero"), (LABELS, None)])
def test_oh_is_zero_among_nothing_but_digits(utterances, labels, first):
    item = replace(utterances[0], text=TEXT.replace("zero", "oh"))
    (passage,) = running_speech([item], [item], labels, no_progress).passages
    assert passage.words[0].label == first


def test_alignments_are_kept_and_used_again(utterances, cache, monkeypatch):
    first = cut(utterances, Split.TRAINING)
    assert cache.is_file()
    monkeypatch.setattr(Aligner, "align", lambda *_: pytest.fail("aligned twice"))
    assert cut(utterances, Split.TRAINING) == first


def test_a_changed_recording_is_aligned_anew(utterances):
    before = cut(utterances, Split.TRAINING)
    changed = next(item.path for item in utterances if item.split is Split.TRAINING)
    changed.write_text("no sound")
    assert {c.path for c in before} - {c.path for c in cut(utterances, Split.TRAINING)} == {changed}


def test_work_done_before_an_interruption_is_kept(utterances, cache):
    def interrupt_late(items, _title):
        yield next(iter(items))
        raise KeyboardInterrupt

    wanted = [item for item in utterances if item.split is Split.TRAINING]
    with pytest.raises(KeyboardInterrupt):
        running_speech(utterances, wanted, LABELS, interrupt_late)
    assert "seven" in cache.read_text()


def test_recordings_without_text_need_no_aligner(monkeypatch):
    monkeypatch.setattr(Aligner, "__init__", lambda _: pytest.fail("aligner was loaded"))
    assert running_speech([], [], LABELS, no_progress) == RunningSpeech()


@pytest.mark.parametrize(
    ("label", "alike"),
    [("two", {"to"}), ("four", {"for"}), ("one", {"won"}), ("zero", {"oh", "o"}), ("tree", set())],
)
def test_words_that_sound_like_a_label_are_never_cut_out(aligner, label, alike):
    with_label = choose_words(WORDS, [label], aligner)
    without = choose_words(WORDS, ["yes"], aligner)
    assert not (with_label.trained | with_label.held_out) & {label, *alike}
    assert without.trained | without.held_out >= alike - held_out_words(alike)


@given(words=st.sets(st.sampled_from(WORDS)), labels=st.sets(st.sampled_from(DIGITS)))
def test_held_out_words_neither_are_nor_sound_like_words_of_training(aligner, words, labels):
    chosen = choose_words(words, labels, aligner)
    sounds = {sound for word in chosen.trained for sound in aligner.pronunciations(word)}
    assert chosen.trained.isdisjoint(chosen.held_out)
    assert all(sounds.isdisjoint(aligner.pronunciations(word)) for word in chosen.held_out)
    assert (chosen.trained | chosen.held_out).isdisjoint(labels)
    assert chosen.trained | chosen.held_out <= words
