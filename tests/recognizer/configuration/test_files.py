import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recognizer.configuration.files import parse, read_file, usual_files
from recognizer.configuration.settings import all_settings, make_settings
from recognizer.errors import InputError

SETTINGS = tuple(all_settings())


def read(text):
    return {one.name: one.value for one in parse(text, "f.toml", SETTINGS)}


def refused(text):
    with pytest.raises(InputError) as found:
        read(text)
    assert "\n" not in str(found.value)
    return str(found.value)


def test_every_setting_can_be_set_to_its_default():
    for setting in SETTINGS:
        if setting.default is not None:
            text = f"{setting.name} = {str(setting.default).lower()}"
            quoted = f'{setting.name} = "{setting.default}"'
            values = read(quoted if isinstance(setting.default, str) else text)
            assert values == {setting.name: setting.default}


def test_a_value_has_the_line_that_it_stands_in():
    (hop, model) = parse('\nhop = 0.2 # s\n\nmodel = "crnn"', "f.toml", SETTINGS)
    assert (hop.value, hop.origin) == (0.2, "f.toml:2")
    assert (model.value, model.origin) == ("crnn", "f.toml:4")


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("hopp", "did you mean hop?"),
        ("look_ahead", "did you mean look-ahead?"),
        ("LOOK_AHEAD", "did you mean look-ahead?"),
        ("treshold", "did you mean threshold?"),
        ("zzz", "digit-listen --print-config lists all keys"),
        ("input", "digit-listen --print-config lists all keys"),
    ],
)
def test_an_unknown_key_is_an_error_with_line_and_suggestion(key, hint):
    assert refused(f"hop = 0.1\n{key} = 1") == f'f.toml:2: unknown key "{key}", {hint}'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('hop = "0.1"', 'hop = "0.1": expected a number from 0.01 to 0.5 s'),
        ("hop = 7", "hop = 7: expected a number from 0.01 to 0.5 s"),
        ("ballots = 2.0", "ballots = 2.0: expected a number from 1 to 100 windows"),
        ("json = 1", "json = 1: expected true or false"),
        ("vad = true", "vad = true: expected 0, 1, 2, 3 or off"),
        ('provider = "gpu"', 'provider = "gpu": expected auto, cpu or cuda'),
        ("model = 1", "model = 1: expected a bundled model, or an ONNX file"),
        ("device = []", "device = a list: expected part of a microphone's name, or its number"),
        ("[hop]", '"hop" is a table, expected nothing but lines of key = value'),
        ("hop.a = 1", '"hop" is a table, expected nothing but lines of key = value'),
        ("hop", "no TOML: expected '=' after a key in a key/value pair, expected key = value"),
    ],
)
def test_what_fits_no_setting_is_an_error_with_its_line(line, message):
    assert refused(f"# first\n{line}\n") == f"f.toml:2: {message}"


def written(tmp_path, content):
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    return path


def test_a_file_that_is_no_text_names_the_line(tmp_path):
    path = written(tmp_path, b'hop = 0.1\nmodel = "caf\xe9"\n')
    with pytest.raises(InputError, match=r"config\.toml:2: byte 0xe9 is no UTF-8"):
        list(read_file(path, SETTINGS))


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = written(tmp_path, b"\xef\xbb\xbfhop = 0.2\r\n")
    assert [one.value for one in read_file(path, SETTINGS)] == [0.2]


@pytest.mark.parametrize("content", [b"#" * 20_000, b"\n" * 2_000])
def test_a_file_that_is_too_long_is_refused(tmp_path, content):
    with pytest.raises(InputError, match="too long, expected at most"):
        list(read_file(written(tmp_path, content), SETTINGS))


def test_what_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(InputError, match="Is a directory, expected a readable configuration"):
        list(read_file(tmp_path, SETTINGS))
    with pytest.raises(FileNotFoundError):
        list(read_file(tmp_path / "missing", SETTINGS))


def error_of(give):
    """Return the one line of what is wrong; None where settings come out."""
    try:
        make_settings({one.name: one.value for one in give()})
    except InputError as error:
        return "several lines" if "\n" in str(error) else str(error)
    return None


@given(st.binary(max_size=300))
@example(b"hop = 1e400")
@example(b"hop = 0x" + b"f" * 5_000)
@example(b"a = " + b"[" * 3_000)
@example(b"'' = 1")
@example(b'"\\u0000" = 1')
def test_any_bytes_give_settings_or_one_error(tmp_path_factory, content):
    path = written(tmp_path_factory.getbasetemp(), content)
    error = error_of(lambda: read_file(path, SETTINGS))
    assert error is None or error.startswith(str(path))


keys = st.one_of(st.sampled_from([one.name for one in SETTINGS]), st.text(max_size=5))
values = st.one_of(
    st.sampled_from(["0", "1", "0.3", "true", '"off"', "nan", "-inf", "[1]", "{}", "1979-05-27"]),
    st.text(max_size=10),
)


@given(st.lists(st.tuples(keys, values), max_size=5))
def test_almost_good_text_gives_settings_or_one_error(pairs):
    text = "\n".join(f"{key} = {value}" for key, value in pairs)
    error = error_of(lambda: parse(text, "f.toml", SETTINGS))
    assert error is None or error.startswith("f.toml:")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, ["/x/digit-listen/config.toml"]),
        ({"XDG_CONFIG_HOME": "", "HOME": "/h"}, ["/h/.config/digit-listen/config.toml"]),
        ({"XDG_CONFIG_HOME": "relative", "HOME": "/h"}, ["/h/.config/digit-listen/config.toml"]),
        ({}, []),
    ],
)
def test_files_are_looked_for_in_the_usual_places(environment, expected):
    assert [os.fspath(path) for path in usual_files(environment)] == [
        "/etc/digit-listen.toml",
        *expected,
    ]
    assert all(isinstance(path, Path) for path in usual_files(environment))
