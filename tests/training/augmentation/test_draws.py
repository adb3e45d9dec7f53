import torch
from hypothesis import given
from hypothesis import strategies as st

from training.augmentation.draws import Draws

CPU = torch.device("cpu")


@given(seed=st.integers(0, 2**40), low=st.floats(0.01, 10), factor=st.floats(1.01, 100))
def test_draws_lie_within_their_limits_and_depend_on_the_seed_alone(seed, low, factor):
    draws, again = Draws(seed, CPU), Draws(seed, CPU)
    for name in ("uniform", "log_uniform"):
        values = getattr(draws, name)((50,), low, low * factor)
        assert values.min() >= low * 0.9999
        assert values.max() <= low * factor * 1.0001
        assert torch.equal(values, getattr(again, name)((50,), low, low * factor))


def test_octaves_are_equally_likely():
    values = Draws(0, CPU).log_uniform((4_000,), 1.0, 4.0)
    assert abs((values < 2.0).float().mean() - 0.5) < 0.03


def test_normal_and_chance_have_the_given_moments():
    draws = Draws(0, CPU)
    normal = draws.normal((10_000,))
    assert abs(normal.mean()) < 0.05
    assert abs(normal.std() - 1) < 0.05
    assert abs(draws.chance((10_000,), 0.3).float().mean() - 0.3) < 0.03
    assert not draws.chance((1_000,), 0.0).any()
    assert draws.chance((1_000,), 1.0).all()
