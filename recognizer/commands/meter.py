"""Lets metrics see what passes through digit-listen, as long as they are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from recognizer.service.part import Part

if TYPE_CHECKING:
    from recognizer.audio import Block
    from recognizer.configuration.settings import Settings
    from recognizer.metrics.metrics import Metrics
    from recognizer.pipeline import WindowClassifier
    from recognizer.recognizer import Recognizer
    from recognizer.snapshot import Monitor, Snapshot
    from recognizer.sources.capture_state import CaptureState


class Meter:
    """Stands between the stages and the metrics, of which there may be none.

    Attributes:
        part: the metrics and their server; None where no address is set.

    """

    part: Part[Metrics | None]

    def __init__(self) -> None:
        self.part = Part(lambda settings: settings.metrics, _open)
        self._state: CaptureState | None = None

    def capture(self, state: CaptureState) -> None:
        """Take the present state of the microphone, which may come before there are metrics."""
        self._state = state
        if self.part.is_open and self.part.thing:
            self.part.thing.show_capture(state)

    def exchanged(self, recognizer: Recognizer) -> None:
        """Take note that this recognizer is in use from now on."""
        if metrics := self.part.thing:
            metrics.show_model(recognizer.metadata, recognizer.provider)
            if self._state:
                metrics.show_capture(self._state)

    def blocks(self, source: Iterable[Block]) -> Iterable[Block]:
        """Return the source, counted."""
        from recognizer.metrics.adapters import CountedSource

        return CountedSource(source, self.part.thing) if self.part.thing else source

    def classifier(self, recognizer: Recognizer) -> WindowClassifier:
        """Return the recognizer, timed."""
        from recognizer.metrics.adapters import TimedClassifier

        return TimedClassifier(recognizer, self.part.thing) if self.part.thing else recognizer

    def monitor(self, hop: float, other: Monitor | None) -> Monitor | None:
        """Return what tells the metrics and the other monitor; None where nobody looks."""
        if self.part.thing is None:
            return other
        count = self.part.thing.monitor(hop)

        def tell_both(snapshot: Snapshot) -> None:
            count(snapshot)
            if other:
                other(snapshot)

        return tell_both


def _open(settings: Settings, stack: ExitStack) -> Metrics | None:
    if settings.metrics is None:
        return None
    from recognizer.metrics.metrics import Metrics
    from recognizer.metrics.server import MetricsServer

    metrics = Metrics()
    stack.enter_context(MetricsServer(settings.metrics, metrics.page))
    return metrics
