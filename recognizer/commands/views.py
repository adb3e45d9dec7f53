"""Opens what people look at: a live view of the stream, or lines on standard output."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from recognizer.commands.console import before_each_log_line

if TYPE_CHECKING:
    from recognizer.configuration.settings import Settings
    from recognizer.live.view import LiveView
    from recognizer.sinks.sink import Sink
    from recognizer.snapshot import Monitor, Snapshot

logger = logging.getLogger(__name__)


class Views:
    """Opens the sink of a run that people look at.

    Args:
        is_wanted: whether that is to be a live view; it is lines on what is no terminal.
        labels: returns those of the model, in the order of its probabilities.

    """

    def __init__(self, is_wanted: bool, labels: Callable[[], Sequence[str]]) -> None:
        self._is_live = is_wanted and _can_draw()
        self._labels = labels
        self._view: LiveView | None = None

    @property
    def monitor(self) -> Monitor | None:
        """What a listener has to tell; None where nobody looks."""
        return self._show if self._is_live else None

    def open(self, settings: Settings, stack: ExitStack) -> Sink:
        """Return the sink; the stack closes it."""
        from recognizer.sinks.lines import JsonSink, TextSink

        if self._is_live:
            self._view = stack.enter_context(self._live_view())
            return self._view
        return JsonSink(sys.stdout) if settings.json else TextSink(sys.stdout)

    def _show(self, snapshot: Snapshot) -> None:
        if self._view is not None:
            self._view.show(snapshot)

    def _live_view(self) -> LiveView:
        from recognizer.live.terminal import has_colour, terminal_size
        from recognizer.live.view import LiveView

        terminal = sys.stdout
        colour = has_colour(terminal, os.environ)
        view = LiveView(self._labels(), terminal, lambda: terminal_size(terminal), colour=colour)
        before_each_log_line(view.make_room)
        return view


def _can_draw() -> bool:
    from recognizer.live.terminal import can_draw

    if can_draw(sys.stdout, os.environ):
        return True
    logger.info("standard output is no terminal to draw on, so --live prints plain lines")
    return False
