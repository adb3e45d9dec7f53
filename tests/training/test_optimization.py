import copy
import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from training.optimization import Optimization
from training.settings import TrainingSettings

SETTINGS = TrainingSettings(learning_rate=1e-3, matrix_rate=0.02, weight_decay=0.1)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv1d(16, 16, 9, groups=16), nn.Conv1d(16, 32, 1), nn.BatchNorm1d(32), nn.ReLU()
    )


def groups(optimization):
    return [group for item in optimization.optimizers for group in item.param_groups]


def test_the_rates_warm_up_and_fall_to_a_hundredth(model):
    optimization = Optimization(model, SETTINGS, 40)
    rates = []
    for _ in range(40):
        rates.append(optimization.rates)
        optimization.step()
    for each, highest in zip(np.transpose(rates), (1e-3, 0.02), strict=True):
        assert each[0] == pytest.approx(highest / 2)
        assert max(each) == pytest.approx(highest)
        assert each[-1] < 0.02 * highest
        assert np.argmax(each) <= 2


def test_every_weight_is_changed_by_one_optimizer_and_only_matrices_take_orthogonal_steps(model):
    decayed, plain, matrices = groups(Optimization(model, SETTINGS, 40))
    assert [tuple(p.shape) for p in matrices["params"]] == [(32, 16, 1)]
    everything = [*decayed["params"], *plain["params"], *matrices["params"]]
    assert {id(p) for p in everything} == {id(p) for p in model.parameters()}
    assert len(everything) == len(list(model.parameters()))


def test_without_a_rate_for_matrices_adamw_changes_all(model):
    settings = dataclasses.replace(SETTINGS, matrix_rate=0.0)
    assert len(Optimization(model, settings, 40).optimizers) == 1


def test_biases_and_normalization_have_no_weight_decay(model):
    for group in groups(Optimization(model, SETTINGS, 40)):
        is_flat = {p.ndim for p in group["params"]} == {1}
        assert group["weight_decay"] == (0 if is_flat else SETTINGS.weight_decay)


def test_a_restored_one_goes_on_as_if_nothing_had_happened(model):
    sound = torch.randn(4, 16, 50)

    def take_step(network, optimization):
        optimization.forget_gradients()
        network(sound).square().mean().backward()
        optimization.step()

    first = Optimization(model, SETTINGS, 40)
    take_step(model, first)
    weights, state = model.state_dict(), copy.deepcopy(first.state())
    twin = nn.Sequential(
        nn.Conv1d(16, 16, 9, groups=16), nn.Conv1d(16, 32, 1), nn.BatchNorm1d(32), nn.ReLU()
    )
    twin.load_state_dict(weights)
    second = Optimization(twin, SETTINGS, 40)
    second.restore(state)
    take_step(model, first)
    take_step(twin, second)
    for one, other in zip(model.parameters(), twin.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-7)
    assert first.rates == second.rates
