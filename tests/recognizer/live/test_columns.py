import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.live.columns import clean, columns, cut, pad

TEXT = st.text(st.sampled_from("abc 七ü\uff46\u0301"), max_size=20)


@pytest.mark.parametrize(
    ("text", "width"),
    [("seven", 5), ("七", 2), ("u\u0308", 1), ("\u00fc", 1), ("", 0), ("\uff46", 2)],
)
def test_wide_characters_take_two_columns_and_combining_ones_none(text, width):
    assert columns(text) == width


@settings(deadline=None)
@given(TEXT, st.integers(0, 30))
def test_cut_text_is_the_longest_beginning_that_fits(text, width):
    kept = cut(text, width)
    assert text.startswith(kept)
    assert columns(kept) <= width
    assert kept == text or columns(text[: len(kept) + 1]) > width


@settings(deadline=None)
@given(TEXT, st.integers(0, 30))
def test_padded_text_has_exactly_the_width(text, width):
    assert columns(pad(text, width)) == width


@settings(deadline=None)
@given(st.text())
def test_clean_text_cannot_control_a_terminal(text):
    assert clean(text).isprintable()
    assert not text.isprintable() or clean(text) == text


def test_an_escape_becomes_a_question_mark():
    assert clean("a\x1b[2Jb\n") == "a?[2Jb?"
