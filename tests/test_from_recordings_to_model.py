"""The whole way with the commands, as a user goes it: train, export, evaluate, classify."""

import json

import pytest
import soundfile
import torch

from export.commands.export import main as export
from recognizer import Recognizer
from tests.synthetic_recordings import write_speech_commands
from training.commands.evaluate import main as evaluate
from training.commands.train import main as train


@pytest.mark.slow
def test_a_model_of_two_tones_is_trained_exported_evaluated_and_used(tmp_path, capsys):
    torch.set_num_threads(1)
    data = write_speech_commands(
        tmp_path / "speech_commands", ("low", "high"), speakers=24, lists=False
    )
    run, model, report = tmp_path / "run", tmp_path / "tones.onnx", tmp_path / "report"
    flags = ["--model", "baseline", "--labels", "low,high", "--epochs", "3", "--batch-size", "16"]
    assert train([*flags, "--data", str(data), "--output", str(run), "--threads", "1"]) == 0
    assert export([str(run / "best.pt"), "-o", str(model)]) == 0
    capsys.readouterr()
    flags = ["clips", "--model", str(model), "--data", str(data), "--output", str(report)]
    assert evaluate([*flags, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["accuracy"] == 1.0
    assert {path.name for path in report.iterdir()} == {
        "report.json",
        "confusion.png",
        "reliability.png",
    }
    with Recognizer(model, "cpu") as recognizer:
        for word in ("low", "high"):
            samples, rate = soundfile.read(data / word / "a0_nohash_0.wav")
            assert recognizer.classify(samples, rate).label == word
