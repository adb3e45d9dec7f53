import json
import shutil
import signal
import sys
import time

import pytest
import torch

from tests.synthetic_recordings import write_speech_commands
from training.checkpoint import load_checkpoint
from training.commands.train import main

WORDS = ("--model", "baseline", "--labels", "low,high")
QUICK = (*WORDS, "--least-steps", "1", "--batch-size", "8", "--threads", "1")
MODULE = "training.commands.train"


def train(corpus, output, *arguments):
    return main([*QUICK, "--data", str(corpus), "--output", str(output), *arguments])


def refusal(capsys, *arguments) -> str:
    """Return the one line with which the command refuses its arguments."""
    assert main(list(map(str, arguments))) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    return captured.err


@pytest.mark.parametrize(
    ("model", "total"), [("baseline", "143,242"), ("crnn", "1,942,346"), ("parallel", "260,042")]
)
def test_summary_prints_the_table_of_a_network(capsys, model, total):
    assert main(["--summary", model]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{model}, 10 labels, input [128, 44]"
    assert lines[-1].split() == ["total", total]


def test_summary_counts_the_given_labels(capsys):
    assert main(["--summary", "baseline", "--labels", "yes,no"]) == 0
    assert "baseline, 2 labels" in capsys.readouterr().out


def test_a_run_from_start_to_end(corpus, tmp_path, caplog):
    caplog.set_level("INFO")
    assert train(corpus, tmp_path / "run", "--epochs", "2", "--seed", "5") == 0
    others = {"last.pt", "metrics.jsonl", "curves.png", "settings.json", "manifest.json"}
    assert {path.name for path in (tmp_path / "run").iterdir()} == {"best.pt", "final.pt", *others}
    settings = json.loads((tmp_path / "run" / "settings.json").read_text())
    chosen = {key: settings[key] for key in ("keywords", "epochs", "batch_size", "seed")}
    assert chosen == {"keywords": ["low", "high"], "epochs": 2, "batch_size": 8, "seed": 5}
    text = caplog.text
    assert "training baseline on" in text
    assert "epoch 2: loss" in text
    assert "keywords right: speech_commands" in text
    assert "final checkpoint:" in text


def test_a_trained_network_is_trained_on_at_lower_rates(corpus, tmp_path, finished_run):
    flags = ("--start", str(finished_run / "best.pt"), "--rates", "0.5")
    assert train(corpus, tmp_path / "run", "--epochs", "1", *flags) == 0
    settings = json.loads((tmp_path / "run" / "settings.json").read_text())
    before = json.loads((finished_run / "settings.json").read_text())
    assert settings["learning_rate"] == before["learning_rate"] / 2


def test_a_network_of_another_kind_is_nothing_to_go_on_from(capsys, corpus, tmp_path, finished_run):
    flags = ("--data", corpus, "--output", tmp_path / "run", "--start", finished_run / "best.pt")
    line = refusal(capsys, "--model", "crnn", "--labels", "low,high", *flags)
    assert "is baseline with the labels low, high, other: expected crnn with" in line
    line = refusal(capsys, "--model", "baseline", "--labels", "high,low", *flags)
    assert "expected baseline with the labels high, low, other to go on from" in line


def test_recordings_may_lie_in_several_folders(tmp_path):
    low = write_speech_commands(tmp_path / "first", ("low",))
    high = write_speech_commands(tmp_path / "second", ("high",))
    assert train(low, tmp_path / "run", "--epochs", "1", "--data", str(high)) == 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    paths = {clip["path"].rpartition("/")[0] for clip in manifest["clips"]}
    assert paths >= {"first/low", "second/high"}


@pytest.mark.parametrize("model", ["edge", "baseline"])
def test_phones_are_found_for_a_network_that_learns_them(corpus, tmp_path, monkeypatch, model):
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert train(corpus, tmp_path / "run", "--epochs", "1", "--model", model) == 0
    assert (tmp_path / "cache").exists() == (model == "edge")
    assert all(
        "phones" not in key for key in load_checkpoint(tmp_path / "run" / "best.pt")["network"]
    )


def test_without_the_package_for_phones_a_line_says_how_to_get_it(
    capsys, corpus, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    line = refusal(capsys, "--data", corpus, "--output", tmp_path, *WORDS, "--model", "edge")
    assert "pocketsphinx is missing" in line
    assert train(corpus, tmp_path / "run", "--epochs", "1") == 0


def test_the_same_command_goes_on_with_a_run(corpus, finished_run, tmp_path, caplog):
    caplog.set_level("INFO")
    folder = shutil.copytree(finished_run, tmp_path / "run")
    assert train(corpus, folder, "--epochs", "2") == 0
    assert "epoch" not in caplog.text.replace("best checkpoint", "")


def test_skipped_recordings_are_listed(tmp_path, caplog):
    root = write_speech_commands(tmp_path / "speech_commands", ("low", "high"))
    (root / "low" / "c2_nohash_0.wav").write_text("no sound")
    assert train(root, tmp_path / "run", "--epochs", "1") == 0
    skipped = [line for line in caplog.text.splitlines() if "skipped" in line]
    assert len(skipped) == 1
    assert "c2_nohash_0.wav: unreadable" in skipped[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--device", "tpu"), "--device is 'tpu': expected auto, cpu or cuda"),
        (("--labels", ","), "--labels is ',': expected distinct words"),
        (("--labels", "yes,yes"), "expected distinct words, as in yes,no,stop"),
        (("--labels", "low,other"), "the label 'other' is taken"),
        (("--labels", "low,blue"), "no recordings of blue: expected some for each label"),
        (("--epochs", "0"), "--epochs is 0: expected 1 to"),
        (("--batch-size", "-3"), "--batch-size is -3: expected 1 to"),
        (("--seed", "-1"), "--seed is -1: expected 0 to"),
        (("--threads", "-1"), "--threads is -1: expected 0 to"),
        (("--workers", "-1"), "--workers is -1: expected 0 to"),
        (("--model", "resnet"), "unknown network 'resnet': expected one of baseline"),
        (("--summary", "resnet"), "unknown network 'resnet': expected one of baseline"),
        (("--data", "/nowhere"), "/nowhere: not a folder: expected a folder of recordings"),
    ],
)
def test_what_cannot_be_used_is_one_line(capsys, corpus, tmp_path, arguments, message):
    line = refusal(capsys, *QUICK, "--data", corpus, "--output", tmp_path / "run", *arguments)
    assert message in line
    assert not (tmp_path / "run").exists()


def test_missing_folders_are_named(capsys, corpus, tmp_path):
    assert "--data is missing" in refusal(capsys, "--output", tmp_path)
    assert "--output is missing" in refusal(capsys, "--data", corpus)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device here")
def test_cuda_without_a_device_is_one_line(capsys, corpus, tmp_path):
    line = refusal(capsys, "--data", corpus, "--output", tmp_path, "--device", "cuda")
    assert "PyTorch finds no CUDA device here; use --device cpu" in line


def test_a_number_that_is_none_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--epochs", "many"])
    assert caught.value.code == 2
    assert "argument --epochs: invalid int value: 'many'" in capsys.readouterr().err


def test_other_settings_in_the_same_folder_are_one_line(capsys, corpus, finished_run):
    line = refusal(capsys, *QUICK, "--data", corpus, "--output", finished_run, "--epochs", "9")
    assert "other settings (epochs" in line


def test_help_tells_how_long_a_run_takes_and_what_it_leaves(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "an epoch of edge takes three minutes on one core" in text
    for name in ("best.pt", "last.pt", "metrics.jsonl", "curves.png", "manifest.json"):
        assert name in text


def test_download_fetches_into_the_data_folder_before_training(corpus, tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr("training.commands.train.download_speech_commands", calls.append)
    assert train(corpus, tmp_path / "run", "--download", "--epochs", "1") == 0
    assert calls == [corpus]


def test_an_interrupt_ends_with_130(corpus, tmp_path, monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("training.commands.train.load_recordings", interrupt)
    assert train(corpus, tmp_path / "run") == 130
    assert capsys.readouterr().err == ""


def start_and_wait_for_an_epoch(start_command, corpus, folder):
    arguments = (*QUICK, "--data", corpus, "--output", folder, "--epochs", "8")
    process = start_command(MODULE, *arguments)
    deadline = time.monotonic() + 120
    while not (folder / "last.pt").exists():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


@pytest.mark.slow
def test_a_process_that_was_killed_goes_on_and_ends_as_one_that_was_not(
    start_command, corpus, tmp_path
):
    process = start_and_wait_for_an_epoch(start_command, corpus, tmp_path / "killed")
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert load_checkpoint(tmp_path / "killed" / "last.pt")["epoch"] < 8
    for name in ("killed", "straight"):
        assert train(corpus, tmp_path / name, "--epochs", "8") == 0
    killed, straight = (
        load_checkpoint(tmp_path / name / "last.pt")["trainer"]["average"]
        for name in ("killed", "straight")
    )
    for key, value in straight.items():
        assert torch.allclose(killed[key], value, rtol=0, atol=1e-6)


@pytest.mark.slow
def test_ctrl_c_ends_quietly_with_130(start_command, corpus, tmp_path):
    process = start_and_wait_for_an_epoch(start_command, corpus, tmp_path / "run")
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    assert process.returncode == 130
    assert output == ""
    assert "Traceback" not in errors
