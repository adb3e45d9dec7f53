import pytest
import torch

from training.networks.embedding import EMBEDDED, STEPS, Embedding

BANDS = 32
FRAMES = 76
HOP = 8


def network(labels: int = 3) -> Embedding:
    torch.manual_seed(0)
    return Embedding(labels, dropout=0.5).eval()


@pytest.mark.parametrize("labels", [2, 11])
def test_a_window_has_one_logit_for_each_label(labels):
    assert network(labels)(torch.randn(4, BANDS, 108)).shape == (4, labels)


def test_each_of_its_embeddings_is_that_of_its_own_frames():
    embed = network().embed
    picture = torch.randn(1, 1, FRAMES + HOP * (STEPS - 1), BANDS)
    together = embed(picture)
    assert together.shape == (1, EMBEDDED, STEPS, 1)
    for step in range(STEPS):
        alone = embed(picture[:, :, HOP * step : HOP * step + FRAMES])
        assert torch.allclose(alone[..., 0, 0], together[..., step, 0], atol=1e-5)


def test_its_parts_are_all_of_the_embedding():
    embedding = network()
    convolutions, normalization = embedding.parts()
    owned = {id(p) for layer in (*convolutions, normalization) for p in layer.parameters()}
    assert owned == {id(parameter) for parameter in embedding.embed.parameters()}


def test_dropout_works_while_training_only():
    features = torch.randn(4, BANDS, 108)
    embedding = network()
    assert torch.equal(embedding(features), embedding(features))
    assert not torch.equal(embedding.train()(features), embedding(features))
