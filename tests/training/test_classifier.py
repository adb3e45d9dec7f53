import pytest
import torch

from training.classifier import Classifier
from training.networks import NETWORKS

FEATURES = {"edge": (40, 101), "wide": (40, 101), "embedding": (32, 108)}


@pytest.mark.parametrize("architecture", NETWORKS)
def test_waveforms_become_logits(architecture):
    shape = (2, *FEATURES.get(architecture, (128, 44)))
    classifier = Classifier(architecture, 3).eval()
    waveforms = 0.1 * torch.randn(2, 16_000)
    assert classifier.features(waveforms).shape == shape
    assert classifier(waveforms).shape == (2, 3)
    assert torch.equal(classifier(waveforms), classifier.network(classifier.features(waveforms)))


@pytest.mark.parametrize("architecture", NETWORKS)
def test_edge_and_wide_alone_decide_frames(architecture):
    classifier = Classifier(architecture, 3).eval()
    features = classifier.features(0.1 * torch.randn(2, 16_000))
    heard = classifier.hear(features)
    assert torch.equal(heard.clip, classifier.network(features))
    by_frame = architecture in ("edge", "wide")
    assert (heard.frames is not None, heard.inner is not None) == (by_frame, by_frame)


def test_one_waveform_does_not_change_the_answer_to_another():
    classifier = Classifier("parallel", 3).eval()
    waveforms = 0.1 * torch.randn(4, 16_000)
    together = classifier(waveforms)
    alone = torch.cat([classifier(waveform.unsqueeze(0)) for waveform in waveforms])
    assert torch.allclose(together, alone, atol=1e-5)


def test_only_the_network_has_weights_to_store():
    classifier = Classifier("baseline", 3)
    assert all(name.startswith("network.") for name in classifier.state_dict())


@pytest.mark.parametrize("level", [0.0, 1e-6, 1.0])
def test_silence_and_full_scale_give_finite_logits(level):
    classifier = Classifier("crnn", 3).eval()
    assert classifier(torch.full((1, 16_000), level)).isfinite().all()
