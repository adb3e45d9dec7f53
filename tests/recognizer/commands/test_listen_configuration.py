"""digit-listen and its configuration files."""

import json
import tomllib

import pytest
import soundfile

from recognizer.commands.listen import main
from tests.tone_words import spoken


@pytest.fixture
def config(tmp_path, monkeypatch):
    """Return a function that writes the user's configuration file, the only one there is."""
    path = tmp_path / "digit-listen" / "config.toml"
    path.parent.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("recognizer.configuration.files.SYSTEM_FILE", tmp_path / "missing.toml")

    def write(text):
        path.write_text(text)
        return path

    return write


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "words.wav"
    soundfile.write(path, spoken("low", "high"), 16_000)
    return str(path)


def test_a_file_says_what_flags_could(config, recording, tone_model_path, capsys):
    config(f'model = "{tone_model_path}"\njson = true')
    assert main(["--input", recording]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["label"] for line in lines] == ["low", "high"]


def test_flags_win(config, recording, tone_model_path, capsys):
    config(f'model = "nobody"\njson = true\ndevice = "{tone_model_path}"')
    assert main(["--input", recording, "--model", str(tone_model_path), "--no-json"]) == 0
    assert "low" in capsys.readouterr().out.split()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\ntreshold = 0.5", ':2: unknown key "treshold", did you mean threshold?'),
        ("hop = 7", ":1: hop = 7: expected a number from 0.01 to 0.5 s"),
        ("hop = ", ":1: no TOML: invalid value, expected key = value"),
    ],
)
def test_a_wrong_file_is_one_line_and_status_2(config, recording, capsys, text, message):
    path = config(text)
    assert main(["--input", recording]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"error: {path}{message}\n"


def test_a_file_that_is_named_and_missing_is_status_2(tmp_path, capsys):
    assert main(["--config", str(tmp_path / "missing.toml"), "--demo"]) == 2
    assert "missing.toml: no such file" in capsys.readouterr().err


def test_what_holds_is_printed_as_toml_with_its_origins(config, capsys):
    path = config('vad = "off"\n')
    assert main(["--print-config", "--threshold", "0.7"]) == 0
    output = capsys.readouterr().out
    values = tomllib.loads(output)
    assert (values["vad"], values["threshold"], values["model"]) == ("off", 0.7, "edge")
    origins = dict(line.split(" # ") for line in output.splitlines() if " # " in line)
    assert {key.split(" = ")[0]: origin for key, origin in origins.items()}["vad"] == f"{path}:1"


def test_what_is_printed_is_a_file_with_the_same_meaning(config, tmp_path, capsys):
    config('vad = "off"\nembedded = true\nlook-ahead = 0.2\n')
    assert main(["--print-config"]) == 0
    first = capsys.readouterr().out
    again = tmp_path / "again.toml"
    again.write_text(first)
    assert main(["--print-config", "--config", str(again)]) == 0
    assert tomllib.loads(capsys.readouterr().out) == tomllib.loads(first)
