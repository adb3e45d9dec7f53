"""digit-evaluate stream: how good a model is at listening."""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from recognizer import Recognizer
from recognizer.audio import SAMPLE_RATE
from recognizer.errors import InputError
from training.commands.bar import progress_bar
from training.commands.report_folder import report_folder
from training.recordings.audio_store import load_audio
from training.recordings.catalogue import find_clips, find_utterances, name_folders
from training.recordings.clip import Clip, Split
from training.recordings.running_words import running_speech
from training.recordings.transcripts import Utterance
from training.recordings.untranscribed import without_keywords
from training.streams.curve import (
    THRESHOLDS,
    CurvePoint,
    curve_point,
    draw_curve,
    format_curve,
)
from training.streams.hearing import hear_all
from training.streams.parts import PARTS, Choices, Material, Part
from training.streams.recorded import Sounds
from training.streams.report import PartReport, format_part, report_part, worst_mistakes

logger = logging.getLogger(__name__)

SUMMARY = "streams: digit errors, misses, false alarms an hour, latency"
EPILOG = """What is played: transcribed utterances of keywords alone and of keywords among other
words (utterances); speech without keywords, and half an hour of noise or more (long), where speech
without a transcript may hold some keywords, so that its false alarms are an upper bound, and noise
of which there is less is played again at other speeds and levels; the same speech once more on
held-out noise (noisy); and held-out words on such noise at known times: single keywords (isolated),
strings of them (strings), other words (words). The report goes to standard output. All figures and
mistakes (report.json), the curve (curve.png) and the composed sound of the mistakes shown
(streams/) go into the folder of --output. Times are seconds from the start of the named file;
latency is from a word's end, which is known to about 30 ms (words that seem longer than 0.85 s have
none), to the moment up to which the listener had heard when it reported."""

_HELD_OUT = (Split.VALIDATION.value, Split.TESTING.value)
_LOWEST_SNR, _HIGHEST_SNR = -20.0, 60.0


