"""flite: a handful of voices made from recordings of people."""

from __future__ import annotations

import shutil

from training.synthesis.engine import Engine, Order, run_program

_PROGRAM = "flite"
# A talking clock that knows nothing else, and kal16 once more at half the sample rate.
_NO_VOICES = frozenset({"awb_time", "kal"})


def _find_voices() -> list[str]:
    return parse_voices(run_program([_PROGRAM, "-lv"])) if shutil.which(_PROGRAM) else []


def parse_voices(answer: str) -> list[str]:
    """Return the voices that the program lists behind a colon."""
    return sorted(set(answer.partition(":")[2].split()) - _NO_VOICES)


def _command(order: Order) -> list[str]:
    stretch = 1.3**-order.manner.pace
    # Unlike int_f0_target_mean it keeps to the voice's own range; rms has a pitch that stays.
    shift = 1.25**order.manner.pitch
    return [
        _PROGRAM,
        *("-voice", order.voice),
        *("--setf", f"duration_stretch={stretch:.3f}"),
        *("--setf", f"f0_shift={shift:.3f}"),
        *("-t", order.text),
        *("-o", str(order.path)),
    ]


FLITE = Engine(_PROGRAM, "flite", 2, _find_voices, _command)
