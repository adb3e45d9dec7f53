import datetime
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.configuration.kinds import (
    Choice,
    Number,
    Switch,
    Text,
    UnfitError,
    shown,
    to_toml,
)

HOP = Number(float, 0.01, 0.5, " s", "SECONDS")
COUNT = Number(int, 1, 100, " windows", "N")
VAD = Choice((0, 1, 2, 3, "off"), "0..3|off")
TEXT = Text("a path", "FILE")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (HOP, "0.5", 0.5),
        (HOP, "1e-1", 0.1),
        (COUNT, "100", 100),
        (VAD, "3", 3),
        (VAD, "off", "off"),
        (TEXT, "a b", "a b"),
        (Switch(), "true", True),
    ],
)
def test_a_flag_and_a_file_give_the_same_value(kind, text, value):
    assert kind.parse(text) == kind.check(value) == value
    assert type(kind.parse(text)) is type(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (HOP, True),
        (HOP, "0.1"),
        (HOP, float("nan")),
        (HOP, float("inf")),
        (HOP, 10**400),
        (HOP, 0),
        (HOP, [0.1]),
        (COUNT, 1.0),
        (COUNT, False),
        (COUNT, 101),
        (VAD, True),
        (VAD, 1.0),
        (VAD, "1"),
        (VAD, 4),
        (VAD, []),
        (TEXT, ""),
        (TEXT, 1),
        (TEXT, "a\nb"),
        (TEXT, "a\x7f"),
        (Switch(), 1),
        (Switch(), "true"),
    ],
)
def test_what_does_not_fit_is_refused(kind, value):
    with pytest.raises(UnfitError):
        kind.check(value)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (HOP, "a number from 0.01 to 0.5 s"),
        (COUNT, "a number from 1 to 100 windows"),
        (VAD, "0, 1, 2, 3 or off"),
        (TEXT, "a path"),
        (Switch(), "true or false"),
    ],
)
def test_the_message_says_what_was_expected(kind, expected):
    with pytest.raises(UnfitError, match=f"^{expected}$"):
        kind.parse("")


@given(st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()))
def test_toml_reads_what_was_written(value):
    if isinstance(value, str):
        value = value.encode(errors="replace").decode()
    assert tomllib.loads(f"a = {to_toml(value)}")["a"] == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "a table"),
        ([1], "a list"),
        (datetime.date(2026, 1, 1), "a date"),
        (2**63, "a number beyond 64 bits"),
        ("x" * 100, '"' + "x" * 59 + "..."),
        ("a\nb", '"a\\nb"'),
        (float("nan"), "nan"),
    ],
)
def test_any_value_is_shown_in_a_short_line(value, text):
    assert shown(value) == text
