import pytest

from recognizer.metadata import OTHER
from tests.synthetic_recordings import hiss, write_audio, write_table, write_utterances
from training.recordings.clip import Kind, Split
from training.recordings.utterances import load_utterances

LABELS = ("zero", "one", "two")
COLUMNS = ("path", "source", "speaker", "text")


@pytest.fixture
def folder(tmp_path):
    rows = [
        ("talks/a.wav", "s1", "one two"),
        ("talks/b.flac", "s2", "yes no"),
        ("talks/c.wav", "s3", "oh one"),
        ("talks/d.wav", "s4", "oh dear"),
        ("talks/e.wav", "s5", "two"),
    ]
    segments = [
        ("talks/a.wav", "one", 0.1, 0.5),
        ("talks/a.wav", "two", 0.5, 0.9),
        ("talks/c.wav", "one", 0.3, 0.7),
    ]
    return write_utterances(tmp_path, rows, segments)


def named(clips, kind):
    return {(clip.path.name, clip.label) for clip in clips if clip.kind is kind}


def test_segments_of_labels_carry_their_times(folder):
    clips = [c for c in load_utterances(folder, LABELS) if c.kind is Kind.SEGMENT]
    assert {(c.path.name, c.label, c.start, c.end) for c in clips} == {
        ("a.wav", "one", 0.1, 0.5),
        ("a.wav", "two", 0.5, 0.9),
        ("c.wav", "one", 0.3, 0.7),
    }
    assert {(c.source, c.path.suffix) for c in clips} == {("talks", ".wav")}
    assert all(c.word == c.label for c in clips)


def test_only_utterances_without_a_label_are_other(folder):
    assert named(load_utterances(folder, LABELS), Kind.SPEECH) == {("b.flac", OTHER)}


def test_oh_counts_as_zero_only_where_zero_is_a_label(folder):
    speech = named(load_utterances(folder, ("one", "two")), Kind.SPEECH)
    assert speech == {("b.flac", OTHER), ("d.wav", OTHER)}


@pytest.mark.parametrize(
    ("seconds", "kept"), [(0.14, False), (0.16, True), (0.84, True), (0.86, False), (-0.3, False)]
)
def test_segments_of_impossible_length_are_left_out(tmp_path, seconds, kept):
    segments = [("t/a.wav", "one", 0.5, 0.5 + seconds), ("t/a.wav", "one", "nan", 1)]
    folder = write_utterances(tmp_path, [("t/a.wav", "s", "one")], segments)
    assert bool(load_utterances(folder, ("one",))) is kept


def test_recordings_that_are_not_there_and_segments_of_them_are_left_out(tmp_path):
    folder = write_utterances(tmp_path, [("t/a.wav", "s", "one")], [("t/b.wav", "one", 0.1, 0.5)])
    rows = [("t/a.wav", "talks", "s", "one"), ("t/b.wav", "talks", "s", "hi"), ("", "", "", "")]
    write_table(folder / "utterances.csv", COLUMNS, rows)
    assert load_utterances(folder, ("one",)) == []


def test_without_a_table_of_segments_there_is_only_speech(tmp_path):
    folder = write_utterances(tmp_path, [("t/a.wav", "s", "hello")])
    (folder / "segments.csv").unlink()
    assert named(load_utterances(folder, LABELS), Kind.SPEECH) == {("a.wav", OTHER)}


def write_without_text(folder, recordings, source="wake"):
    """Write recordings for (path, seconds), and a table that knows no text of them."""
    for place, (path, seconds) in enumerate(recordings):
        write_audio(folder / path, hiss(seconds, place))
    rows = [(path, source, "", "") for path, _ in recordings]
    write_table(folder / "utterances.csv", COLUMNS, rows)
    return folder


WAKE = [("w/computer/1.wav", 1.5), ("w/view glass/1.wav", 3.4), ("w/view glass/2.wav", 3.6)]


def described(clips):
    return {
        (c.path.relative_to(c.path.parents[1]).as_posix(), c.label, c.kind, c.word) for c in clips
    }


def test_folders_of_short_recordings_without_text_are_named_after_their_word(tmp_path):
    clips = load_utterances(write_without_text(tmp_path, WAKE), LABELS)
    assert described(clips) == {
        ("computer/1.wav", OTHER, Kind.WORD, "computer"),
        ("view glass/1.wav", OTHER, Kind.WORD, "view glass"),
        ("view glass/2.wav", OTHER, Kind.SPEECH, ""),
    }


def test_half_of_the_words_of_such_folders_are_never_for_training(tmp_path):
    words = [f"{first}{last}" for first in "bdg" for last in ("ad", "ed", "od", "ud")]
    recordings = [(f"w/{word}/{n}.wav", 0.5) for word in words for n in range(4)]
    clips = load_utterances(write_without_text(tmp_path, recordings), LABELS)
    trained = {clip.word for clip in clips if clip.split is Split.TRAINING}
    assert 3 <= len(trained) <= 9
    assert {clip.word for clip in clips if clip.split is Split.TESTING} == set(words)


def test_a_folder_named_after_a_label_holds_no_other(tmp_path):
    folder = write_without_text(tmp_path, WAKE)
    assert described(load_utterances(folder, ("computer", "glass"))) == {
        ("computer/1.wav", "computer", Kind.WORD, "computer")
    }


@pytest.mark.parametrize(
    "recordings",
    [
        [("names/1.wav", 1.0), ("names/2.wav", 1.0)],
        [("103/1240.wav", 1.0), ("104/1241.wav", 1.0)],
        [("1.wav", 1.0), ("2.wav", 1.0)],
    ],
    ids=["one folder", "folders with numbers", "no folder"],
)
def test_other_folders_of_recordings_without_text_name_no_word(tmp_path, recordings):
    clips = load_utterances(write_without_text(tmp_path, recordings), LABELS)
    assert {(c.kind, c.word) for c in clips} == {(Kind.SPEECH, "")}


def test_a_recording_that_cannot_be_opened_is_left_to_whoever_decodes_it(tmp_path):
    folder = write_without_text(tmp_path, WAKE)
    (folder / "w" / "computer" / "1.wav").write_text("no sound")
    assert len(load_utterances(folder, LABELS)) == len(WAKE)
