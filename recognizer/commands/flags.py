"""Flags of the commands: numbers in their range, and one for each parameter of the decoder."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING

from recognizer.errors import InputError

if TYPE_CHECKING:
    from recognizer.decoder import DecoderParameters

_SECONDS = {
    "patience": "seconds of quiet behind a word until it is decided at the latest",
    "settle": "seconds of quiet behind a word until it is decided at the earliest",
    "pause": "seconds of quiet behind a word until it is decided at the earliest",
    "look_ahead": "seconds that a window must have heard beyond a frame for it to count",
    "before": "seconds before a keyword that must be free of other speech",
    "after": "seconds behind a keyword that must be free of other speech",
    "tolerance": "most seconds of other speech, there or here",
}
_FRAMES = ("pause", "look_ahead", "before", "after", "tolerance")


def add_decoder_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every parameter of the decoder, in groups by the models that heed it."""
    from recognizer.decoder import DecoderParameters

    defaults = DecoderParameters()
    every = parser.add_argument_group("decisions")
    every.add_argument(
        "--threshold",
        type=number(float, "--threshold", 0, 1, ""),
        metavar="P",
        help="least probability of a detection, 0 to 1 (default: the model's own for each word)",
    )
    _add_seconds(every, "patience", defaults)
    _add_frames(
        parser.add_argument_group("decisions of models with frames, such as edge"), defaults
    )
    _add_windows(parser.add_argument_group("decisions of models without"), defaults)


def _add_frames(group: argparse._ArgumentGroup, defaults: DecoderParameters) -> None:
    group.add_argument(
        "--embedded", action="store_true", help="report keywords among other words, too"
    )
    group.add_argument(
        "--beside",
        type=number(float, "--beside", 0, 1, ""),
        default=defaults.beside,
        metavar="P",
        help="least probability of a keyword right beside one that reaches its threshold",
    )
    for name in _FRAMES:
        _add_seconds(group, name, defaults)


def _add_windows(group: argparse._ArgumentGroup, defaults: DecoderParameters) -> None:
    _add_seconds(group, "settle", defaults)
    group.add_argument(
        "--ballots",
        type=number(int, "--ballots", 1, 100, " windows"),
        default=defaults.ballots,
        metavar="N",
        help="windows that hear a word whole, enough to decide before patience is over",
    )
    group.add_argument(
        "--coverage",
        type=number(float, "--coverage", 0, 1, ""),
        default=defaults.coverage,
        metavar="SHARE",
        help="least part of a word that a window must have heard, 0 to 1",
    )


def decoder_parameters(options: argparse.Namespace) -> DecoderParameters:
    """Return the parameters that parsed flags stand for."""
    from recognizer.decoder import DecoderParameters

    names = [field.name for field in fields(DecoderParameters)]
    return DecoderParameters(**{name: getattr(options, name) for name in names})


def _add_seconds(group: argparse._ArgumentGroup, name: str, defaults: DecoderParameters) -> None:
    flag = "--" + name.replace("_", "-")
    # A frame that no window hears enough beyond would never count.
    highest = 0.8 if name == "look_ahead" else 3.0
    group.add_argument(
        flag,
        type=number(float, flag, 0, highest, " s"),
        default=getattr(defaults, name),
        metavar="SECONDS",
        help=_SECONDS[name],
    )


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
