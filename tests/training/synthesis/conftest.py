"""Voices that need no text-to-speech program."""

import sys

import pytest

from training.synthesis.engine import Engine, Manner, Order, Voice

# Writes half a second of a 200 Hz square wave; the voice "mute" writes silence, "hoarse" fails.
_SPEAK = """
import sys, wave
voice, path = sys.argv[1:]
if voice == "hoarse":
    sys.exit("lost my voice")
level = (0 if voice == "mute" else 8000).to_bytes(2, "little", signed=True)
down = (0 if voice == "mute" else -8000).to_bytes(2, "little", signed=True)
with wave.open(path, "wb") as file:
    file.setnchannels(1), file.setsampwidth(2), file.setframerate(22050)
    file.writeframes((level * 55 + down * 55) * 100)
"""


def _command(order: Order) -> list[str]:
    return [sys.executable, "-ISc", _SPEAK, order.voice, str(order.path)]


@pytest.fixture(scope="session")
def make_voice():
    """Return a function that makes a voice of an engine with a name and a share."""

    def make(key: str = "clear", engine: str = "square", share: int = 1) -> Voice:
        return Voice(Engine(engine, f"{engine}-package", share, list, _command), key)

    return make


@pytest.fixture(scope="session")
def manner() -> Manner:
    return Manner(pitch=0.0, pace=0.0, gap=0.0, before=0.1, after=0.3)
