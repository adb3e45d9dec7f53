from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.recordings.alignment import Aligned
from training.recordings.alignment_cache import (
    AlignmentCache,
    alignment_key,
    default_cache_file,
)

SEVEN = (Aligned("seven", 0.1, 0.5),)
TWO = (Aligned("two", 0.6, 0.8),)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "alignments.json"


def save(path, **alignments):
    cache = AlignmentCache(path)
    for key, alignment in alignments.items():
        cache.put(key, alignment)
    cache.save()


def test_what_was_kept_is_found_again(path):
    save(path, a=SEVEN, b=())
    cache = AlignmentCache(path)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (SEVEN, (), None)


def test_what_is_known_is_not_made_again(path):
    made = []

    def align():
        made.append(1)
        return SEVEN

    cache = AlignmentCache(path)
    assert [cache.recall("key", align) for _ in range(2)] == [SEVEN] * 2
    cache.save()
    assert AlignmentCache(path).recall("key", align) == SEVEN
    assert len(made) == 1


def test_two_that_write_at_the_same_time_keep_the_work_of_both(path):
    first, second = AlignmentCache(path), AlignmentCache(path)
    first.put("a", SEVEN)
    second.put("b", TWO)
    first.save()
    second.save()
    assert (AlignmentCache(path).get("a"), AlignmentCache(path).get("b")) == (SEVEN, TWO)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'{"a": 7}',
        b'{"a": [["seven", 0.1]]}',
        b'{"a": [["seven", 1, "late"]]}',
        b"\xff\xfe",
    ],
)
def test_a_broken_file_is_ignored_and_replaced(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    assert AlignmentCache(path).get("a") is None
    save(path, a=SEVEN)
    assert AlignmentCache(path).get("a") == SEVEN


def test_nothing_but_the_file_is_left_behind(path):
    save(path, a=SEVEN)
    save(path, b=TWO)
    assert list(path.parent.iterdir()) == [path]


def test_without_news_nothing_is_written(path):
    save(path)
    assert not path.exists()


def test_a_folder_that_cannot_be_written_is_a_warning(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    save(tmp_path / "file" / "alignments.json", a=SEVEN)
    assert "alignments cannot be kept" in caplog.text


@pytest.mark.parametrize("value", ["", "relative"])
def test_the_cache_is_in_the_home_where_nothing_else_is_said(monkeypatch, value):
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    expected = Path.home() / ".cache" / "digit-listen" / "alignments.json"
    assert default_cache_file() == expected


def test_the_cache_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache_file() == tmp_path / "digit-listen" / "alignments.json"


@given(
    st.lists(
        st.tuples(st.binary(), st.text("abc "), st.sampled_from(["v 1", "v 2"])),
        min_size=2,
        max_size=2,
        unique=True,
    )
)
def test_another_recording_text_or_aligner_is_another_key(two):
    first, second = two
    assert alignment_key(*first) != alignment_key(*second)
    assert alignment_key(*first) == alignment_key(*first)
