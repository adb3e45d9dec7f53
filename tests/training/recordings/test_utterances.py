import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognizer.errors import InputError
from recognizer.metadata import OTHER
from tests.synthetic_recordings import write_table, write_utterances
from training.recordings.clip import Kind, Split
from training.recordings.utterances import load_utterances

LABELS = ("zero", "one", "two")
COLUMNS = ("path", "source", "speaker", "text")
SEGMENT_COLUMNS = ("path", "word", "start_s", "end_s")


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


@given(groups=st.lists(st.sampled_from("abc"), min_size=4, max_size=30), seed=st.integers(0, 99))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_speaker_of_a_folder_is_in_two_splits(tmp_path_factory, groups, seed):
    folder = tmp_path_factory.mktemp("talks")
    rows = []
    for place, group in enumerate(groups):
        path = f"{group}/{place}.wav"
        (folder / group).mkdir(exist_ok=True)
        (folder / path).touch()
        rows.append((path, f"source {place % 2}", f"speaker {(place * seed) % 7}", "hello"))
    write_table(folder / "utterances.csv", COLUMNS, rows)
    clips = load_utterances(folder, LABELS)
    splits = {(c.path.parent.name, c.speaker): c.split for c in clips}
    assert len(clips) == len(groups)
    assert all(splits[c.path.parent.name, c.speaker] is c.split for c in clips)


def test_recordings_beside_the_table_are_divided_together(tmp_path):
    rows = [(f"{n}.wav", f"speaker {n}", "hello") for n in range(4)]
    clips = load_utterances(write_utterances(tmp_path, rows), LABELS)
    assert [c.split for c in clips].count(Split.VALIDATION) == 1


def test_recordings_that_are_not_there_and_segments_of_them_are_left_out(tmp_path):
    folder = write_utterances(tmp_path, [("t/a.wav", "s", "one")], [("t/b.wav", "one", 0.1, 0.5)])
    rows = [("t/a.wav", "talks", "s", "one"), ("t/b.wav", "talks", "s", "hi"), ("", "", "", "")]
    write_table(folder / "utterances.csv", COLUMNS, rows)
    assert load_utterances(folder, ("one",)) == []


def test_without_a_table_of_segments_there_is_only_speech(tmp_path):
    folder = write_utterances(tmp_path, [("t/a.wav", "s", "hello")])
    (folder / "segments.csv").unlink()
    assert named(load_utterances(folder, LABELS), Kind.SPEECH) == {("a.wav", OTHER)}


def test_a_missing_column_is_named(folder):
    write_table(folder / "utterances.csv", ("path", "text"), [("talks/a.wav", "one")])
    with pytest.raises(InputError, match=r"utterances.csv: row 1 has no source, speaker: expected"):
        load_utterances(folder, LABELS)


def test_a_row_that_is_too_short_is_named(folder):
    rows = [("talks/a.wav", "one", 0.1, 0.5), ("talks/a.wav", "two")]
    write_table(folder / "segments.csv", SEGMENT_COLUMNS, rows)
    with pytest.raises(InputError, match=r"segments.csv: row 2 has no start_s, end_s"):
        load_utterances(folder, LABELS)


def test_a_time_that_is_no_number_is_named(folder):
    rows = [("talks/a.wav", "one", "early", 0.5)]
    write_table(folder / "segments.csv", SEGMENT_COLUMNS, rows)
    with pytest.raises(InputError, match=r"start_s of talks/a.wav is 'early': expected seconds"):
        load_utterances(folder, LABELS)


def test_a_table_in_another_encoding_is_refused_in_one_line(folder):
    (folder / "utterances.csv").write_bytes("path,text\nä,ö\n".encode("utf-16"))
    with pytest.raises(InputError, match="expected a table in UTF-8") as caught:
        load_utterances(folder, LABELS)
    assert "\n" not in str(caught.value)


def test_an_absolute_path_is_refused(folder):
    rows = [("/etc/hostname", "talks", "s", "one")]
    write_table(folder / "utterances.csv", COLUMNS, rows)
    with pytest.raises(InputError, match="expected it relative"):
        load_utterances(folder, LABELS)
