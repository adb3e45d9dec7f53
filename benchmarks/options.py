"""What a run of the benchmarks was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How to measure.

    Attributes:
        quick: a few seconds a row, for a first look: hours are scaled up from minutes.
        speech: folder with recordings of speech; None takes the bundled one.
        peer_models: folder with models of Vosk, sherpa-onnx and openWakeWord; None has none.
        model: bundled model, or file, that the rows of listening are about.
        compiles: whether PyTorch compiles a network, too, which takes a minute.

    """

    quick: bool = False
    speech: Path | None = None
    peer_models: Path | None = None
    model: str = "edge"
    compiles: bool = True

    @property
    def rounds(self) -> int:
        """How often everything has its turn."""
        return 5 if self.quick else 15

    @property
    def turn_seconds(self) -> float:
        """How long a turn lasts."""
        return 0.05 if self.quick else 0.2
