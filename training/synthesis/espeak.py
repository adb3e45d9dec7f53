"""espeak-ng: formant synthesis, many accents and variants, little like a person."""

from __future__ import annotations

import re
import shutil
from itertools import product

from training.synthesis.engine import Engine, Order, run_program

_PROGRAM = "espeak-ng"
# Sounds like the voice without a variant.
_NO_VARIANTS = frozenset({"fast"})
# Some variants are loud enough to clip at the program's own 100.
_AMPLITUDE = "50"


def _find_voices() -> list[str]:
    if not shutil.which(_PROGRAM):
        return []
    accents = parse_accents(run_program([_PROGRAM, "--voices=en"]))
    variants = parse_variants(run_program([_PROGRAM, "--voices=variant"]))
    return [*accents, *(f"{accent}+{variant}" for accent, variant in product(accents, variants))]


def parse_accents(table: str) -> list[str]:
    """Return the languages of a table of voices that need no voice of another program."""
    rows = re.findall(r"^ *\d+ +(\S+) .* ([!\w]+)/\S", table, flags=re.MULTILINE)
    return sorted({language for language, folder in rows if folder not in ("mb", "!v")})


def parse_variants(table: str) -> list[str]:
    """Return the files of a table of variants whose names can stand in an argument."""
    names = re.findall(r" !v/(\S+(?: \S+)*)", table)
    return sorted({name for name in names if re.fullmatch(r"\w+", name)} - _NO_VARIANTS)


def _command(order: Order) -> list[str]:
    manner = order.manner
    settings = {
        "-v": order.voice,
        "-s": f"{170 + 50 * manner.pace:.0f}",
        "-p": f"{50 + 40 * manner.pitch:.0f}",
        "-g": f"{5 * manner.gap:.0f}",
        "-a": _AMPLITUDE,
        "-w": str(order.path),
    }
    return [_PROGRAM, "--stdin", *(part for setting in settings.items() for part in setting)]


ESPEAK = Engine(_PROGRAM, "espeak-ng", 3, _find_voices, _command)
