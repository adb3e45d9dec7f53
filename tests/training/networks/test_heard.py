import pytest
import torch

from training.networks.edge import Edge
from training.networks.wide import Wide

FEATURES = (40, 101)


@pytest.mark.parametrize("kind", [Edge, Wide])
def test_frames_follow_what_they_hear_in_time(kind):
    network = kind(3).eval()
    features = torch.randn(1, *FEATURES)
    changed = features.clone()
    changed[:, :, 98:] += 1
    before, after = network.hear(features).frames, network.hear(changed).frames
    moved = (before - after).abs().sum(dim=(0, 2))
    assert moved[-1] > moved[:10].max()


@pytest.mark.parametrize("kind", [Edge, Wide])
def test_a_window_is_decided_by_its_mean_step_where_all_weigh_the_same(kind):
    network = kind(3).eval()
    with torch.no_grad():
        network.attention.weight.zero_()
        network.frame.weight.copy_(network.clip.weight.unsqueeze(2))
        network.frame.bias.copy_(network.clip.bias)
        heard = network.hear(torch.randn(2, *FEATURES))
    assert heard.clip.shape == (2, 3)
    assert torch.allclose(heard.clip, heard.frames.mean(dim=1), atol=1e-5)
