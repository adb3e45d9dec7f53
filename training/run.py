"""A training run: recordings in, checkpoints, metrics, curves and a manifest out."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader

from recognizer.errors import InputError
from training.checkpoint import load_checkpoint, save_checkpoint
from training.curves import draw_curves
from training.examples import Batch, BatchDataset, ExampleDrawer, Material
from training.metrics import MetricsLog
from training.mixture import Mixture
from training.progress import Progress
from training.provenance import current_commit
from training.recordings.clip import Kind, Split
from training.recordings.library import Recordings
from training.recordings.manifest import count_clips, write_manifest
from training.settings import TrainingSettings, as_dictionary
from training.start import Start
from training.teacher import Teacher
from training.trainer import Trainer
from training.validation import (
    Judgement,
    ValidationSet,
    build_validation,
    judge,
    predict,
    strange_words,
)

LAST = "last.pt"
BEST = "best.pt"
FINAL = "final.pt"


@dataclass(frozen=True)
class Machine:
    """What a run computes with.

    Attributes:
        device: where the network is.
        workers: processes that draw examples beside the training; 0 draws them in between.

    """

    device: torch.device
    workers: int = 0


class Run:
    """A training run in a folder of its own.

    Args:
        settings: of the run.
        recordings: what it works on.
        folder: for checkpoints, metrics, curves and the manifest; made where it is missing.
        machine: what it computes with.
        teacher: whose answers the network learns besides the labels.

    """

    def __init__(
        self,
        settings: TrainingSettings,
        recordings: Recordings,
        folder: Path,
        machine: Machine,
        teacher: Teacher | None = None,
    ) -> None:
        self.settings = settings
        self.recordings = recordings
        self.folder = folder
        self.machine = machine
        self.teachers = list(teacher.names) if teacher else []
        clips = recordings.of(Split.TRAINING)
        spoken = [clip for clip in clips if clip.kind is not Kind.NOISE]
        enough = math.ceil(len(spoken) / settings.batch_size)
        self.steps_per_epoch = max(enough, settings.least_steps)
        passages = [item for item in recordings.passages if item.split is Split.TRAINING]
        material = Material(clips, passages, recordings.audio, recordings.phones)
        mixture = Mixture(
            stream_share=settings.stream_share, mistaken_share=settings.mistaken_share
        )
        self.drawer = ExampleDrawer(material, settings.labels, mixture)
        self.examples = BatchDataset(self.drawer, settings.batch_size, settings.seed)
        total_steps = settings.epochs * self.steps_per_epoch
        self.trainer = Trainer(settings, total_steps, machine.device, teacher)
        self.started_from: list[Mapping[str, Any]] = []
        self.metrics = MetricsLog(folder / "metrics.jsonl")
        self.commit = current_commit()
        self.best_score = -1.0

    def start_from(self, start: Start) -> None:
        """Go on from a trained network; a checkpoint of this run's own goes before."""
        self.started_from = list(start.origins)
        self.trainer.start_from(start.network)

    def train(self, progress: Progress, report: Callable[[dict[str, Any]], None]) -> Path:
        """Train to the last epoch, from the last checkpoint where there is one.

        Without any epoch the network is judged as it is.

        Returns:
            The checkpoint behind the last epoch; beside it lies the one that validates best.

        Raises:
            InputError: the folder holds a run with other settings or recordings, or cannot be made.

        """
        _make_folder(self.folder)
        first = self._resume()
        self._write_manifest()
        recordings = self.recordings
        clips = strange_words(recordings.of(Split.VALIDATION), recordings.of(Split.TRAINING))
        validation = build_validation(clips, recordings.audio, self.settings.augmentation)
        row: dict[str, Any] = {}
        for epoch in range(first, self.settings.epochs + 1):
            row = self._train_epoch(epoch, validation, progress)
            report(row)
        final = row or self._judged(self.settings.epochs, validation)
        save_checkpoint(self.folder / FINAL, self._description(final))
        return self.folder / FINAL

    def _train_epoch(
        self, epoch: int, validation: ValidationSet, progress: Progress
    ) -> dict[str, Any]:
        started = time.monotonic()
        mistaken = self._look_for_mistaken(epoch)
        batches = progress(self._batches(epoch), f"epoch {epoch}/{self.settings.epochs}")
        row = {"loss": self.trainer.train_steps(batches), "mistaken": mistaken}
        row |= self._judged(epoch, validation)
        row |= {"best": row["score"] > self.best_score}
        row |= {"seconds": round(time.monotonic() - started, 1)}
        self._keep(epoch, row)
        return row

    def _judged(self, epoch: int, validation: ValidationSet) -> dict[str, Any]:
        judgement = self._validate(validation)
        return {
            "epoch": epoch,
            "score": judgement.score,
            **asdict(judgement.calibration),
            "validation": asdict(judgement.clean),
            "validation_disturbed": asdict(judgement.disturbed),
        }

    def _look_for_mistaken(self, epoch: int) -> int:
        if not self.settings.mistaken_share:
            return 0
        count = self.steps_per_epoch * self.settings.batch_size // 2
        rng = np.random.default_rng([self.settings.seed, epoch])
        return self.drawer.look_for_mistaken(self._answer, count, rng)

    def _answer(self, windows: NDArray[np.float32]) -> NDArray[np.float32]:
        return predict(self.trainer.averaged, torch.from_numpy(windows), self.machine.device)

    def _batches(self, epoch: int) -> DataLoader[Batch]:
        first = (epoch - 1) * self.steps_per_epoch
        return DataLoader(
            self.examples,
            batch_size=None,
            sampler=range(first, first + self.steps_per_epoch),
            num_workers=self.machine.workers,
        )

    def _validate(self, validation: ValidationSet) -> Judgement:
        model = self.trainer.averaged
        clean = predict(model, validation.clean, self.machine.device)
        disturbed = predict(model, validation.disturbed, self.machine.device)
        settings = self.settings
        return judge(validation.clips, clean, disturbed, settings.labels, settings.false_acceptance)

    def _keep(self, epoch: int, row: dict[str, Any]) -> None:
        if row["best"]:
            self.best_score = row["score"]
            save_checkpoint(self.folder / BEST, self._description(row))
        self.metrics.append(row)
        draw_curves(self.metrics.rows(), self.folder / "curves.png")
        state = {
            "settings": as_dictionary(self.settings),
            "teachers": self.teachers,
            "data": count_clips(self.recordings.clips),
            "epoch": epoch,
            "best_score": self.best_score,
            "trainer": self.trainer.state(),
        }
        save_checkpoint(self.folder / LAST, state)

    def _description(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return what the export needs: the averaged network and where it comes from."""
        return {
            "architecture": self.settings.model,
            "labels": list(self.settings.labels),
            "network": self.trainer.averaged.network.state_dict(),
            "thresholds": dict.fromkeys(self.settings.keywords, row["validation"]["threshold"]),
            "temperature": row["temperature"],
            "other_bias": row["other_bias"],
            "training": {
                "data": count_clips(self.recordings.clips),
                "seed": self.settings.seed,
                "epochs": row["epoch"],
                "commit": self.commit,
                "settings": as_dictionary(self.settings),
                "teachers": self.teachers,
                "started_from": self.started_from,
                "validation": row["validation"],
                "validation_disturbed": row["validation_disturbed"],
            },
        }

    def _resume(self) -> int:
        """Restore the last checkpoint and return the epoch to go on with."""
        path = self.folder / LAST
        if not path.exists():
            self.metrics.keep_until(0)
            return 1
        state = load_checkpoint(
            path, "settings", "teachers", "data", "epoch", "best_score", "trainer"
        )
        self._require_same_run(state)
        self.trainer.restore(state["trainer"])
        self.best_score = state["best_score"]
        self.metrics.keep_until(state["epoch"])
        return int(state["epoch"]) + 1

    def _require_same_run(self, state: dict[str, Any]) -> None:
        now = as_dictionary(self.settings)
        changed = [key for key in now if state["settings"].get(key) != now[key]]
        changed += ["teachers"] if state["teachers"] != self.teachers else []
        other = f"settings ({', '.join(changed)})" if changed else ""
        if not changed and state["data"] != count_clips(self.recordings.clips):
            other = f"recordings than those of {self.recordings.place}"
        if other:
            message = (
                f"{self.folder}: holds a run with other {other}: choose another --output, or "
                f"remove the folder"
            )
            raise InputError(message)

    def _write_manifest(self) -> None:
        recordings = self.recordings
        path = self.folder / "manifest.json"
        write_manifest(path, recordings.roots, recordings.clips, recordings.audio.problems)
        settings = json.dumps(as_dictionary(self.settings), indent=1)
        (self.folder / "settings.json").write_text(settings, encoding="utf-8")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder}: cannot be made: {error.strerror}: expected a folder for the run"
        raise InputError(message) from None
