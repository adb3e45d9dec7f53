"""A sink that draws what is heard on a terminal, again and again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TextIO

from recognizer.closing import Closing
from recognizer.detection import Detection
from recognizer.live.lines import MOST_HEARD, MOST_LATEST, LiveState, render, render_detection
from recognizer.live.terminal import Screen
from recognizer.snapshot import Snapshot

WIDEST = 80
HIGHEST = 24
DRAWING_INTERVAL = 0.05


class LiveView(Closing):
    """Level, gate, probabilities, what was heard; older detections scroll away above it.

    Takes at most 80 columns and 24 lines, the cursor's line counted. Closing leaves the last view
    where it is.

    Args:
        labels: of the model, in the order of its probabilities.
        terminal: understands ECMA-48 control sequences.
        size: tells the terminal's size; it may change.
        colour: whether to use colours.
        clock: seconds; snapshots that come faster than 20 a second are not all drawn.

    """

    def __init__(
        self,
        labels: Sequence[str],
        terminal: TextIO,
        size: Callable[[], os.terminal_size],
        *,
        colour: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state = LiveState(tuple(labels))
        self._screen = Screen(terminal)
        self._size = size
        self._colour = colour
        self._clock = clock
        self._next_drawing = float("-inf")
        self._is_closed = False

    def show(self, snapshot: Snapshot) -> None:
        """Take what there is to see now; a monitor for a listener."""
        self._state = replace(self._state, snapshot=snapshot)
        now = self._clock()
        if now >= self._next_drawing:
            self._next_drawing = now + DRAWING_INTERVAL
            self._draw()

    def write(self, detection: Detection) -> None:
        """Show one detection at once."""
        latest = (*self._state.latest, detection)
        self._state = replace(
            self._state,
            heard=(*self._state.heard, detection.label)[-MOST_HEARD:],
            latest=latest[-MOST_LATEST:],
        )
        self._draw(latest[:-MOST_LATEST])

    def make_room(self) -> None:
        """Take the view away until it is drawn again, below what others print meanwhile."""
        self._screen.erase()

    def close(self) -> None:
        """Draw the last view and leave it; closing twice does no harm."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._state.snapshot or self._state.latest:
            self._draw()
        self._screen.leave()

    def _draw(self, leaving: Sequence[Detection] = ()) -> None:
        size = self._size()
        # A line as wide as the terminal would make some terminals wrap.
        width = min(WIDEST, size.columns - 1)
        lines = render(self._state, width, min(HIGHEST, size.lines) - 1, colour=self._colour)
        above = [render_detection(one, width, colour=self._colour) for one in leaving]
        self._screen.draw(lines, above)
