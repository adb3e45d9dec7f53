import argparse
from dataclasses import fields

import pytest

from recognizer.commands.flags import add_decoder_flags, decoder_parameters
from recognizer.decoding.decoder import DecoderParameters
from recognizer.errors import InputError


def parse(*flags):
    parser = argparse.ArgumentParser()
    add_decoder_flags(parser)
    return decoder_parameters(parser.parse_args(flags))


def test_without_flags_all_is_at_its_default():
    assert parse() == DecoderParameters()


@pytest.mark.parametrize("field", fields(DecoderParameters), ids=lambda field: field.name)
def test_every_parameter_has_its_flag(field):
    flag = "--" + field.name.replace("_", "-")
    values = {"embedded": (), "ballots": ("7",)}.get(field.name, ("0.5",))
    changed = parse(flag, *values)
    expected = {"embedded": True, "ballots": 7}.get(field.name, 0.5)
    assert getattr(changed, field.name) == expected
    assert expected != field.default


@pytest.mark.parametrize("value", ["1\n2", "\x1b[2J", "9" * 5_000])
def test_a_value_that_would_spoil_the_terminal_is_shown_on_one_short_line(value):
    with pytest.raises(InputError, match=r"--threshold .*: expected a number from") as caught:
        parse("--threshold", value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("flag", "value", "expected"),
    [
        ("--threshold", "1.5", "from 0 to 1"),
        ("--ballots", "0", "from 1 to 100 windows"),
        ("--look-ahead", "0.9", r"from 0 to 0\.8 s"),
        ("--before", "soon", r"from 0 to 3\.0 s"),
        ("--patience", "nan", r"from 0 to 3\.0 s"),
    ],
)
def test_a_value_out_of_range_is_one_line_that_says_what_was_expected(flag, value, expected):
    with pytest.raises(InputError, match=f"{flag} {value}: expected a number {expected}"):
        parse(flag, value)
