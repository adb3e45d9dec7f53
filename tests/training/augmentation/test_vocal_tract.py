import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.augmentation.draws import Draws
from training.augmentation.vocal_tract import warp_bands

CPU = torch.device("cpu")


def ramp(count: int, bands: int = 40, frames: int = 3) -> torch.Tensor:
    return torch.arange(bands, dtype=torch.float32).view(1, -1, 1).repeat(count, 1, frames)


def test_without_reach_nothing_changes():
    assert torch.allclose(warp_bands(ramp(4), Draws(0, CPU), 0.0), ramp(4), atol=1e-4)


@given(seed=st.integers(0, 10**6), reach=st.floats(0.01, 0.3))
@settings(deadline=None)
def test_each_example_is_scaled_by_its_own_factor_within_reach(seed, reach):
    warped = warp_bands(ramp(16), Draws(seed, CPU), reach)
    factor = warped[:, 20, 0] / 20
    assert (factor <= 1 + reach + 1e-4).all()
    assert (factor >= 1 / (1 + reach) - 1e-4).all()
    assert factor.std() > 0


@given(seed=st.integers(0, 10**6))
def test_values_stay_between_their_neighbours(seed):
    features = torch.rand(8, 20, 5, generator=torch.Generator().manual_seed(seed))
    warped = warp_bands(features, Draws(seed, CPU), 0.2)
    assert warped.shape == features.shape
    assert (warped <= features.amax(dim=1, keepdim=True)).all()
    assert (warped >= features.amin(dim=1, keepdim=True)).all()
