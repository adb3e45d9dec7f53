"""Checkpoints of small, random networks and the files that the command makes of them."""

from pathlib import Path

import pytest
import torch

from export.commands.export import main
from training.checkpoint import save_checkpoint
from training.classifier import Classifier

LABELS = ["yes", "no", "other"]


def write_checkpoint(path: Path, network_name: str, **changes: object) -> Path:
    """Write the checkpoint of a network whose answers are far from uniform."""
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    network = Classifier(network_name, len(LABELS)).network
    for name, value in network.state_dict().items():
        if "running_mean" in name:
            value.copy_(0.1 * torch.randn(value.shape, generator=generator))
        elif "running_var" in name:
            value.copy_(0.1 + torch.rand(value.shape, generator=generator))
        elif value.is_floating_point():
            value.mul_(3.0 if network_name == "crnn" else 2.0)
    content = {
        "architecture": network_name,
        "labels": LABELS,
        "network": network.state_dict(),
        "thresholds": {"yes": 0.7, "no": 0.8},
        "temperature": 1.5,
        "other_bias": -0.5,
        "training": {"seed": 1, "epochs": 3, "commit": "unknown", "data": {}},
    }
    save_checkpoint(path, {**content, **changes})
    return path


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture
def checkpoint(tmp_path) -> Path:
    return write_checkpoint(tmp_path / "best.pt", "baseline")


# The exporter takes the LSTM of crnn apart step by step: 20 s and more.
@pytest.fixture(
    scope="session",
    params=["baseline", "parallel", "edge", pytest.param("crnn", marks=pytest.mark.slow)],
)
def exported(request, tmp_path_factory) -> tuple[Path, Path]:
    """Return the checkpoint of a network and its model file, alone in a folder of its own."""
    checkpoint = write_checkpoint(tmp_path_factory.mktemp(request.param) / "best.pt", request.param)
    model = tmp_path_factory.mktemp("exported") / "model.onnx"
    assert main([str(checkpoint), "-o", str(model)]) == 0
    return checkpoint, model
