from tests.synthetic_recordings import burst, write_audio, write_spoken_digits
from training.recordings.clip import Kind, Split
from training.recordings.spoken_digits import is_spoken_digits, load_spoken_digits


def test_names_of_files_give_digit_and_speaker(tmp_path):
    folder = write_spoken_digits(tmp_path / "fsdd", {0: "zero", 2: "two"})
    clips = load_spoken_digits(folder, ("zero", "two"))
    assert {(clip.label, clip.speaker) for clip in clips} == {
        (label, speaker) for label in ("zero", "two") for speaker in ("ann", "bob", "cid")
    }
    assert {(clip.source, clip.kind) for clip in clips} == {("fsdd", Kind.WORD)}


def test_digits_that_are_no_labels_are_left_out(tmp_path):
    folder = write_spoken_digits(tmp_path, {0: "zero", 2: "two"})
    assert {clip.label for clip in load_spoken_digits(folder, ("two", "yes"))} == {"two"}


def test_one_whole_speaker_validates_and_none_is_for_testing(tmp_path):
    folder = write_spoken_digits(tmp_path, {0: "zero", 2: "two"})
    pairs = {(c.speaker, c.split) for c in load_spoken_digits(folder, ("zero", "two"))}
    assert sorted(split.value for _, split in pairs) == ["training", "training", "validation"]
    assert Split.TESTING not in {split for _, split in pairs}


def test_wav_serves_as_well_and_other_names_are_left_out(tmp_path):
    write_audio(tmp_path / "recordings" / "1_dee_dee_7.wav", burst("one"))
    write_audio(tmp_path / "recordings" / "hello.wav", burst("one"))
    assert [clip.speaker for clip in load_spoken_digits(tmp_path, ("one",))] == ["dee_dee"]


def test_a_folder_without_such_names_is_no_such_data_set(tmp_path):
    assert not is_spoken_digits(tmp_path)
    write_audio(tmp_path / "recordings" / "hello.wav", burst("one"))
    assert not is_spoken_digits(tmp_path)
