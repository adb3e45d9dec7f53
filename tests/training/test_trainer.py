import dataclasses

import numpy as np
import pytest
import torch

from training.classifier import Classifier
from training.examples import BatchDataset, ExampleDrawer, Material
from training.mixture import Mixture
from training.recordings.alignment import Aligned
from training.recordings.clip import Kind, Split
from training.teacher import Teacher
from training.tracks import UNDECIDED
from training.trainer import Trainer

CPU = torch.device("cpu")
STEPS = 6


@pytest.fixture(scope="module")
def batches(recordings, small):
    clips = recordings.of(Split.TRAINING)
    words = [clip for clip in clips if clip.kind is Kind.WORD]
    phones = {clip.path: (Aligned("OW", 0.3, 0.5), Aligned("AY", 0.5, 0.7)) for clip in words}
    material = Material(clips, (), recordings.audio, phones)
    drawer = ExampleDrawer(material, small.labels, Mixture())
    return [BatchDataset(drawer, 8, small.seed)[step] for step in range(STEPS)]


def weights(trainer: Trainer) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in trainer.averaged.parameters()])


def all_weights(trainer: Trainer) -> torch.Tensor:
    """Return the weights of the network, and those with which it learns phones."""
    phones = list(trainer.phones.parameters()) if trainer.phones else []
    return torch.cat([weights(trainer), *(p.detach().flatten() for p in phones)])


@pytest.fixture(scope="module")
def learns_phones(small):
    return dataclasses.replace(small, model="edge", phone_weight=0.5)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(small, batches):
    results = []
    for seed in (1, 1, 2):
        trainer = Trainer(dataclasses.replace(small, seed=seed), STEPS, CPU)
        trainer.train_steps(batches[:1])
        results.append(weights(trainer))
    assert torch.equal(results[0], results[1])
    assert not torch.equal(results[0], results[2])


@pytest.mark.parametrize(
    ("model", "phone_weight"),
    [("baseline", 0.0), ("crnn", 0.0), ("parallel", 0.0), ("edge", 0.0), ("edge", 0.5)],
)
def test_a_restored_state_goes_on_as_if_nothing_had_happened(
    small, batches, tmp_path, model, phone_weight
):
    settings = dataclasses.replace(small, model=model, phone_weight=phone_weight)
    straight = Trainer(settings, 3, CPU)
    straight.train_steps(batches[:1])
    torch.save(straight.state(), tmp_path / "state.pt")
    straight.train_steps(batches[1:3])
    resumed = Trainer(settings, 3, CPU)
    resumed.restore(torch.load(tmp_path / "state.pt", weights_only=True))
    resumed.train_steps(batches[1:3])
    assert torch.allclose(all_weights(resumed), all_weights(straight), rtol=0, atol=1e-6)
    assert (resumed.step, resumed.optimization.rates) == (3, straight.optimization.rates)


def test_the_average_follows_the_weights_smoothly(small, batches):
    trainer = Trainer(small, STEPS, CPU)
    before = weights(trainer)
    trainer.train_steps(batches)
    current = torch.cat([p.detach().flatten() for p in trainer.model.parameters()])
    moved, average = (current - before).norm(), (weights(trainer) - before).norm()
    assert 0 < average < moved


def test_phones_are_learned_by_the_network_and_leave_nothing_in_it(learns_phones, batches):
    without = Trainer(dataclasses.replace(learns_phones, phone_weight=0.0), STEPS, CPU)
    trainer = Trainer(learns_phones, STEPS, CPU)
    with torch.no_grad():
        trainer.phones.weight.mul_(0.01)
        trainer.phones.bias.zero_()
    before = trainer.phones.weight.detach().clone()
    assert torch.equal(weights(trainer), weights(without))
    first, plain = trainer.train_steps(batches[:1]), without.train_steps(batches[:1])
    assert first - plain == pytest.approx(0.5 * np.log(40), rel=0.01), "of guessing phones"
    assert not torch.equal(trainer.phones.weight, before)
    assert not torch.equal(weights(trainer), weights(without))
    assert trainer.averaged.state_dict().keys() == without.averaged.state_dict().keys()


def test_where_no_phone_is_known_they_teach_nothing(learns_phones, batches):
    batch = batches[0]
    tracks = batch.tracks._replace(phones=torch.full_like(batch.tracks.phones, UNDECIDED))
    unknown = [dataclasses.replace(batch, tracks=tracks)]
    with_phones = Trainer(learns_phones, STEPS, CPU)
    without = Trainer(dataclasses.replace(learns_phones, phone_weight=0.0), STEPS, CPU)
    assert with_phones.train_steps(unknown) == without.train_steps(unknown)
    assert torch.equal(weights(with_phones), weights(without))


def test_phones_are_learned_in_time(learns_phones, batches):
    settings = dataclasses.replace(learns_phones, phone_weight=20.0, average_decay=0.0)
    trainer = Trainer(settings, 40, CPU)
    losses = [trainer.train_steps(batches) for _ in range(6)]
    assert losses[-1] < 0.6 * losses[0]


def test_frames_are_learned_from_a_teacher_that_decides_them(learns_phones, batches):
    torch.manual_seed(0)
    sure = Classifier("wide", len(learns_phones.labels)).eval()
    with torch.no_grad():
        sure.network.frame.weight.zero_()
        sure.network.frame.bias.copy_(torch.tensor([0.0, 8.0, 0.0]))
    settings = dataclasses.replace(
        learns_phones, phone_weight=0.0, frame_weight=20.0, frame_teacher_share=1.0
    )
    trainer = Trainer(settings, 40, CPU, Teacher([sure], ["wide"], CPU))
    losses = [trainer.train_steps(batches) for _ in range(6)]
    assert losses[-1] < 0.5 * losses[0]


def test_the_mean_loss_is_that_of_guessing_at_the_start(small, batches):
    loss = Trainer(small, STEPS, CPU).train_steps(batches[:1])
    assert loss == pytest.approx(np.log(3), rel=0.25)
