"""What the networks are compared with computes the same, and what is missing is named."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from benchmarks.numpy_features import with_numpy_features
from benchmarks.peers import PEERS, why_missing
from benchmarks.pytorch import usual
from benchmarks.rows.windows import noise
from recognizer import Recognizer
from recognizer.commands.listen import DEMO


@pytest.mark.parametrize("network", ["edge", "parallel"])
def test_torchaudio_gives_the_features_that_the_networks_know(network):
    module = usual(network, 11)
    windows = torch.from_numpy(noise(3))
    with torch.inference_mode():
        found = module(windows)
        expected = module.classifier(windows).softmax(dim=1)
    assert (found - expected).abs().max() < 1e-4


@pytest.mark.parametrize("network", ["edge", "parallel"])
def test_numpy_gives_the_answers_of_the_file(network):
    windows = noise(3)
    (found,) = with_numpy_features(network, windows)()
    with Recognizer(network, "cpu") as recognizer:
        expected = recognizer.classify_batch(windows)
    assert np.abs(found - expected).max() < 1e-4


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_hears_a_recording_or_it_is_told_why_not(name, tmp_path):
    reason = why_missing(name, tmp_path)
    if reason:
        assert reason == "not installed" or reason.startswith("no models: ")
        return
    command = [sys.executable, "-m", "benchmarks.peers", name, str(DEMO)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
