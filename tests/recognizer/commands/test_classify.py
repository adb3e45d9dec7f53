import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from recognizer.commands.classify import main


@pytest.fixture
def recordings(tmp_path, tone):
    paths = {label: tmp_path / f"{label}.wav" for label in ("low", "high")}
    for label, path in paths.items():
        soundfile.write(path, tone(label, 1.0, 44_100), 44_100)
    return {label: str(path) for label, path in paths.items()}


@pytest.fixture
def classify(tone_model_path, capfd):
    """Return a function that runs the command and gives status, standard output and error."""

    def run(*arguments):
        status = main([*arguments, "--model", str(tone_model_path), "--provider", "cpu"])
        return status, *capfd.readouterr()

    return run


def test_each_recording_gets_one_line_of_path_label_and_probability(classify, recordings):
    status, out, err = classify(recordings["low"], recordings["high"])
    rows = [line.split("\t") for line in out.splitlines()]
    assert status == 0
    assert [row[:2] for row in rows] == [[recordings["low"], "low"], [recordings["high"], "high"]]
    assert all(0.9 < float(row[2]) <= 1 for row in rows)
    assert "error" not in err


def test_json_gives_one_object_a_line(classify, recordings):
    status, out, _ = classify("--json", recordings["high"], recordings["low"])
    objects = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [set(entry) for entry in objects] == [{"path", "label", "probability"}] * 2
    assert [entry["label"] for entry in objects] == ["high", "low"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("missing.wav", None), ("text.wav", b"hello\n" * 40), ("empty.wav", b"")],
)
def test_an_unreadable_file_gets_one_line_and_the_others_go_on(
    classify, recordings, tmp_path, name, content
):
    bad = tmp_path / name
    if content is not None:
        bad.write_bytes(content)
    status, out, err = classify(str(bad), recordings["low"])
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert status == 2
    assert len(out.splitlines()) == 1
    assert len(errors) == 1
    assert str(bad) in errors[0]


def test_what_a_truncated_file_still_holds_is_classified(classify, recordings):
    path = Path(recordings["high"])
    path.write_bytes(path.read_bytes()[:-20_000])
    status, out, err = classify(str(path))
    assert status == 2
    assert out.split("\t")[1] == "high"
    assert err.count("error: ") == 1


@pytest.mark.parametrize(
    ("values", "rate", "found"),
    [
        ([], 16_000, "no samples"),
        ([0.0, np.nan, 0.0], 16_000, "NaN"),
        ([0.0, 9000.0, 0.0], 16_000, "is 9000, expected -1..1"),
        ([0.0] * 500, 500, "500 Hz"),
    ],
)
def test_samples_that_are_no_sound_get_one_line(classify, tmp_path, values, rate, found):
    path = tmp_path / "odd.wav"
    soundfile.write(path, np.array(values, np.float32), rate, subtype="FLOAT")
    status, _, err = classify(str(path))
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert status == 2
    assert len(errors) == 1
    assert str(path) in errors[0]
    assert found in errors[0]


def test_a_model_that_is_none_is_one_line_and_status_2(recordings, capfd):
    status = main([recordings["low"], "--model", recordings["high"]])
    out, err = capfd.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {recordings['high']}: ")
    assert err.count("\n") == 1


def test_no_files_are_wrong_usage(capfd):
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "FILE" in capfd.readouterr().err


def test_as_a_process_it_says_which_provider_runs_and_nothing_else(tone_model_path, recordings):
    code = "import sys; from recognizer.commands.classify import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "--provider", "cpu", "--model", str(tone_model_path)]
    done = subprocess.run(
        [*command, recordings["low"]], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert done.stderr == f"model {tone_model_path}, provider cpu\n"
    assert done.stdout.startswith(f"{recordings['low']}\tlow\t")
