"""Flags of the commands: numbers in their range, and one for each parameter of the decoder."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING

from recognizer.errors import InputError

if TYPE_CHECKING:
    from recognizer.decoding.decoder import DecoderParameters

_LONGEST = 3.0
_MOST_LOGITS = 10.0
_LONGEST_LOOK_AHEAD = 0.8
"""A frame that no window hears enough beyond would never count."""

_HELP = {
    "threshold": "least probability of a detection, 0 to 1 (default: what the model says)",
    "patience": "quiet behind a word until it is decided at the latest",
    "settle": "quiet behind a word until it is decided at the earliest",
    "ballots": "windows that hear a word whole, enough to decide before patience is over",
    "coverage": "least part of a word that a window must have heard, 0 to 1",
    "look_ahead": "what a window must have heard beyond a frame for it to count",
    "pause": "quiet behind a word until it is decided at the earliest",
    "ease": "part of the model's own threshold that is enough in a stream, 0 to 1",
    "beside": "least probability right beside a sure keyword, 0 to 1",
    "embedded": "report keywords among other words, too",
    "eagerness": "how much more evidence the earliest decision needs, in logits",
    "sure": "least probability of a keyword that vouches for those beside it, 0 to 1",
    "string": "what may be behind a reported keyword until the next one of its string",
    "before": "what must be free of other speech before a keyword",
    "before_tolerance": "most of other speech there that goes unnoticed",
    "after": "what must be free of other speech behind a keyword",
    "after_tolerance": "most of other speech there that goes unnoticed",
    "memory": "how long before a keyword any other speech speaks against it",
    "distrust": "by how much a second of that does, in logits",
}


def add_decoder_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every parameter of the decoder, in groups by the models that heed it."""
    every = parser.add_argument_group("decisions")
    _add_share(every, "threshold")
    _add_seconds(every, "patience")
    frames = parser.add_argument_group("decisions of models with frames, such as edge")
    frames.add_argument("--embedded", action="store_true", help=_HELP["embedded"])
    _add_share(frames, "ease")
    _add_share(frames, "beside")
    _add_share(frames, "sure")
    for name in ("eagerness", "distrust"):
        _add(frames, name, number(float, _flag(name), 0, _MOST_LOGITS, " logits"), "LOGITS")
    _add_seconds(frames, "look_ahead", _LONGEST_LOOK_AHEAD)
    seconds = (
        "pause",
        "string",
        "before",
        "before_tolerance",
        "after",
        "after_tolerance",
        "memory",
    )
    for name in seconds:
        _add_seconds(frames, name)
    windows = parser.add_argument_group("decisions of models without")
    _add_seconds(windows, "settle")
    _add(windows, "ballots", number(int, "--ballots", 1, 100, " windows"), "N")
    _add_share(windows, "coverage")


def decoder_parameters(options: argparse.Namespace) -> DecoderParameters:
    """Return the parameters that parsed flags stand for."""
    from recognizer.decoding.decoder import DecoderParameters

    names = [field.name for field in fields(DecoderParameters)]
    return DecoderParameters(**{name: getattr(options, name) for name in names})


def _add_share(group: argparse._ArgumentGroup, name: str) -> None:
    _add(group, name, number(float, _flag(name), 0, 1, ""), "SHARE")


def _add_seconds(group: argparse._ArgumentGroup, name: str, highest: float = _LONGEST) -> None:
    _add(group, name, number(float, _flag(name), 0, highest, " s"), "SECONDS")


def _add(
    group: argparse._ArgumentGroup, name: str, kind: Callable[[str], float], metavar: str
) -> None:
    from recognizer.decoding.decoder import DecoderParameters

    default = getattr(DecoderParameters(), name)
    group.add_argument(_flag(name), type=kind, default=default, metavar=metavar, help=_HELP[name])


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def number(
    kind: type[int] | type[float], flag: str, lowest: float, highest: float, unit: str
) -> Callable[[str], float]:
    """Return what parses a flag's number and says in one line what was expected."""

    def parse(text: str) -> float:
        wrong = InputError(f"{flag} {text}: expected a number from {lowest} to {highest}{unit}")
        try:
            value: float = kind(text)
        except ValueError:
            raise wrong from None
        # Not-a-number compares false, too.
        if not lowest <= value <= highest:
            raise wrong
        return value

    return parse


def vad(text: str) -> int | None:
    """Return a webrtcvad aggressiveness 0..3, or None for off."""
    if text == "off":
        return None
    if text not in ("0", "1", "2", "3"):
        raise InputError(f"--vad {text}: expected 0, 1, 2, 3 or off")
    return int(text)
