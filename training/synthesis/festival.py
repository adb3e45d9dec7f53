"""festival: a few voices made from recordings of people, each a package of its own.

Their pitch stays as it is.
"""

from __future__ import annotations

import shutil

from training.synthesis.engine import Engine, Order, run_program

_SPEAKER = "text2wave"
_PROGRAM = "festival"
_LANGUAGE = "(cadr (assoc 'language (cadr (voice.description name))))"
_PRINT_ENGLISH = f'(if (equal? "english" (format nil "%l" {_LANGUAGE})) (format t "%s\\n" name))'
_LIST_ENGLISH = f"(mapcar (lambda (name) {_PRINT_ENGLISH}) (voice.list))"


def _find_voices() -> list[str]:
    if not (shutil.which(_PROGRAM) and shutil.which(_SPEAKER)):
        return []
    return sorted(run_program([_PROGRAM, "-b", _LIST_ENGLISH]).split())


def _command(order: Order) -> list[str]:
    pace = 1.3**order.manner.pace
    # HTS voices, made from statistics of a speaker, know a rate instead of the stretch.
    settings = f"""(begin
        (voice_{order.voice})
        (Parameter.set 'Duration_Stretch {1 / pace:.3f})
        (if (symbol-bound? 'hts_engine_params)
            (set! hts_engine_params (cons '("-r" {pace:.3f}) hts_engine_params))))"""
    return [_SPEAKER, "-eval", settings, "-o", str(order.path)]


FESTIVAL = Engine(
    _PROGRAM, "festival festvox-kallpc16k festvox-us-slt-hts", 1, _find_voices, _command
)
