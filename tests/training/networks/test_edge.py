import pytest
import torch
from torch import nn

from training.networks.edge import CHANNELS, Edge
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
    features, network = torch.randn(3, *FEATURES), Edge(labels).eval()
    heard = network.hear(features)
    assert heard.clip.shape == (3, labels)
    assert heard.frames.shape == (3, 51, labels)
    assert torch.equal(network(features), heard.clip)


def test_its_inner_steps_are_those_behind_its_second_block():
    network = Edge(3).eval()
    inner = network.hear(torch.randn(2, *FEATURES)).inner
    assert inner.shape == (2, CHANNELS, 51)
    inner.sum().backward()
    trained = {n for n, p in network.body.named_parameters() if p.grad is not None}
    assert {name[0] for name in trained} == {"0", "1"}
    assert all(p.grad is None for p in network.tail.parameters())


def test_its_summary_takes_its_own_features():
    rows = layer_summaries("edge", 10)
    assert rows[0].output_shape == (16, 20, 51)
    assert sum(row.parameters for row in rows) == sum(p.numel() for p in Edge(10).parameters())
