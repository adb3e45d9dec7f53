import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.configuration.statements import Statement, StatementError, statements


def lines(text):
    return [(one.line, one.key) for one in statements(text)]


def test_each_key_has_the_line_where_it_begins():
    text = """# comment

a = 1   # a = 2
"b c" = "x"\t
'd'=[
  1, # e = 3
  2,
]
f = '''
g = 4
'''
h = "i = 5"
"""
    assert lines(text) == [(3, "a"), (4, "b c"), (5, "d"), (9, "f"), (12, "h")]


def test_values_are_as_the_parser_gives_them():
    assert list(statements('a = 1\r\nb = "x"\r\n')) == [
        Statement(1, "a", 1),
        Statement(2, "b", "x"),
    ]


@pytest.mark.parametrize("text", ["a = 1\n[t]\nb = 2", "a = 1\nt.b = 2", "a = 1\n[[t]]\nb = 2"])
def test_it_ends_with_the_first_table(text):
    (first, table) = statements(text)
    assert first == Statement(1, "a", 1)
    assert (table.line, table.key) == (2, "t")


def test_a_text_without_statements_has_none():
    assert lines("") == lines("\n\n# nothing\n") == []


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 1\nb =\nc = 3", 2, "invalid value"),
        ("a = 1\na = 2\n", 2, "cannot overwrite a value"),
        ("a = 1\nb c", 2, "expected '=' after a key in a key/value pair"),
        ("a = 'x\ny'", 1, ""),
        ('a = """x\ny\n', 3, ""),
        ("a = [1,\n2", 2, "unclosed array"),
        ("a = 1\nb = " + "1" * 5_000, 2, "a number has too many digits"),
        ("a = 1\n\nb = " + "[" * 5_000, 3, "lists are nested too deeply"),
    ],
)
def test_what_is_no_toml_has_its_line(text, line, reason):
    with pytest.raises(StatementError) as found:
        list(statements(text))
    assert found.value.line == line
    assert reason in str(found.value)


values = st.one_of(
    st.integers(-5, 5).map(str),
    st.sampled_from(['"x"', "'''\na = 1\n'''", '"""\n\n"""', "[\n1,\n]", "true", "{ y = 1 }"]),
)


@given(st.lists(st.tuples(values, st.sampled_from(["", "\n", "# a = 1\n", "  \n\n"]))))
def test_any_statements_are_found_where_they_were_written(parts):
    text, written = "", []
    for number, (value, between) in enumerate(parts):
        text += between
        written.append((text.count("\n") + 1, f"k{number}"))
        text += f"k{number} = {value}\n"
    found = list(statements(text))
    assert [(one.line, one.key) for one in found] == written[: len(found)]
    whole = tomllib.loads(text)
    assert {one.key: one.value for one in found}.items() <= whole.items()
    assert len(found) == len(written) or isinstance(found[-1].value, dict)
