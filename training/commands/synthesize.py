"""digit-synthesize: makes recordings of words with text-to-speech programs."""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from recognizer.commands.console import argument_parser, log_to_standard_error, run_command
from recognizer.errors import DigitListenError, InputError
from training.commands.bar import progress_bar
from training.recordings.alignment import Aligner
from training.recordings.audio_store import Problem
from training.recordings.clip import DIGITS
from training.recordings.running_words import choose_words
from training.synthesis.engine import Voice
from training.synthesis.engines import find_voices
from training.synthesis.sentences import Vocabulary
from training.synthesis.studio import record_takes, write_utterances
from training.synthesis.takes import Take, plan_sentences, plan_takes
from training.synthesis.words import WORDS_FILE, load_words, parse_words

logger = logging.getLogger(__name__)

_MOST_TAKES = 10_000
_EPILOG = """The recordings lie in a folder for each word, in the Speech Commands layout: give the
folder to digit-train as one more --data. Recordings that are there already stay, so a command
that was stopped goes on where it ended. The programs come with Debian: apt install espeak-ng
flite festival festvox-kallpc16k festvox-us-slt-hts. A synthesised voice is no person: mix it with
recordings of people."""


def main(argv: Sequence[str] | None = None) -> int:
    """Make recordings of words; return the exit status."""
    arguments = _parser().parse_args(argv)
    log_to_standard_error()
    return run_command(lambda: _synthesize(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argument_parser("Make recordings of words with text-to-speech programs.", _EPILOG)
    add = parser.add_argument
    add("--labels", default=",".join(DIGITS), help="keywords, with commas between them")
    add("--keyword-takes", type=int, default=100, help="recordings of each keyword")
    add("--words", type=Path, help="file of other words (default: a list of look-alikes of digits)")
    add("--takes", type=int, default=10, help="recordings of each other word; 0 for keywords only")
    add(
        "--sentences",
        type=int,
        default=0,
        help="recordings of running speech besides: keywords in a row, other words, both mixed",
    )
    add("--seed", type=int, default=0, help="of voices, pitches and paces")
    add("--output", type=Path, required=True, help="folder of the recordings")
    return parser


def _synthesize(arguments: argparse.Namespace) -> int:
    _require_counts(arguments)
    labels = parse_words(arguments.labels, "--labels")
    counts, voices = _counts(labels, arguments), find_voices()
    planned = plan_takes(counts, voices, arguments.seed)
    alike = [word for word in counts if word not in labels]
    sentences = _sentences(labels, alike, voices, arguments)
    planned += sentences
    takes = [take for take in planned if not (arguments.output / take.path).exists()]
    try:
        problems = record_takes(takes, arguments.output, progress_bar)
        if sentences:
            write_utterances(sentences, arguments.output)
    except OSError as error:
        message = f"{arguments.output}: nothing can be written there: {error.strerror}"
        raise InputError(message) from None
    _report(planned, takes, problems, arguments.output)
    return 0


def _require_counts(arguments: argparse.Namespace) -> None:
    for name in ("keyword_takes", "takes", "sentences"):
        value = getattr(arguments, name)
        if not 0 <= value <= _MOST_TAKES:
            flag = f"--{name.replace('_', '-')}"
            message = f"{flag} is {value}: expected 0 to {_MOST_TAKES:,}"
            raise InputError(message)


def _counts(labels: Sequence[str], arguments: argparse.Namespace) -> dict[str, int]:
    others = dict.fromkeys(load_words(arguments.words or WORDS_FILE), arguments.takes)
    return others | dict.fromkeys(labels, arguments.keyword_takes)


def _sentences(
    labels: Sequence[str],
    alike: Sequence[str],
    voices: Sequence[Voice],
    arguments: argparse.Namespace,
) -> list[Take]:
    if not arguments.sentences:
        return []
    aligner = Aligner()
    different = sorted(choose_words(aligner.words(), labels, aligner).trained)
    known = [word for word in alike if aligner.knows(word)]
    vocabulary = Vocabulary(labels, known or different, different)
    return plan_sentences(arguments.sentences, vocabulary, voices, arguments.seed)


def _report(
    planned: Sequence[Take], takes: Sequence[Take], problems: Sequence[Problem], folder: Path
) -> None:
    for problem in problems:
        logger.warning("skipped %s: %s", problem.path, problem.reason)
    if takes and len(problems) == len(takes):
        message = f"{folder}: none of {len(takes)} recordings could be made: see the warnings above"
        raise DigitListenError(message)
    engines = Counter(take.voice.engine.name for take in planned)
    counts = ", ".join(f"{count} by {engine}" for engine, count in sorted(engines.items()))
    logger.info(
        "%s: %d recordings (%s), words: %d, there already: %d",
        folder,
        len(planned) - len(problems),
        counts,
        len({take.text for take in planned if not take.folder}),
        len(planned) - len(takes),
    )
