import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import soundfile

from recognizer.commands.listen import main
from tests.tone_words import spoken

WORDS = ["low", "high", "high", "low"]
RUN = [
    sys.executable,
    "-c",
    "import sys; from recognizer.commands.listen import main; sys.exit(main())",
]


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "words.wav"
    soundfile.write(path, spoken(*WORDS), 16_000)
    return path


def labels(output):
    return [json.loads(line)["label"] for line in output.splitlines()]


def one_error(captured):
    """Return the only line of the error output that tells an error; nothing else follows it."""
    (line,) = [text for text in captured.err.splitlines() if text.startswith("error: ")]
    assert captured.err.endswith(line + "\n")
    assert "Traceback" not in captured.err
    return line


def test_json_prints_one_object_for_each_word(recording, tone_model_path, capsys):
    assert main(["--model", str(tone_model_path), "--input", str(recording), "--json"]) == 0
    captured = capsys.readouterr()
    assert labels(captured.out) == WORDS
    assert set(json.loads(captured.out.splitlines()[0])) == {
        "event",
        "label",
        "confidence",
        "start",
        "end",
        "time",
    }


def test_text_prints_one_line_for_each_word(recording, tone_model_path, capsys):
    assert main(["--model", str(tone_model_path), "--input", str(recording)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines] == WORDS


def test_the_log_tells_provider_source_and_count(recording, tone_model_path):
    command = [*RUN, "--model", tone_model_path, "--input", recording]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for part in ("runs on cpu", "words.wav", "16000 Hz", "words heard: 4"):
        assert part in done.stderr
    assert "%" not in done.stderr, "progress is for terminals"


@pytest.mark.parametrize("flags", [["--vad", "off"], ["--vad", "3"], ["--hop", "0.05"]])
def test_gate_and_hop_can_be_set(recording, tone_model_path, capsys, flags):
    assert main(["--model", str(tone_model_path), "--input", str(recording), "--json", *flags]) == 0
    assert labels(capsys.readouterr().out) == WORDS


def test_the_threshold_can_be_set(recording, tone_model_path, capsys):
    flags = ["--model", str(tone_model_path), "--input", str(recording), "--threshold", "1"]
    assert main(flags) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_raw_samples_are_heard_from_standard_input(tone_model_path, rate):
    raw = (spoken(*WORDS, rate=rate) * 32_767).astype("<i2").tobytes()
    command = [*RUN, "--model", tone_model_path, "--json", "--input", "-", "--rate", str(rate)]
    done = subprocess.run(command, input=raw, capture_output=True, check=True)
    assert labels(done.stdout) == WORDS


def test_a_live_pipe_is_answered_while_it_stays_open(tone_model_path):
    raw = (spoken("high") * 32_767).astype("<i2").tobytes()
    command = [*RUN, "--model", tone_model_path, "--json", "--input", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as listening:
        listening.stdin.write(raw)
        listening.stdin.flush()
        assert labels(listening.stdout.readline()) == ["high"]
        assert listening.poll() is None
        listening.stdin.close()
        assert listening.wait(10) == 0


def test_a_closed_reader_ends_it_quietly(recording, tone_model_path):
    command = [*RUN, "--model", tone_model_path, "--json", "--input", recording]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listening:
        listening.stdout.close()
        errors = listening.stderr.read().decode()
        assert listening.wait(10) == 0
    assert "Traceback" not in errors
    assert "Broken" not in errors


def test_ctrl_c_ends_it_with_130_and_no_traceback(tone_model_path):
    command = [*RUN, "--model", tone_model_path, "--input", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as listening:
        while "listening" not in listening.stderr.readline():
            pass
        time.sleep(0.2)
        listening.send_signal(signal.SIGINT)
        errors = listening.stderr.read()
        assert listening.wait(10) == 130
    assert errors == "words heard: 0\n"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--hop", "7"], "--hop 7: expected a number from 0.01 to 0.5 s"),
        (["--hop", "soon"], "--hop soon: expected a number"),
        (["--threshold", "nan"], "--threshold nan: expected a number from 0 to 1"),
        (["--threshold", "-1"], "--threshold -1: expected a number from 0 to 1"),
        (["--rate", "12", "--input", "-"], "--rate 12: expected a number from 1000 to 384000 Hz"),
        (["--rate", "8000"], "--rate was given without --input -"),
        (["--wait", "--demo"], "--wait was given without a microphone"),
        (["--vad", "4"], "--vad 4: expected 0, 1, 2, 3 or off"),
    ],
)
def test_a_wrong_flag_is_one_line_and_status_2(flags, message, capsys):
    assert main(flags) == 2
    captured = capsys.readouterr()
    assert one_error(captured).startswith(f"error: {message}")


def test_two_sources_at_once_are_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--input", "x.wav", "--demo"])
    assert ended.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file"), ("just text\n" * 50, "is no audio that can be read")],
)
def test_what_is_no_recording_is_one_line_and_status_2(
    tmp_path, tone_model_path, capsys, content, message
):
    path = tmp_path / "sound.wav"
    if content:
        path.write_text(content)
    assert main(["--model", str(tone_model_path), "--input", str(path)]) == 2
    captured = capsys.readouterr()
    assert message in one_error(captured)
    assert captured.out == ""


def test_a_truncated_recording_prints_what_was_heard_and_then_fails(
    recording, tone_model_path, capsys
):
    data = recording.read_bytes()
    recording.write_bytes(data[: len(data) // 2])
    assert main(["--model", str(tone_model_path), "--input", str(recording), "--json"]) == 2
    captured = capsys.readouterr()
    assert labels(captured.out) == ["low", "high"]
    assert "cut short" in one_error(captured)


def test_nan_in_a_recording_prints_what_was_heard_and_then_fails(tmp_path, tone_model_path, capsys):
    samples = spoken(*WORDS)
    samples[len(samples) // 2] = np.nan
    soundfile.write(tmp_path / "nan.wav", samples, 16_000, subtype="FLOAT")
    flags = ["--model", str(tone_model_path), "--input", str(tmp_path / "nan.wav"), "--json"]
    assert main(flags) == 2
    captured = capsys.readouterr()
    assert labels(captured.out) == ["low", "high"]
    assert "is NaN or infinite" in one_error(captured)


def test_a_recording_without_samples_is_status_2(tmp_path, tone_model_path, capsys):
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 16_000)
    flags = ["--model", str(tone_model_path), "--input", str(tmp_path / "empty.wav")]
    assert main(flags) == 2
    assert "holds no samples" in one_error(capsys.readouterr())


def test_a_recording_under_a_second_is_pointed_to_digit_classify(tmp_path, tone_model_path):
    soundfile.write(tmp_path / "short.wav", np.zeros(8_000), 16_000)
    command = [*RUN, "--model", tone_model_path, "--input", tmp_path / "short.wav"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "digit-classify" in done.stderr


def test_help_tells_defaults_and_units(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "in seconds, 0.01 to 0.5 (default: 0.1)" in text
    assert "in Hz (default: 16000)" in text
    assert "(default: edge)" in text
