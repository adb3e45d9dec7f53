"""What comes with the package: four models, and a recording on which they can be tried."""

import json

import pytest

from recognizer import AudioFile, Listener, Recognizer
from recognizer.bundled import DEFAULT_MODEL, bundled_models
from recognizer.commands.listen import DEMO, main

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def test_the_four_networks_and_nothing_else_are_bundled():
    assert bundled_models() == ("baseline", "crnn", "edge", "parallel")
    assert DEFAULT_MODEL == "edge"


@pytest.mark.parametrize("name", bundled_models())
def test_a_bundled_model_knows_the_digits_and_its_own_history(name):
    with Recognizer(name, "cpu") as recognizer:
        metadata = recognizer.metadata
    assert metadata.labels == (*DIGITS, "other")
    assert metadata.architecture == name
    assert set(metadata.thresholds) == set(DIGITS)
    assert {"data", "seed", "epochs", "commit", "settings", "validation"} <= set(metadata.training)
    assert metadata.license
    assert metadata.version


@pytest.mark.parametrize("name", bundled_models())
def test_every_digit_of_the_bundled_recording_is_heard_once(name):
    with Recognizer(name, "cpu") as recognizer, AudioFile(DEMO) as recording:
        assert recording.duration < 15
        assert tuple(heard.label for heard in Listener(recognizer, recording)) == DIGITS


def test_the_demo_of_the_command_shows_all_ten_digits(capsys):
    assert main(["--demo", "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert tuple(json.loads(line)["label"] for line in lines) == DIGITS
