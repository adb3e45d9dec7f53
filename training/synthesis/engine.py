"""What a text-to-speech program is to us: voices that speak a word into a file."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recognizer.errors import DigitListenError

_LONGEST_RUN = 60.0


class EngineError(DigitListenError):
    """A text-to-speech program that is missing or fails."""


@dataclass(frozen=True)
class Manner:
    """How a take is spoken; each engine makes of it what it can.

    Attributes:
        pitch: -1 low for the voice .. 1 high.
        pace: -1 slow .. 1 fast.
        gap: 0..1, pause between words.
        before: seconds of silence before the word.
        after: seconds of silence behind it.

    """

    pitch: float
    pace: float
    gap: float
    before: float
    after: float


@dataclass(frozen=True)
class Order:
    """What an engine shall speak.

    Attributes:
        text: a word or a few.
        voice: the engine's own name of the voice.
        manner: how it is spoken.
        path: the WAV file to be written.

    """

    text: str
    voice: str
    manner: Manner
    path: Path


@dataclass(frozen=True)
class Engine:
    """One text-to-speech program.

    Attributes:
        name: the program, as users know it.
        packages: Debian packages that bring it and English voices, with spaces between.
        share: weight with which takes go to this engine among those that are installed.
        find_voices: returns the engine's names of its English voices; empty where it is missing.
        command: the program and arguments for an order; the text is on its standard input too.

    """

    name: str
    packages: str
    share: int
    find_voices: Callable[[], Sequence[str]]
    command: Callable[[Order], Sequence[str]]


@dataclass(frozen=True)
class Voice:
    """A voice of an engine.

    Attributes:
        engine: the program that has it.
        key: the engine's own name of it.

    """

    engine: Engine
    key: str

    @property
    def name(self) -> str:
        """Engine, accent and variant in letters, digits and hyphens: the speaker of its takes."""
        return re.sub(r"[^A-Za-z0-9]+", "-", f"{self.engine.name} {self.key}").strip("-")

    def speak(self, text: str, manner: Manner, path: Path) -> None:
        """Speak a text into a WAV file.

        Raises:
            EngineError: the program fails.

        """
        run_program(self.engine.command(Order(text, self.key, manner, path)), text)


def run_program(command: Sequence[str], text: str = "") -> str:
    """Run a program with a text on its standard input; return its standard output.

    Raises:
        EngineError: it is missing, fails, or takes longer than a minute.

    """
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=True, timeout=_LONGEST_RUN
        )
    except OSError as error:
        reason = error.strerror or "cannot be started"
    except subprocess.TimeoutExpired:
        reason = f"no end after {_LONGEST_RUN:.0f} s"
    except subprocess.CalledProcessError as error:
        reason = " ".join(error.stderr.split()) or f"exit status {error.returncode}"
    else:
        return done.stdout
    message = f"{command[0]} failed: {reason}"
    raise EngineError(message)
