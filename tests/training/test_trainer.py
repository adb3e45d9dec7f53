import dataclasses

import numpy as np
import pytest
import torch

from training.examples import BatchDataset, ExampleDrawer, Material
from training.mixture import Mixture
from training.recordings.clip import Split
from training.trainer import Trainer

CPU = torch.device("cpu")
STEPS = 6


@pytest.fixture(scope="module")
def batches(recordings, small):
    clips = recordings.of(Split.TRAINING)
    material = Material(clips, (), recordings.audio)
    drawer = ExampleDrawer(material, small.labels, Mixture())
    return [BatchDataset(drawer, 8, small.seed)[step] for step in range(STEPS)]


def weights(trainer: Trainer) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in trainer.averaged.parameters()])


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(small, batches):
    results = []
    for seed in (1, 1, 2):
        trainer = Trainer(dataclasses.replace(small, seed=seed), STEPS, CPU)
        trainer.train_steps(batches[:1])
        results.append(weights(trainer))
    assert torch.equal(results[0], results[1])
    assert not torch.equal(results[0], results[2])


@pytest.mark.parametrize("model", ["baseline", "crnn", "parallel"])
def test_a_restored_state_goes_on_as_if_nothing_had_happened(small, batches, tmp_path, model):
    settings = dataclasses.replace(small, model=model)
    straight = Trainer(settings, 3, CPU)
    straight.train_steps(batches[:1])
    torch.save(straight.state(), tmp_path / "state.pt")
    straight.train_steps(batches[1:3])
    resumed = Trainer(settings, 3, CPU)
    resumed.restore(torch.load(tmp_path / "state.pt", weights_only=True))
    resumed.train_steps(batches[1:3])
    assert torch.allclose(weights(resumed), weights(straight), rtol=0, atol=1e-6)
    assert (resumed.step, resumed.schedule.get_last_lr()) == (3, straight.schedule.get_last_lr())


def test_the_rate_warms_up_and_falls_to_a_hundredth(small):
    trainer = Trainer(small, 40, CPU)
    rates = []
    for _ in range(40):
        rates.append(trainer.schedule.get_last_lr()[0])
        trainer.optimizer.step()
        trainer.schedule.step()
    assert rates[0] == pytest.approx(small.learning_rate / 2)
    assert max(rates) == pytest.approx(small.learning_rate)
    assert rates[-1] < 0.02 * small.learning_rate
    assert np.argmax(rates) <= 2


def test_the_average_follows_the_weights_smoothly(small, batches):
    trainer = Trainer(small, STEPS, CPU)
    before = weights(trainer)
    trainer.train_steps(batches)
    current = torch.cat([p.detach().flatten() for p in trainer.model.parameters()])
    moved, average = (current - before).norm(), (weights(trainer) - before).norm()
    assert 0 < average < moved


def test_biases_and_normalization_have_no_weight_decay(small):
    decayed, plain = Trainer(small, STEPS, CPU).optimizer.param_groups
    assert decayed["weight_decay"] == small.weight_decay
    assert plain["weight_decay"] == 0
    assert {p.ndim for p in plain["params"]} == {1}
    assert 1 not in {p.ndim for p in decayed["params"]}


def test_the_mean_loss_is_that_of_guessing_at_the_start(small, batches):
    loss = Trainer(small, STEPS, CPU).train_steps(batches[:1])
    assert loss == pytest.approx(np.log(3), rel=0.25)
