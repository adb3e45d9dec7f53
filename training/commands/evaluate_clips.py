"""digit-evaluate clips: how good a model is on recordings of single words."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recognizer import Recognizer
from recognizer.audio import SAMPLE_RATE
from recognizer.errors import InputError
from recognizer.metadata import OTHER
from training.canvases import fixed_window
from training.clip_report import (
    ClipReport,
    draw_confusion,
    format_report,
    format_robustness,
    report_clips,
)
from training.commands.bar import progress_bar
from training.commands.report_folder import report_folder
from training.conditions import CLEAN, Surroundings, conditions
from training.recordings.audio_store import load_audio
from training.recordings.catalogue import (
    NOISE_FOLDER,
    find_clips,
    find_utterances,
    name_folders,
)
from training.recordings.clip import Clip, Kind, Split
from training.recordings.running_words import running_speech
from training.recordings.transcripts import Utterance
from training.reliability import draw_reliability

logger = logging.getLogger(__name__)

_BATCH = 64
SUMMARY = "single words: precision, recall, F1, accuracy, acceptance, confusion matrix"
EPILOG = """The report goes to standard output; the confusion matrix (confusion.png), the
reliability diagram (reliability.png) and all figures (report.json) go into the folder of
--output."""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags that only this report has."""
    add = parser.add_argument
    splits = [split.value for split in Split]
    add("--split", default=Split.TESTING.value, choices=splits, help="set of speakers to report on")
    add("--source", default="speech_commands", help="collection (folder) to report on, or all")
    add(
        "--robustness",
        action="store_true",
        help="repeat the report in noise, rooms, narrow bands, at other levels and speeds",
    )


def evaluate_clips(arguments: argparse.Namespace) -> int:
    """Write and print the report; return the exit status.

    Raises:
        InputError: nothing to report on, or a folder that cannot be written to.

    """
    with Recognizer(arguments.model, arguments.provider) as recognizer:
        every = find_clips(arguments.data, recognizer.keywords)
        every += _cut_words(arguments, recognizer.keywords)
        clips, windows = _load_words(arguments, every)
        surroundings = _surroundings(arguments, every)
        reports = {
            name: _report(recognizer, clips, disturb(windows, surroundings).numpy(), name)
            for name, disturb in conditions().items()
            if arguments.robustness or name == CLEAN
        }
        context = _context(arguments, recognizer)
    _show(reports, context, as_json=arguments.json)
    _write(reports, context, arguments.output)
    return 0


def _cut_words(arguments: argparse.Namespace, keywords: Sequence[str]) -> list[Clip]:
    utterances = find_utterances(arguments.data)
    wanted = [item for item in utterances if _is_asked_for(arguments, item)]
    return list(running_speech(utterances, wanted, keywords, progress_bar).words)


def _is_asked_for(arguments: argparse.Namespace, item: Clip | Utterance) -> bool:
    return item.split.value == arguments.split and arguments.source in ("all", item.source)


def _report(
    recognizer: Recognizer, clips: Sequence[Clip], windows: NDArray[np.float32], title: str
) -> ClipReport:
    parts = range(0, len(windows), _BATCH)
    probabilities = [
        recognizer.classify_batch(windows[first : first + _BATCH])
        for first in progress_bar(parts, title)
    ]
    return report_clips(
        [clip.label for clip in clips],
        np.concatenate(probabilities),
        recognizer.labels,
        recognizer.thresholds,
        [clip.word for clip in clips],
    )


def _surroundings(arguments: argparse.Namespace, every: Sequence[Clip]) -> Surroundings:
    """Return noise of the split on which is reported: no training heard it."""
    if not arguments.robustness:
        return Surroundings(torch.zeros(1, SAMPLE_RATE))
    noise = [c for c in every if c.kind is Kind.NOISE and c.split.value == arguments.split]
    usable, windows = _load_windows(noise)
    if not usable:
        message = (
            f"--robustness: no {arguments.split} recordings of noise in "
            f"{name_folders(arguments.data)}: expected 20 files or more in {NOISE_FOLDER}/"
        )
        raise InputError(message)
    return Surroundings(windows)


def _context(arguments: argparse.Namespace, recognizer: Recognizer) -> dict[str, Any]:
    return {
        "model": arguments.model,
        "architecture": recognizer.metadata.architecture,
        "data": name_folders(arguments.data),
        "split": arguments.split,
        "source": arguments.source,
        "provider": recognizer.provider,
    }


def _load_words(arguments: argparse.Namespace, every: Sequence[Clip]) -> tuple[list[Clip], Tensor]:
    clips = [clip for clip in every if _is_asked_for(arguments, clip)]
    usable, windows = _load_windows(clips)
    if all(clip.label == OTHER for clip in usable):
        raise _nothing_to_report(arguments, every)
    return usable, windows


def _load_windows(clips: Sequence[Clip]) -> tuple[list[Clip], Tensor]:
    """Return the clips that can be used and their windows [clips, SAMPLE_RATE]."""
    audio = load_audio((clip.path for clip in clips), progress_bar)
    for problem in audio.problems:
        logger.warning("skipped %s: %s", problem.path, problem.reason)
    usable = [clip for clip in clips if clip.path in audio.samples]
    windows = [fixed_window(clip, audio.samples[clip.path]) for clip in usable]
    stacked = np.stack(windows) if windows else np.zeros((0, SAMPLE_RATE), dtype=np.float32)
    return usable, torch.from_numpy(stacked)


def _nothing_to_report(arguments: argparse.Namespace, clips: Sequence[Clip]) -> InputError:
    known = {(clip.split.value, clip.source) for clip in clips if clip.label != OTHER}
    choices = ", or ".join(f"--split {split} --source {source}" for split, source in sorted(known))
    return InputError(
        f"no usable {arguments.split} recordings of keywords from {arguments.source} in "
        f"{name_folders(arguments.data)}: expected {choices}"
    )


def _show(reports: Mapping[str, ClipReport], context: dict[str, Any], *, as_json: bool) -> None:
    report = reports[CLEAN]
    if as_json:
        print(json.dumps(_figures(reports, context)))
        return
    print(
        f"{context['model']} ({context['architecture']}) on {context['split']} clips of "
        f"{context['source']}: {report.keyword_clips} of keywords, {report.other_clips} other\n"
    )
    print(format_report(report))
    if len(reports) > 1:
        print(f"\n{format_robustness(reports)}")


def _figures(reports: Mapping[str, ClipReport], context: dict[str, Any]) -> dict[str, Any]:
    disturbed = {name: report.as_dictionary() for name, report in reports.items() if name != CLEAN}
    return {**context, **reports[CLEAN].as_dictionary(), "robustness": disturbed}


def _write(reports: Mapping[str, ClipReport], context: dict[str, Any], folder: Path) -> None:
    report = reports[CLEAN]
    title = f"{context['model']}, {context['split']} clips of {context['source']}"
    with report_folder(folder):
        figures = json.dumps(_figures(reports, context), indent=1)
        (folder / "report.json").write_text(figures, encoding="utf-8")
        draw_confusion(report, title, folder / "confusion.png")
        draw_reliability(report.reliability, title, folder / "reliability.png")
    logger.info("wrote report.json, confusion.png and reliability.png into %s", folder)
