"""A day of sound at full speed through the whole program: what it finds, and what it keeps.

Words at known times among pauses, noise, tones and knocks go into digit-listen, which prints JSON
lines, serves several readers of a socket and metrics, and runs a command for each word. What it
holds is looked at 24 times meanwhile: python benchmarks/soak.py --hours 24
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.figures import SHARE, Figure, at_least, at_most
from benchmarks.report import table
from benchmarks.soaking.material import Material, material_for
from benchmarks.soaking.run import Outcome, SoakedProgram, soaked
from benchmarks.soaking.stream import Stream
from benchmarks.soaking.verdict import detection_in, judged

LOOKS = 24
"""At what the program holds; in a day that is every hour."""
LEAST_WORDS = 15
LEAST_OTHERS = 10


def main(argv: Sequence[str] | None = None) -> int:
    """Print what the program holds meanwhile, then all figures; 0 if every target is reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=hours_of_sound, default=24.0, help="of sound (default: 24)")
    parser.add_argument("--model", default="edge", help="bundled model, or file (default: edge)")
    parser.add_argument("--seed", type=int, default=0, help="of all choices (default: 0)")
    options = parser.parse_args(argv)
    figures = soak(options.model, options.hours, options.seed)
    print(table(figures))
    return 0 if all(figure.verdict == "reached" for figure in figures if figure.target) else 1


def soak(model: str, hours: float, seed: int = 0) -> list[Figure]:
    """Return what came of so many hours of sound through a program with this model."""
    chance = np.random.default_rng(seed)
    material = material_for(model, chance)
    figures = _of_material(material)
    if any(figure.verdict == "missed" for figure in figures):
        return figures
    stream = Stream(material.words, material.others, 3600 * hours, chance)
    with TemporaryDirectory() as folder:
        program = SoakedProgram(model, Path(folder))
        outcome = soaked(program, stream, 3600 * hours / LOOKS, _tell)
    return [*figures, *_of_words(outcome), *_of_outlets(outcome), *_of_holdings(outcome)]


def hours_of_sound(text: str) -> float:
    """Return what was given on the command line; ArgumentTypeError where it is nonsense."""
    hours = float(text)
    if not 0.1 <= hours <= 10_000:
        raise argparse.ArgumentTypeError(f"{text}: expected 0.1 to 10000 hours")
    return hours


def _tell(text: str) -> None:
    print(text, flush=True)


def _of_material(material: Material) -> list[Figure]:
    note = f"left out: {', '.join(material.left_out)}" if material.left_out else ""
    known, quiet = len(material.words), len(material.others)
    what = "other sounds in which it hears none"
    return [
        Figure("words", "words that the model hears alone", known, at_least(LEAST_WORDS, "")),
        Figure("others", what, quiet, at_least(LEAST_OTHERS, ""), note),
    ]


def _of_words(outcome: Outcome) -> list[Figure]:
    verdict = judged(outcome.words, [detection_in(line) for line in outcome.lines])
    count = len(outcome.words)
    missed = ", ".join(f"{word.label} at {word.start:.2f} s" for word in verdict.missed[:10])
    extra = ", ".join(f"{one.label} at {one.start:.2f} s" for one in verdict.extra[:10])
    found = len(verdict.found)
    return [
        Figure("found", "planted words reported once", found, at_least(count, ""), missed),
        Figure("extra", "reports of anything else", len(verdict.extra), at_most(0, ""), extra),
    ]


def _of_outlets(outcome: Outcome) -> list[Figure]:
    return [
        Figure(row, f"{what} than standard output", count, at_most(0, ""))
        for row, what, count in (
            ("readers", "socket readers that got other lines", outcome.unequal_readers),
            ("command", "reports that the command got otherwise", outcome.lost_by_command),
            ("metrics", "reports that metrics counted otherwise", outcome.lost_by_metrics),
        )
    ]


def _of_holdings(outcome: Outcome) -> list[Figure]:
    first, last = outcome.looks[0], outcome.looks[-1]
    descriptors = last.descriptors - first.descriptors
    threads = last.threads - first.threads
    return [
        # The system takes back what can be read from files again, which hides what is gained.
        _of_memory(
            "memory", "resident memory gained since the first look", first.memory, last.memory
        ),
        _of_memory("own", "likewise, what is in no file, swapped or not", first.own, last.own),
        Figure("descriptors", "file descriptors gained", descriptors, at_most(0, "")),
        Figure("threads", "threads gained", threads, at_most(0, "")),
        Figure("cpu", "processor time of the program", outcome.cpu, unit="s"),
    ]


def _of_memory(row: str, what: str, first: int, last: int) -> Figure:
    note = f"{first / 1e6:.1f} MB, then {last / 1e6:.1f} MB"
    return Figure(row, what, 100 * (last / first - 1), at_most(5, SHARE), note)


if __name__ == "__main__":
    sys.exit(main())
