"""What there is to say about a microphone that is meant to listen for months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Condition(Enum):
    """How a microphone fares."""

    WAITING = "waiting"
    """It never delivered a sound yet."""
    LISTENING = "listening"
    """Sound arrives."""
    LOST = "lost"
    """It delivered, and does not any more."""
    SILENT = "silent"
    """It delivers nothing but zeros, as when it is muted."""


@dataclass(frozen=True)
class CaptureState:
    """Where a microphone stands.

    Attributes:
        condition: how it fares.
        device: name of the device in use, or last in use; before there was one, what was asked
            for, or "default".
        reason: one line on what is wrong; empty while it listens.
        restarts: how often a device delivered sound again after it was opened anew.
        overflows: how often sound was lost because the machine was too slow or busy.

    """

    condition: Condition
    device: str
    reason: str = ""
    restarts: int = 0
    overflows: int = 0


Report = Callable[[CaptureState], None]
"""Takes every new state, in the thread that reads the microphone, and should be quick about it."""
