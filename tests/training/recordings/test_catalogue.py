import pytest

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from tests.synthetic_recordings import (
    burst,
    hiss,
    write_audio,
    write_speech_commands,
    write_spoken_digits,
    write_utterances,
)
from training.recordings.catalogue import find_clips, find_utterances
from training.recordings.clip import Kind, Split


def test_all_layouts_and_noise_are_found_under_one_folder(tmp_path):
    write_speech_commands(tmp_path / "speech_commands", ("one", "happy"))
    write_spoken_digits(tmp_path / "fsdd", {1: "one", 2: "two"})
    write_utterances(
        tmp_path, [("talks/a.wav", "s", "two")], [("talks/a.wav", "two", 0.1, 0.5)], "talks"
    )
    write_audio(tmp_path / "noise" / "deep" / "rain.wav", hiss(1.0))
    clips = find_clips([tmp_path], ("one", "two"))
    assert {(c.source, c.label, c.kind) for c in clips} == {
        ("speech_commands", "one", Kind.WORD),
        ("speech_commands", OTHER, Kind.WORD),
        ("_background_noise_", OTHER, Kind.NOISE),
        ("fsdd", "one", Kind.WORD),
        ("fsdd", "two", Kind.WORD),
        ("talks", "two", Kind.SEGMENT),
        ("noise", OTHER, Kind.NOISE),
    }


def test_the_folder_itself_may_be_in_a_layout(tmp_path):
    write_speech_commands(tmp_path, ("yes", "no"), noise=False)
    assert {clip.label for clip in find_clips([tmp_path], ("yes", "no"))} == {"yes", "no"}


def test_twenty_noises_or_more_are_divided_among_the_splits(tmp_path):
    write_speech_commands(tmp_path / "words", ("yes",), noise=False)
    for number in range(20):
        write_audio(tmp_path / "noise" / f"{number}.wav", hiss(0.1, number))
    splits = [c.split for c in find_clips([tmp_path], ("yes",)) if c.kind is Kind.NOISE]
    assert [splits.count(split) for split in Split] == [16, 2, 2]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="nowhere: not a folder: expected a folder of recordings"):
        find_clips([tmp_path / "nowhere"], ("yes",))


def test_an_empty_folder_is_told_which_layouts_there_are(tmp_path):
    with pytest.raises(InputError, match=r"\(0 audio files\): expected WORD/FILE.wav"):
        find_clips([tmp_path], ("yes",))


def test_audio_in_no_known_layout_is_counted(tmp_path):
    for number in range(3):
        write_audio(tmp_path / f"{number}.wav", burst("yes"))
    with pytest.raises(InputError, match=r"no recordings in a known layout \(3 audio files\)"):
        find_clips([tmp_path], ("yes",))


def test_noise_alone_is_not_enough(tmp_path):
    write_audio(tmp_path / "noise" / "rain.wav", hiss(1.0))
    with pytest.raises(InputError, match=r"no recordings in a known layout \(1 audio files\)"):
        find_clips([tmp_path], ("yes",))


def test_labels_without_recordings_are_named(tmp_path):
    write_speech_commands(tmp_path, ("yes",))
    with pytest.raises(InputError, match=r"no recordings of no, up: expected some for each label"):
        find_clips([tmp_path], ("yes", "no", "up"))


def test_a_label_need_not_be_in_every_collection(tmp_path):
    write_speech_commands(tmp_path / "sc", ("one",))
    write_spoken_digits(tmp_path / "fsdd", {2: "two"})
    labels = {clip.label for clip in find_clips([tmp_path], ("one", "two"))}
    assert labels >= {"one", "two"}


def test_other_cannot_be_a_label(tmp_path):
    write_speech_commands(tmp_path, ("yes",))
    with pytest.raises(InputError, match="'other' is taken"):
        find_clips([tmp_path], ("yes", "other"))


def test_a_label_need_not_be_in_every_folder(tmp_path):
    write_speech_commands(tmp_path / "a", ("yes",))
    write_speech_commands(tmp_path / "b", ("no",))
    roots = [tmp_path / "a", tmp_path / "b"]
    clips = find_clips(roots, ("yes", "no"))
    assert {(c.label, c.source) for c in clips} >= {("yes", "a"), ("no", "b")}
    with pytest.raises(InputError, match=r"a, .*b: no recordings of up: expected some for each"):
        find_clips(roots, ("yes", "no", "up"))


def test_a_folder_without_recordings_is_named_beside_one_that_has_some(tmp_path):
    write_speech_commands(tmp_path / "a", ("yes",))
    (tmp_path / "b").mkdir()
    with pytest.raises(InputError, match="b: no recordings in a known layout"):
        find_clips([tmp_path / "a", tmp_path / "b"], ("yes",))


def test_utterances_of_all_folders_are_found(tmp_path):
    write_utterances(tmp_path / "a", [("x.wav", "s", "two")])
    write_utterances(tmp_path / "b" / "deep", [("y.wav", "s", "no")])
    items = find_utterances([tmp_path / "a", tmp_path / "b"])
    assert [(item.path.name, item.text) for item in items] == [("x.wav", "two"), ("y.wav", "no")]
