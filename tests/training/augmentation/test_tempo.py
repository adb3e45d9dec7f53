import torch
from hypothesis import given
from hypothesis import strategies as st

from training.augmentation.draws import Draws
from training.augmentation.tempo import change_tempo
from training.tracks import Tracks

CPU = torch.device("cpu")
SAID = torch.full((100,), 9)
SAID[40:60] = 3


def example(count: int) -> tuple[torch.Tensor, Tracks]:
    """Return features that sound while the labels say 3 and the phones 13."""
    sound = (SAID == 3).float().repeat_interleave(2)[None, None].repeat(count, 5, 1)
    labels = SAID.repeat(count, 1)
    return sound, Tracks(labels, labels + 10)


def test_without_reach_nothing_changes():
    features, tracks = example(4)
    stretched, said = change_tempo(features, tracks, Draws(0, CPU), 0.0)
    assert torch.allclose(stretched, features, atol=1e-4)
    assert torch.equal(said.labels, tracks.labels)
    assert torch.equal(said.phones, tracks.phones)


@given(seed=st.integers(0, 10**6), reach=st.floats(0.05, 0.6))
def test_words_get_longer_or_shorter_within_reach_and_their_tracks_with_them(seed, reach):
    features, tracks = example(16)
    stretched, said = change_tempo(features, tracks, Draws(seed, CPU), reach)
    lengths = stretched[:, 0].sum(dim=1) / 40
    assert lengths.max() <= 1 + reach + 0.05
    assert lengths.min() >= 1 / (1 + reach / 2) - 0.05
    assert ((said.labels == 3).sum(dim=1) / 20 - lengths).abs().max() <= 0.11
    assert torch.equal(said.phones, said.labels + 10)


def test_each_example_has_its_own_tempo():
    stretched, _ = change_tempo(*example(16), Draws(0, CPU), 0.4)
    assert stretched[:, 0].sum(dim=1).round().unique().numel() > 8
