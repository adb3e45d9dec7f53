"""digit-train: trains one network from folders of recordings."""

from __future__ import annotations

import argparse
import dataclasses
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.errors import InputError
from training.commands.bar import progress_bar
from training.networks import NETWORKS
from training.networks.summary import summarize
from training.recordings.clip import DIGITS
from training.recordings.download import download_speech_commands
from training.recordings.library import load_recordings
from training.run import Machine, Run
from training.settings import TrainingSettings, load_recipe
from training.start import at_rates, load_start
from training.teacher import load_teacher

logger = logging.getLogger(__name__)

_RANGES = {
    "epochs": (0, 1_000_000),
    "rates": (0.001, 1.0),
    "least_steps": (1, 1_000_000),
    "batch_size": (1, 1_000_000),
    "seed": (0, 2**32 - 1),
    "threads": (0, 1_024),
    "workers": (0, 1_024),
}

_EPILOG = """With the 23,000 training clips of the bundled models an epoch of edge takes three
minutes on one core (2.6 GHz, AVX-512) beside a teacher, 65 seconds on two without. It may be
killed at any time: the same command goes on where the last epoch ended. A network that learns
phones, as edge does, takes five minutes more the first time, to find them. The folder of --output
then holds best.pt, of the epoch that validates best, and final.pt, of the last, either for
digit-export, last.pt to resume from, metrics.jsonl, curves.png, settings.json and manifest.json,
which lists every recording used."""


def main(argv: Sequence[str] | None = None) -> int:
    """Train a network, or show the summary of one; return the exit status."""
    arguments = _parser().parse_args(argv)
    log_to_standard_error()
    return run_command(lambda: _work(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser("Train one network from folders of recordings.", _EPILOG)
    add = parser.add_argument
    add("--model", default="parallel", help=f"network and its recipe: {', '.join(NETWORKS)}")
    add(
        "--data",
        type=Path,
        action="append",
        metavar="FOLDER",
        help="folder of recordings in any of the known layouts; may be given several times",
    )
    add("--output", type=Path, help="folder of the run; a run that is there already is resumed")
    add("--labels", default=",".join(DIGITS), help="keywords, with commas between them")
    add(
        "--epochs",
        type=int,
        help="passes over the recordings; 0 judges --start (default: recipe's)",
    )
    add("--least-steps", type=int, help="steps of an epoch of few recordings (default: recipe's)")
    add("--batch-size", type=int, help="examples a step (default: as in the recipe)")
    add("--seed", type=int, help="of all that is random (default: as in the recipe)")
    add(
        "--teacher",
        type=Path,
        action="append",
        default=[],
        metavar="BEST.PT",
        help="checkpoint of a network to learn from besides; may be given several times",
    )
    add(
        "--start",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="go on from a trained network, or from the mean of several, not from random weights; "
        "embedding: from the published embedding_model.onnx",
    )
    add("--rates", type=float, default=1.0, help="share of the recipe's rates, such as 0.5")
    add("--device", default="auto", help="auto, cpu or cuda")
    add("--threads", type=int, default=0, help="CPU threads; 0 takes all cores")
    add("--workers", type=int, default=0, help="processes that draw examples beside the training")
    add(
        "--download",
        action="store_true",
        help="first fetch Speech Commands (2.3 GB) into the first --data",
    )
    add("--summary", metavar="MODEL", help="print the layers of a network for --labels, and exit")
    return parser


def _work(arguments: argparse.Namespace) -> int:
    _require_ranges(arguments)
    if arguments.summary:
        print(summarize(arguments.summary, len(_keywords(arguments))))
        return 0
    settings = _settings(arguments)
    for name in ("data", "output"):
        if getattr(arguments, name) is None:
            message = f"--{name} is missing: expected a folder"
            raise InputError(message)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    _train(settings, arguments)
    return 0


def _train(settings: TrainingSettings, arguments: argparse.Namespace) -> None:
    machine = Machine(_device(arguments.device), arguments.workers)
    if arguments.download:
        download_speech_commands(arguments.data[0])
    teacher = load_teacher(arguments.teacher, settings.labels, machine.device)
    start = load_start(arguments.start, settings) if arguments.start else None
    recordings = load_recordings(
        arguments.data, settings.keywords, progress_bar, with_phones=settings.phone_weight > 0
    )
    for problem in recordings.audio.problems:
        logger.warning("skipped %s: %s", problem.path, problem.reason)
    run = Run(settings, recordings, arguments.output, machine, teacher)
    if start:
        run.start_from(start)
    logger.info("training %s on %s", settings.model, machine.device)
    final = run.train(progress_bar, _report)
    logger.info("final checkpoint: %s", final)


def _report(row: dict[str, Any]) -> None:
    logger.info(
        "epoch %d: loss %.3f, score %.4f%s, keywords right: %s; other words taken for one: %s",
        row["epoch"],
        row["loss"],
        row["score"],
        " (best)" if row["best"] else "",
        _shares(row["validation"]["keyword_accuracy"]),
        _shares(row["validation"]["false_acceptance"]) or "none to be judged by",
    )


def _shares(by_source: dict[str, float]) -> str:
    return ", ".join(f"{source} {100 * share:.1f} %" for source, share in by_source.items())


def _settings(arguments: argparse.Namespace) -> TrainingSettings:
    recipe = load_recipe(arguments.model)
    numbers = ("epochs", "least_steps", "batch_size", "seed")
    given = {name: getattr(arguments, name) for name in numbers}
    changes = {name: value for name, value in given.items() if value is not None}
    recipe = at_rates(recipe, arguments.rates)
    return dataclasses.replace(recipe, keywords=_keywords(arguments), **changes)


def _require_ranges(arguments: argparse.Namespace) -> None:
    if arguments.epochs == 0 and not arguments.start:
        raise InputError("--epochs is 0: expected 1 to 1,000,000, or --start, to judge that")
    for name, (lowest, highest) in _RANGES.items():
        value = getattr(arguments, name)
        if value is not None and not lowest <= value <= highest:
            flag = f"--{name.replace('_', '-')}"
            message = f"{flag} is {value}: expected {lowest} to {highest:,}"
            raise InputError(message)


def _keywords(arguments: argparse.Namespace) -> tuple[str, ...]:
    words = tuple(word.strip() for word in arguments.labels.split(",") if word.strip())
    if not words or len(set(words)) < len(words):
        message = f"--labels is {arguments.labels!r}: expected distinct words, as in yes,no,stop"
        raise InputError(message)
    return words


def _device(name: str) -> torch.device:
    available = torch.cuda.is_available()
    if name not in ("auto", "cpu", "cuda"):
        message = f"--device is {name!r}: expected auto, cpu or cuda"
        raise InputError(message)
    if name == "cuda" and not available:
        message = "--device cuda: PyTorch finds no CUDA device here; use --device cpu"
        raise InputError(message)
    return torch.device("cuda" if available and name != "cpu" else "cpu")
