"""Which voices there are on this machine."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from training.synthesis.engine import Engine, EngineError, Voice
from training.synthesis.espeak import ESPEAK
from training.synthesis.festival import FESTIVAL
from training.synthesis.flite import FLITE

ENGINES = (ESPEAK, FLITE, FESTIVAL)

logger = logging.getLogger(__name__)


def find_voices(engines: Sequence[Engine] = ENGINES) -> list[Voice]:
    """Return the English voices of the engines that are installed; warn of those that are not.

    Raises:
        EngineError: there is not a single voice, or a program fails to list its own.

    """
    voices = [Voice(engine, key) for engine in engines for key in engine.find_voices()]
    missing = [engine for engine in engines if engine not in {voice.engine for voice in voices}]
    if not voices:
        names = ", ".join(engine.name for engine in engines)
        packages = " ".join(engine.packages for engine in engines)
        message = f"no voices found: expected one of {names}; apt install {packages}"
        raise EngineError(message)
    for engine in missing:
        logger.warning("no voices of %s here; apt install %s", engine.name, engine.packages)
    return voices