@dataclass(frozen=True)
class _Result:
    """What came out of one part: a report for each threshold, and how fast."""

    reports: Mapping[float | None, PartReport]
    sound_seconds: float
    work_seconds: float


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags that only this report has."""
    add = parser.add_argument
    add(
        "--split",
        default=Split.TESTING.value,
        help=f"sets of speakers to report on, with commas between them: {', '.join(_HELD_OUT)}",
    )
    add("--what", default=",".join(PARTS), help="what is played, with commas between")
    add("--snr", type=float, default=20.0, help="of composed streams in dB")
    add("--seed", type=int, default=0, help="of what is composed, and chosen by --hours")
    add("--hours", type=float, help="most sound of each kind in hours (default: all there is)")
    add("--curve", action="store_true", help="repeat it over thresholds, and draw the curve")


def evaluate_stream(arguments: argparse.Namespace) -> int:
    """Write and print the report; return the exit status.

    Raises:
        InputError: nothing to report on, a flag out of range, or a folder that cannot be written
            to.

    """
    names, splits = _checked(arguments)
    with Recognizer(arguments.model, arguments.provider) as recognizer:
        material = _material(arguments, recognizer, names, splits)
        parts = _parts(names, material, _choices(arguments))
        if not parts:
            raise _nothing_to_play(arguments)
        thresholds = (None, *THRESHOLDS) if arguments.curve else (None,)
        results = [_hear(recognizer, part, thresholds) for part in parts]
        context = _context(arguments, recognizer, results)
    curve = _curve(results) if arguments.curve else ()
    _show(results, curve, context, as_json=arguments.json)
    _write(results, curve, context, arguments.output)
    return 0


def _checked(arguments: argparse.Namespace) -> tuple[Sequence[str], Sequence[str]]:
    names = _chosen(arguments.what, "--what", PARTS)
    splits = _chosen(arguments.split, "--split", _HELD_OUT)
    if not _LOWEST_SNR <= arguments.snr <= _HIGHEST_SNR:
        message = f"--snr is {arguments.snr:g}: expected {_LOWEST_SNR:g} to {_HIGHEST_SNR:g} dB"
        raise InputError(message)
    if arguments.seed < 0:
        message = f"--seed is {arguments.seed}: expected 0 or more"
        raise InputError(message)
    if arguments.hours is not None and not arguments.hours > 0:
        message = f"--hours is {arguments.hours:g}: expected more than 0"
        raise InputError(message)
    if arguments.curve and not (
        "long" in names and {*names} & {"utterances", "isolated", "strings"}
    ):
        message = (
            f"--curve with --what {arguments.what}: expected long, for false alarms, and one of "
            f"utterances, isolated and strings, for misses"
        )
        raise InputError(message)
    return names, splits


def _chosen(text: str, flag: str, known: Iterable[str]) -> Sequence[str]:
    chosen = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not chosen or not set(chosen) <= set(known):
        message = f"{flag} is {text!r}: expected one or more of {','.join(known)}"
        raise InputError(message)
    return chosen


def _material(
    arguments: argparse.Namespace,
    recognizer: Recognizer,
    names: Sequence[str],
    splits: Sequence[str],
) -> Material:
    def held_out(item: Clip | Utterance) -> bool:
        return item.split.value in splits

    clips = list(filter(held_out, find_clips(arguments.data, recognizer.keywords)))
    utterances = find_utterances(arguments.data)
    wanted = list(filter(held_out, utterances))
    if "words" in names:
        clips += running_speech(utterances, wanted, recognizer.keywords, progress_bar).words
    if not {"long", "noisy"}.isdisjoint(names):
        clips = without_keywords(clips, wanted, recognizer.keywords, progress_bar)
    return Material(clips, wanted, recognizer.keywords, _load)


def _load(paths: Iterable[Path]) -> Sounds:
    audio = load_audio(paths, progress_bar)
    for problem in audio.problems:
        logger.warning("skipped %s: %s", problem.path, problem.reason)
    return audio.samples


def _choices(arguments: argparse.Namespace) -> Choices:
    limit = None if arguments.hours is None else 3600 * arguments.hours
    return Choices(limit, arguments.snr, arguments.seed, arguments.output / "streams")


def _parts(names: Sequence[str], material: Material, choices: Choices) -> list[Part]:
    parts = [part for name in names for part in PARTS[name](material, choices)]
    for part in parts:
        if not part.scenes:
            logger.warning("left out: %s: no held-out recordings for it", part.title)
    return [part for part in parts if part.scenes]


def _hear(recognizer: Recognizer, part: Part, thresholds: Sequence[float | None]) -> _Result:
    sweep = hear_all(
        recognizer,
        part.scenes,
        thresholds,
        clock=time.perf_counter,
        progress=progress_bar,
        title=part.name,
    )
    reports = {threshold: report_part(part, heard) for threshold, heard in sweep.heard.items()}
    return _Result(reports, sweep.sound_seconds, sweep.work_seconds)


def _curve(results: Sequence[_Result]) -> Sequence[CurvePoint]:
    points = [
        curve_point(threshold, (result.reports[threshold] for result in results))
        for threshold in (None, *THRESHOLDS)
    ]
    if not points[0].misses or not points[0].alarms.seconds:
        logger.warning("no curve: it needs recordings of keywords, and of speech without any")
        return ()
    return points


def _context(
    arguments: argparse.Namespace, recognizer: Recognizer, results: Sequence[_Result]
) -> dict[str, Any]:
    sound = sum(result.sound_seconds for result in results)
    work = sum(result.work_seconds for result in results)
    return {
        "model": arguments.model,
        "architecture": recognizer.metadata.architecture,
        "data": name_folders(arguments.data),
        "split": arguments.split,
        "provider": recognizer.provider,
        "snr_db": arguments.snr,
        "seed": arguments.seed,
        "sound_hours": round(sound / 3600, 4),
        "times_real_time": round(sound / work, 1),
    }


def _show(
    results: Sequence[_Result],
    curve: Sequence[CurvePoint],
    context: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    if as_json:
        print(json.dumps(_figures(results, curve, context)))
        return
    print(
        f"{context['model']} ({context['architecture']}) on {context['split']} speakers: "
        f"{context['sound_hours']:.2f} h of sound, heard at {context['times_real_time']:.0f} times "
        f"real time"
    )
    for result in results:
        print(f"\n{format_part(result.reports[None])}")
    if curve:
        print(f"\n{format_curve(curve)}")


def _figures(
    results: Sequence[_Result], curve: Sequence[CurvePoint], context: dict[str, Any]
) -> dict[str, Any]:
    reports = [result.reports[None] for result in results]
    parts = {report.part.name: report.as_dictionary() for report in reports}
    return {**context, "parts": parts, "curve": [point.as_dictionary() for point in curve]}


def _write(
    results: Sequence[_Result],
    curve: Sequence[CurvePoint],
    context: dict[str, Any],
    folder: Path,
) -> None:
    with report_folder(folder):
        figures = json.dumps(_figures(results, curve, context), indent=1)
        (folder / "report.json").write_text(figures, encoding="utf-8")
        if curve:
            draw_curve(curve, f"{context['model']}, {context['split']}", folder / "curve.png")
        for result in results:
            _write_streams(result.reports[None], folder / "streams")
    logger.info("wrote the report into %s", folder)


def _write_streams(report: PartReport, folder: Path) -> None:
    named = {mistake.file for mistake in worst_mistakes(report)}
    for scene in report.part.scenes:
        path = Path(scene.name)
        if scene.name in named and path.parent == folder:
            folder.mkdir(exist_ok=True)
            soundfile.write(path, scene.samples, SAMPLE_RATE)


def _nothing_to_play(arguments: argparse.Namespace) -> InputError:
    return InputError(
        f"no usable {arguments.split} recordings for {arguments.what} in "
        f"{name_folders(arguments.data)}: expected --split {' or '.join(_HELD_OUT)}, and "
        f"recordings of at least two speakers"
    )
