import argparse
from dataclasses import fields

import pytest

from recognizer.commands.flags import add_settings, given
from recognizer.configuration.settings import all_settings, decoder_settings, make_settings
from recognizer.decoding.decoder import DecoderParameters
from recognizer.errors import InputError


def parse(*flags):
    settings = list(all_settings())
    parser = argparse.ArgumentParser()
    add_settings(parser, settings)
    return given(parser.parse_args(flags), settings)


def parameters(*flags):
    return make_settings(parse(*flags)).decoder


def test_without_flags_none_is_given_and_all_is_at_its_default():
    assert parse() == {}
    assert parameters() == DecoderParameters()


@pytest.mark.parametrize("field", fields(DecoderParameters), ids=lambda field: field.name)
def test_every_parameter_has_its_flag(field):
    flag = "--" + field.name.replace("_", "-")
    values = {"embedded": (), "ballots": ("7",)}.get(field.name, ("0.5",))
    changed = parameters(flag, *values)
    expected = {"embedded": True, "ballots": 7}.get(field.name, 0.5)
    assert getattr(changed, field.name) == expected
    assert expected != field.default


def test_every_decoder_setting_is_a_parameter():
    assert [one.field for one in decoder_settings() if not one.is_decoders] == []


@pytest.mark.parametrize("value", ["1\n2", "\x1b[2J", "9" * 5_000])
def test_a_value_that_would_spoil_the_terminal_is_shown_on_one_short_line(value):
    with pytest.raises(InputError, match=r"--threshold .*: expected a number from") as caught:
        parse("--threshold", value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


def test_what_a_file_switches_on_a_flag_switches_off():
    assert parse("--no-embedded", "--no-json") == {"embedded": False, "json": False}


@pytest.mark.parametrize(
    ("flag", "value", "expected"),
    [
        ("--threshold", "1.5", "a number from 0 to 1"),
        ("--ballots", "0", "a number from 1 to 100 windows"),
        ("--ballots", "2.5", "a number from 1 to 100 windows"),
        ("--look-ahead", "0.9", r"a number from 0 to 0\.8 s"),
        ("--before", "soon", r"a number from 0 to 3\.0 s"),
        ("--patience", "nan", r"a number from 0 to 3\.0 s"),
        ("--provider", "tpu", "auto, cpu or cuda"),
        ("--vad", "True", "0, 1, 2, 3 or off"),
        ("--model", "", "a bundled model, or an ONNX file"),
    ],
)
def test_a_value_out_of_range_is_one_line_that_says_what_was_expected(flag, value, expected):
    with pytest.raises(InputError, match=f"{flag} {value}: expected {expected}"):
        parse(flag, value)
