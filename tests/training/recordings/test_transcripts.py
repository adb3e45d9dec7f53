import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognizer.errors import InputError
from tests.synthetic_recordings import write_table, write_utterances
from training.recordings.clip import Kind, Split
from training.recordings.transcripts import read_segments, read_utterances

COLUMNS = ("path", "source", "speaker", "text")
SEGMENT_COLUMNS = ("path", "word", "start_s", "end_s")


@pytest.fixture
def folder(tmp_path):
    rows = [("talks/a.wav", "ann", "one two"), ("talks/b.wav", "", "no")]
    return write_utterances(tmp_path, rows, [("talks/a.wav", "two", 0.5, 0.9)])


def test_an_utterance_knows_its_words_and_makes_clips_of_itself(folder):
    item = read_utterances(folder)[0]
    assert item.words == ["one", "two"]
    clip = item.clip("other", Kind.SEGMENT, "two", 0.5, 0.9)
    assert (clip.path, clip.source, clip.speaker) == (folder / "talks/a.wav", "talks", "ann")
    assert (clip.label, clip.word, clip.start, clip.end) == ("other", "two", 0.5, 0.9)
    assert clip.split is item.split


def test_a_file_without_a_speaker_counts_as_one(folder):
    assert [item.speaker for item in read_utterances(folder)] == ["ann", "b"]


def test_segments_are_read_with_their_times(folder):
    (segment,) = read_segments(folder)
    assert segment.path == folder / "talks/a.wav"
    assert (segment.word, segment.start, segment.end) == ("two", 0.5, 0.9)


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
    items = read_utterances(folder)
    splits = {(item.path.parent.name, item.speaker): item.split for item in items}
    assert len(items) == len(groups)
    assert all(splits[item.path.parent.name, item.speaker] is item.split for item in items)


def test_recordings_beside_the_table_are_divided_together(tmp_path):
    rows = [(f"{n}.wav", f"speaker {n}", "hello") for n in range(4)]
    items = read_utterances(write_utterances(tmp_path, rows))
    assert [item.split for item in items].count(Split.VALIDATION) == 1


def test_a_missing_column_is_named(folder):
    write_table(folder / "utterances.csv", ("path", "text"), [("talks/a.wav", "one")])
    with pytest.raises(InputError, match=r"utterances.csv: row 1 has no source, speaker: expected"):
        read_utterances(folder)


def test_a_row_that_is_too_short_is_named(folder):
    rows = [("talks/a.wav", "one", 0.1, 0.5), ("talks/a.wav", "two")]
    write_table(folder / "segments.csv", SEGMENT_COLUMNS, rows)
    with pytest.raises(InputError, match=r"segments.csv: row 2 has no start_s, end_s"):
        read_segments(folder)


def test_a_time_that_is_no_number_is_named(folder):
    rows = [("talks/a.wav", "one", "early", 0.5)]
    write_table(folder / "segments.csv", SEGMENT_COLUMNS, rows)
    with pytest.raises(InputError, match=r"start_s of talks/a.wav is 'early': expected seconds"):
        read_segments(folder)


def test_a_table_in_another_encoding_is_refused_in_one_line(folder):
    (folder / "utterances.csv").write_bytes("path,text\nä,ö\n".encode("utf-16"))
    with pytest.raises(InputError, match="expected a table in UTF-8") as caught:
        read_utterances(folder)
    assert "\n" not in str(caught.value)


def test_an_absolute_path_is_refused(folder):
    rows = [("/etc/hostname", "talks", "s", "one")]
    write_table(folder / "utterances.csv", COLUMNS, rows)
    with pytest.raises(InputError, match="expected it relative"):
        read_utterances(folder)
