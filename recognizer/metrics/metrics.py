"""What is counted and timed while a listener runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from recognizer.detection import Detection
from recognizer.errors import InputError
from recognizer.metadata import Metadata
from recognizer.snapshot import Monitor, Snapshot

if TYPE_CHECKING:
    from prometheus_client import Counter

INFERENCE_BOUNDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
LATENCY_BOUNDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0)


class Capture(Protocol):
    """What a source that recovers tells of itself."""

    @property
    def condition(self) -> Enum:
        """How it fares; the value is one word for it, such as "listening"."""
        ...

    @property
    def device(self) -> str:
        """The name of the input in use, or of the one that is waited for."""
        ...

    @property
    def restarts(self) -> int:
        """How often it listened again after a fault."""
        ...

    @property
    def overflows(self) -> int:
        """How often sound was lost because it was not taken in time."""
        ...


class Metrics:
    """Holds the numbers of one listener; a sink, and what monitors and adapters report to.

    Args:
        clock: seconds, for the time that the listener is up.

    Raises:
        InputError: the extra ``metrics`` is not installed.

    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        client = _prometheus_client()
        self._registry = client.CollectorRegistry()
        self._make_counters(client)
        self._make_histograms(client)
        self._model = client.Info(
            "digit_listen_model", "The model and what runs it.", registry=self._registry
        )
        self._capture = client.Info(
            "digit_listen_capture", "The state of the microphone.", registry=self._registry
        )
        start = clock()
        client.Gauge(
            "digit_listen_uptime_seconds", "Time since the start.", registry=self._registry
        ).set_function(lambda: clock() - start)
        client.ProcessCollector(registry=self._registry)
        self._overflows_told = self._restarts_told = 0

    def _make_counters(self, client: ModuleType) -> None:
        def counter(name: str, text: str, *labels: str) -> Counter:
            made: Counter = client.Counter(
                f"digit_listen_{name}", text, labels, registry=self._registry
            )
            return made

        self._detections = counter("detections", "Keywords that were reported.", "label")
        self._blocks = counter("blocks", "Blocks of sound from the source.")
        self._overflows = counter("overflows", "Times that sound was lost, taken too late.")
        self._restarts = counter("restarts", "Times that capture began again after a fault.")
        self._heard = counter("heard_seconds", "Sound that the gate decided about.")
        self._open = counter("gate_open_seconds", "Sound that the gate let through.")

    def _make_histograms(self, client: ModuleType) -> None:
        self._inference = client.Histogram(
            "digit_listen_inference_seconds",
            "Time that the model takes for one window.",
            buckets=INFERENCE_BOUNDS,
            registry=self._registry,
        )
        self._latency = client.Histogram(
            "digit_listen_latency_seconds",
            "Sound heard between the end of a word and its report.",
            buckets=LATENCY_BOUNDS,
            registry=self._registry,
        )

    def write(self, detection: Detection) -> None:
        """Count a detection, and how long after its end it came."""
        self._detections.labels(detection.label).inc()
        self._latency.observe(detection.time - detection.end)

    def monitor(self, hop: float) -> Monitor:
        """Return what counts for how long the gate is open; give it to a listener of this hop.

        Args:
            hop: seconds from one snapshot to the next.

        """

        def count(snapshot: Snapshot) -> None:
            self._heard.inc(hop)
            if snapshot.is_open:
                self._open.inc(hop)

        return count

    def count_block(self) -> None:
        """Count a block of sound."""
        self._blocks.inc()

    def time_inference(self, seconds: float) -> None:
        """Take how long the model thought about one window."""
        self._inference.observe(seconds)

    def show_model(self, metadata: Metadata, provider: str) -> None:
        """Tell which model runs, and on what; its keywords are told from then on, with 0 at first.

        Args:
            metadata: of the model.
            provider: that really runs it, such as "cpu" or "cuda".

        """
        self._model.info(
            {
                "architecture": metadata.architecture,
                "version": metadata.version,
                "provider": provider,
            }
        )
        for keyword in metadata.keywords:
            self._detections.labels(keyword)

    def show_capture(self, state: Capture) -> None:
        """Take the present state of the source; its counts may start again from 0."""
        self._capture.info({"condition": str(state.condition.value), "device": state.device})
        self._overflows.inc(_gained(state.overflows, self._overflows_told))
        self._restarts.inc(_gained(state.restarts, self._restarts_told))
        self._overflows_told, self._restarts_told = state.overflows, state.restarts

    def page(self) -> bytes:
        """Return all numbers in Prometheus' text format, version 0.0.4, UTF-8."""
        page: bytes = _prometheus_client().generate_latest(self._registry)
        return page


def _gained(now: int, told: int) -> int:
    return now - told if now >= told else now


def _prometheus_client() -> ModuleType:
    try:
        import prometheus_client
    except ModuleNotFoundError:
        raise InputError(
            "the Python package prometheus_client is missing, metrics need it; "
            "pip install 'digit-listen[metrics]'"
        ) from None
    return prometheus_client
