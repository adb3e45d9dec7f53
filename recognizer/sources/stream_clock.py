"""Stream time of captured sound: it counts samples, and goes on with the clock without them."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from recognizer.sources.capture_queue import Capture

LEAST_GAP = 0.02
"""Seconds that lost sound takes at the least; what was lost cannot have been nothing."""
LONGEST_PAUSE = 0.4
LEAST_KEPT = 0.1
"""Seconds of sound that a device keeps at the least while it is late by more than that pause."""


class StreamClock:
    """Tells where captured sound lies in stream time, through losses and changes of the device.

    Samples that follow each other are counted, so that a device's clock may differ from ours.
    Where sound was lost, stream time goes on by as much as the clock did.

    Args:
        clock: tells the time in seconds, the same as the captures' queue.

    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._end = 0.0
        self._heard_at: float | None = None

    def now(self) -> float:
        """Return what stream time it is, later than all that was heard."""
        return self._end + self._gap(self.clock())

    def follows_loss(self, capture: Capture, sample_rate: int) -> bool:
        """Tell whether no sound was heard right before the next capture.

        A device that pauses, as one that sleeps does, and comes back with next to nothing in its
        buffer lost what was to be heard; one that was only late kept it.
        """
        seconds = len(capture.frames) / sample_rate
        pause = self._gap(capture.arrived - seconds)
        return capture.begins or (pause > LONGEST_PAUSE and seconds < LEAST_KEPT)

    def place(self, capture: Capture, sample_rate: int) -> float:
        """Return the stream time of the first frame of the next capture, in seconds."""
        seconds = len(capture.frames) / sample_rate
        if self.follows_loss(capture, sample_rate):
            self._end += self._gap(capture.arrived - seconds)
        start = self._end
        self._end += seconds
        self._heard_at = capture.arrived
        return start

    def _gap(self, until: float) -> float:
        """Return the seconds from the last sound to a time of the clock; 0 if there was none."""
        return 0.0 if self._heard_at is None else max(LEAST_GAP, until - self._heard_at)
