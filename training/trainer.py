"""One network under training: steps, the averaged weights, and its state for checkpoints.

A network that decides frame by frame may learn phones besides the labels, by a layer of their own
that is no part of the network. Source: R. Caruana, "Multitask Learning", 1997, Machine Learning 28.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from training.augmentation.draws import Draws
from training.augmentation.pipeline import augment, change_speaker, hide_parts
from training.classifier import Classifier
from training.examples import Batch
from training.losses import frame_loss, taught, window_loss
from training.networks.heard import FrameNetwork, Heard
from training.optimization import Optimization
from training.said_phones import SILENCE
from training.settings import TrainingSettings
from training.teacher import Answer, Teacher

_LARGEST_GRADIENT = 5.0


class Trainer:
    """Trains a classifier step by step.

    The random numbers of a step depend on the seed and the step alone, so a run that was resumed
    ends with the same weights as one that was not.

    Args:
        settings: of the run.
        total_steps: length of the learning rate's schedule.
        device: where the network computes.
        teacher: whose answers the network learns besides the labels.

    """

    def __init__(
        self,
        settings: TrainingSettings,
        total_steps: int,
        device: torch.device,
        teacher: Teacher | None = None,
    ) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        self.device = device
        self.teacher = teacher
        self.step = 0
        model = Classifier(settings.model, len(settings.labels), settings.dropout)
        self.model = model.to(device)
        self.model.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.phones = self._phone_layer() if settings.phone_weight else None
        self.average = AveragedModel(
            self.model,
            avg_fn=_moving_average(settings.average_decay),
            use_buffers=True,
        )
        trained = nn.ModuleList(filter(None, (self.model, self.phones)))
        self.optimization = Optimization(trained, settings, total_steps)

    @property
    def averaged(self) -> Classifier:
        """The classifier with averaged weights: what is validated and kept."""
        model = self.average.module
        assert isinstance(model, Classifier)
        return model

    def start_from(self, network: Mapping[str, Tensor]) -> None:
        """Take the weights of a trained network of the same shape."""
        for model in (self.model, self.averaged):
            model.network.load_state_dict(network)

    def train_steps(self, batches: Iterable[Batch]) -> float:
        """Train on every batch and return the mean loss."""
        losses = [self._train_step(batch) for batch in batches]
        return float(torch.stack(losses).mean())

    def state(self) -> dict[str, Any]:
        """Return all that ``restore`` needs to go on as if nothing had happened."""
        return {
            "step": self.step,
            "model": self.model.state_dict(),
            "phones": self.phones.state_dict() if self.phones else {},
            "average": self.average.state_dict(),
            "optimization": self.optimization.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a state."""
        self.step = state["step"]
        self.model.load_state_dict(state["model"])
        if self.phones:
            self.phones.load_state_dict(state["phones"])
        self.average.load_state_dict(state["average"])
        self.optimization.restore(state["optimization"])

    def _train_step(self, batch: Batch) -> Tensor:
        self.model.train()
        seed = self.settings.seed * 1_000_003 + self.step
        torch.manual_seed(seed)
        batch = _to_device(batch, self.device)
        draws = Draws(seed, self.device)
        augmented = augment(batch, self.settings.augmentation, draws)
        with torch.no_grad():
            features = self.model.features(augmented.waveforms)
            changed, tracks = change_speaker(
                features, augmented.tracks, self.settings.augmentation, draws
            )
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.settings.bfloat16):
            answer = self._ask(augmented.waveforms, changed)
            heard = self.model.hear(hide_parts(changed, self.settings.augmentation))
            phones = self._hear_phones(heard)
        loss = self._window_loss(heard.clip, batch, answer.windows)
        if heard.frames is not None:
            frames = self._frame_loss(heard.frames, batch, tracks.labels, answer.frames)
            loss = loss + self.settings.frame_weight * frames
        if phones is not None:
            loss = loss + self.settings.phone_weight * frame_loss(phones, tracks.phones, 0.0)
        self._update(loss)
        return loss.detach()

    def _phone_layer(self) -> nn.Conv1d | None:
        network = self.model.network
        if not isinstance(network, FrameNetwork):
            return None
        return nn.Conv1d(network.inner_channels, SILENCE + 1, kernel_size=1).to(self.device)

    def _hear_phones(self, heard: Heard) -> Tensor | None:
        """Return logits [batch, n, phones], SILENCE among them, if they are to be learned."""
        if self.phones is None or heard.inner is None:
            return None
        logits: Tensor = self.phones(heard.inner)
        return logits.transpose(1, 2)

    def _ask(self, waveforms: Tensor, features: Tensor) -> Answer:
        if self.teacher is None:
            return Answer()
        return self.teacher.answer(waveforms, self.settings.model, features)

    def _window_loss(self, logits: Tensor, batch: Batch, answer: Tensor | None) -> Tensor:
        settings = self.settings
        adjusted = logits + batch.adjustments
        by_labels = window_loss(adjusted, batch.targets, settings.label_smoothing)
        return taught(by_labels, logits, answer, settings.teacher_share)

    def _frame_loss(
        self, logits: Tensor, batch: Batch, tracks: Tensor, answer: Tensor | None
    ) -> Tensor:
        settings = self.settings
        adjusted = logits + batch.adjustments.unsqueeze(1)
        by_labels = frame_loss(adjusted, tracks, settings.label_smoothing)
        return taught(by_labels, logits, answer, settings.frame_teacher_share)

    def _update(self, loss: Tensor) -> None:
        self.optimization.forget_gradients()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), _LARGEST_GRADIENT)
        self.optimization.step()
        self.average.update_parameters(self.model)
        self.step += 1


def _moving_average(decay: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """Return an exponential moving average that starts as a plain mean, so that it soon fits."""

    def average(averaged: Tensor, current: Tensor, count: Tensor | int) -> Tensor:
        if not current.is_floating_point():
            return current
        steps = float(count)
        return averaged.lerp(current, 1 - min(decay, (1 + steps) / (10 + steps)))

    return average


def _to_device(batch: Batch, device: torch.device) -> Batch:
    return replace(
        batch,
        canvases=batch.canvases.to(device),
        slack=batch.slack.to(device),
        tracks=batch.tracks.each(lambda track: track.to(device)),
        targets=batch.targets.to(device),
        noise=batch.noise.to(device),
        adjustments=batch.adjustments.to(device),
    )
