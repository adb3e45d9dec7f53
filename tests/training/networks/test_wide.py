import pytest
import torch

from training.networks.edge import Edge
from training.networks.wide import CHANNELS, Wide

FEATURES = (40, 101)


@pytest.mark.parametrize("labels", [2, 11])
def test_it_decides_the_window_and_the_same_frames_as_edge(labels):
    features = torch.randn(2, *FEATURES)
    heard = Wide(labels).eval().hear(features)
    of_edge = Edge(labels).eval().hear(features)
    assert heard.clip.shape == of_edge.clip.shape
    assert heard.frames.shape == of_edge.frames.shape
    assert heard.inner.shape == (2, CHANNELS, 51)


def test_dropout_works_while_training_only():
    features = torch.randn(2, *FEATURES)
    network = Wide(3, dropout=0.5).eval()
    assert torch.equal(network(features), network(features))
    assert not torch.equal(network.train()(features), network(features))
