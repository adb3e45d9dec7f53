import pytest

from recognizer.metadata import OTHER
from tests.synthetic_recordings import hiss, spoken, write_audio, write_speech_commands
from training.recordings.clip import Kind, Split
from training.recordings.speech_commands import (
    is_speech_commands,
    load_speech_commands,
    speaker_of,
)
from training.recordings.splits import held_out_words

MANY = tuple(f"word{number}" for number in range(40))


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_words_become_labels_and_all_other_words_other(tmp_path, suffix):
    folder = write_speech_commands(tmp_path / "sc", ("yes", "no", "happy"), suffix=suffix)
    clips = load_speech_commands(folder, ("yes", "no"))
    words = {(clip.path.parent.name, clip.label, clip.kind) for clip in clips}
    assert words == {
        ("yes", "yes", Kind.WORD),
        ("no", "no", Kind.WORD),
        ("happy", OTHER, Kind.WORD),
        ("_background_noise_", OTHER, Kind.NOISE),
    }
    assert len(clips) == 3 * 6 + 1


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_the_official_lists_decide_also_for_flac(tmp_path, suffix):
    folder = write_speech_commands(tmp_path, ("yes", "no"), suffix=suffix)
    clips = [clip for clip in load_speech_commands(folder, ("yes",)) if clip.kind is Kind.WORD]
    by_speaker = {clip.speaker: clip.split for clip in clips}
    assert by_speaker == {
        "a0": Split.VALIDATION,
        "b1": Split.TESTING,
        **dict.fromkeys(("c2", "d3", "e4", "f5"), Split.TRAINING),
    }


def test_without_lists_no_speaker_is_in_two_splits_and_some_validate(tmp_path):
    folder = write_speech_commands(tmp_path, ("yes", "no"), speakers=12, lists=False)
    clips = [clip for clip in load_speech_commands(folder, ("yes",)) if clip.kind is Kind.WORD]
    pairs = {(clip.speaker, clip.split) for clip in clips}
    assert len(pairs) == 12
    assert {split for _, split in pairs} == set(Split)


def test_a_handful_of_background_noise_is_all_for_training(tmp_path):
    folder = write_speech_commands(tmp_path, ("yes",))
    write_audio(folder / "_background_noise_" / "rain.flac", hiss(1.0))
    noise = [c for c in load_speech_commands(folder, ("yes",)) if c.kind is Kind.NOISE]
    assert [(c.source, c.split) for c in noise] == [("_background_noise_", Split.TRAINING)] * 2


def test_the_name_before_nohash_is_the_speaker(tmp_path):
    assert speaker_of(tmp_path / "c1d2_nohash_3.wav") == "c1d2"
    assert speaker_of(tmp_path / "my own.wav") == "my own"


@pytest.mark.parametrize(
    ("name", "source"),
    [("speech_commands_v0.02", "speech_commands"), ("my words", "my words")],
)
def test_the_source_is_the_folder_without_the_version_of_the_download(tmp_path, name, source):
    folder = write_speech_commands(tmp_path / name, ("yes",), noise=False)
    assert {clip.source for clip in load_speech_commands(folder, ("yes",))} == {source}


def test_folders_of_other_words_only_are_known_by_lists_or_noise(tmp_path):
    write_audio(tmp_path / "happy" / "a_nohash_0.wav", spoken("happy", 0))
    assert not is_speech_commands(tmp_path, ("yes",))
    (tmp_path / "testing_list.txt").write_text("")
    assert is_speech_commands(tmp_path, ("yes",))


def test_every_clip_knows_its_word(tmp_path):
    folder = write_speech_commands(tmp_path, ("yes", "happy"), noise=False)
    clips = load_speech_commands(folder, ("yes",))
    assert {(clip.word, clip.label) for clip in clips} == {("yes", "yes"), ("happy", OTHER)}


def write_words(folder, words, speakers=12):
    for word in ("yes", *words):
        for number in range(speakers):
            path = folder / word / f"s{number}_nohash_0.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    return folder


def words_of(clips, *splits) -> set[str]:
    return {clip.word for clip in clips if clip.label == OTHER and clip.split in splits}


def test_many_other_words_are_divided_between_training_and_the_rest(tmp_path):
    clips = load_speech_commands(write_words(tmp_path, MANY), ("yes",))
    held_out = held_out_words(MANY)
    assert 0 < len(held_out) < len(MANY)
    assert words_of(clips, Split.TRAINING) == set(MANY) - held_out
    assert words_of(clips, Split.VALIDATION, Split.TESTING) == held_out


def test_keywords_are_never_held_out_as_words(tmp_path):
    clips = load_speech_commands(write_words(tmp_path, MANY), ("yes", *MANY[:15]))
    splits = {(clip.label, clip.split) for clip in clips if clip.label != OTHER}
    assert splits == {(label, split) for label in ("yes", *MANY[:15]) for split in Split}


def test_a_few_other_words_are_in_every_split(tmp_path):
    clips = load_speech_commands(write_words(tmp_path, MANY[:19]), ("yes",))
    assert words_of(clips, Split.TRAINING) == words_of(clips, Split.VALIDATION) == set(MANY[:19])


def test_official_lists_alone_decide_over_words(tmp_path):
    folder = write_words(tmp_path, MANY)
    (folder / "testing_list.txt").write_text("")
    clips = load_speech_commands(folder, ("yes",))
    assert words_of(clips, Split.TRAINING) == set(MANY)
    assert len(clips) == 12 * (1 + len(MANY))
