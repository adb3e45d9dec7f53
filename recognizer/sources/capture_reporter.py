"""Tells the log and whoever wants to know how a microphone fares, each change once."""

from __future__ import annotations

import logging
from dataclasses import replace

from recognizer.sources.capture_state import CaptureState, Condition, Report
from recognizer.sources.input_devices import InputDevice

logger = logging.getLogger(__name__)


class CaptureReporter:
    """Keeps the state of one microphone.

    Args:
        wanted: what was asked for; None is the default input.
        report: called with the first state and with every change.

    Attributes:
        state: how the microphone fares now.

    """

    def __init__(self, wanted: str | None, report: Report) -> None:
        self.state = CaptureState(Condition.WAITING, wanted or "default", "no sound came yet")
        self._report = report
        self._is_down = False
        self._silences = 0
        report(self.state)

    @property
    def was_heard(self) -> bool:
        """Whether a sound ever came."""
        return self.state.condition is not Condition.WAITING

    def fail(self, error: Exception) -> None:
        """Say that the microphone cannot be listened to."""
        if not self._is_down:
            logger.warning("%s; trying again until it works", error)
        self._is_down = True
        condition = Condition.LOST if self.was_heard else Condition.WAITING
        self._become(replace(self.state, condition=condition, reason=str(error)))

    def opened(self, device: InputDevice, gap: float) -> None:
        """Say that a device delivers after it was opened, ``gap`` seconds after the last sound."""
        text = f"{device.name}, {device.sample_rate} Hz, channels: {device.channels}"
        if not self.was_heard:
            logger.info("listening to %s", text)
        elif self._is_down:
            logger.info("listening again to %s; %.1f s went unheard", text, gap)
        self._is_down = False
        restarts = self.state.restarts + self.was_heard
        state = replace(self.state, device=device.name, restarts=restarts)
        is_silent = state.condition is Condition.SILENT
        self._become(state if is_silent else _listening(state))

    def silent(self, seconds: float) -> None:
        """Say that there has been nothing but zeros for so long; once is enough."""
        if self.state.condition is Condition.SILENT:
            return
        self._silences += 1
        reason = f"{self.state.device}: nothing but zeros for {seconds:.1f} s, is it muted?"
        if self._is_worth_a_line():
            logger.warning("%s; listening on, and opening it anew now and then", reason)
        self._become(replace(self.state, condition=Condition.SILENT, reason=reason))

    def sound(self) -> None:
        """Say that there is more than zeros."""
        if self.state.condition is not Condition.SILENT:
            return
        if self._is_worth_a_line():
            logger.info("%s: there is sound again", self.state.device)
        self._become(_listening(self.state))

    def overflows(self, count: int) -> None:
        """Say how often sound was lost since the beginning."""
        if count != self.state.overflows:
            self._become(replace(self.state, overflows=count))

    def _is_worth_a_line(self) -> bool:
        """Tell for the 1st, 2nd, 4th silence and so on: some devices make one of each pause."""
        return self._silences.bit_count() == 1

    def _become(self, state: CaptureState) -> None:
        if state != self.state:
            self.state = state
            self._report(state)


def _listening(state: CaptureState) -> CaptureState:
    return replace(state, condition=Condition.LISTENING, reason="")
