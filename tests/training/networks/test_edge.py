import pytest
import torch
from torch import nn

from training.networks.edge import Edge
from training.networks.summary import layer_summaries

FEATURES = (40, 101)


def multiply_adds(network: nn.Module) -> int:
    """Return the multiplications of one window in convolutions and linear layers."""
    counts = []

    def count(layer: nn.Module, _inputs: object, output: torch.Tensor) -> None:
        places = output[0, 0].numel() if output.ndim > 2 else 1
        counts.append(layer.weight.numel() * places)

    for layer in network.modules():
        if isinstance(layer, nn.Conv1d | nn.Conv2d | nn.Linear):
            layer.register_forward_hook(count)
    network(torch.zeros(1, *FEATURES))
    return sum(counts)


def test_it_is_small_enough_for_the_edge():
    network = Edge(11).eval()
    assert sum(p.numel() for p in network.parameters()) <= 80_000
    assert multiply_adds(network) <= 20_000_000


@pytest.mark.parametrize("labels", [2, 11, 36])
def test_it_decides_the_window_and_every_20_ms_of_it(labels):
    clip, frames = Edge(labels).eval().clip_and_frames(torch.randn(3, *FEATURES))
    assert clip.shape == (3, labels)
    assert frames.shape == (3, 51, labels)


def test_frames_follow_what_they_hear_in_time():
    network = Edge(3).eval()
    features = torch.randn(1, *FEATURES)
    changed = features.clone()
    changed[:, :, 98:] += 1
    _, before = network.clip_and_frames(features)
    _, after = network.clip_and_frames(changed)
    moved = (before - after).abs().sum(dim=(0, 2))
    assert moved[-1] > moved[:10].max()


def test_its_summary_takes_its_own_features():
    rows = layer_summaries("edge", 10)
    assert rows[0].output_shape == (8, 20, 51)
    assert sum(row.parameters for row in rows) == sum(p.numel() for p in Edge(10).parameters())
