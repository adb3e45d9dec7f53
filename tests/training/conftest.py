"""A tiny collection and a finished run on it, shared by all tests of the training."""

import dataclasses
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.synthetic_recordings import write_speech_commands
from training.progress import no_progress
from training.recordings.library import Recordings, load_recordings
from training.run import Machine, Run
from training.settings import TrainingSettings, load_recipe

WORDS = ("low", "high")


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    torch.set_num_threads(1)
    logging.getLogger("matplotlib").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> Path:
    """Return words of six speakers, other words, official lists and noise."""
    root = tmp_path_factory.mktemp("corpus")
    write_speech_commands(root / "speech_commands", (*WORDS, "happy"))
    return root


@pytest.fixture(scope="session")
def recordings(corpus) -> Recordings:
    return load_recordings([corpus], WORDS, no_progress)


@pytest.fixture(scope="session")
def small() -> TrainingSettings:
    recipe = load_recipe("baseline")
    return dataclasses.replace(recipe, keywords=WORDS, epochs=2, least_steps=1, batch_size=8)


@pytest.fixture(scope="session")
def start_run(recordings, small):
    """Return a function that makes a run in a folder."""

    def start(folder: Path, settings: TrainingSettings = small) -> Run:
        return Run(settings, recordings, folder, Machine(torch.device("cpu")))

    return start


@pytest.fixture(scope="session")
def finished_run(start_run, tmp_path_factory) -> Path:
    """Return the folder of a run that nobody interrupted."""
    folder = tmp_path_factory.mktemp("runs") / "finished"
    start_run(folder).train(no_progress, lambda _row: None)
    return folder


@pytest.fixture(scope="session")
def start_command():
    """Return a function that starts a command of the package as a process of its own."""

    def start(module: str, *arguments: object) -> subprocess.Popen[str]:
        code = f"import sys; from {module} import main; sys.exit(main())"
        return subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )

    return start
