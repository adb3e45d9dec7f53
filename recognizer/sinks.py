"""Where detections go, and in which format."""

from __future__ import annotations

import json
from typing import Protocol, TextIO

from recognizer.detection import Detection


class Sink(Protocol):
    """Takes detections as they come."""

    def write(self, detection: Detection) -> None:
        """Hand on one detection at once."""
        ...


class TextSink:
    """One line for people: where the word starts, the word, its probability.

    Args:
        stream: flushed after each line.

    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, detection: Detection) -> None:
        """Write one line; raises BrokenPipeError when nobody reads any more."""
        line = f"{detection.start:9.2f} s  {detection.label:<10} {detection.confidence:4.0%}"
        print(line, file=self._stream, flush=True)


class JsonSink:
    """One JSON object a line, seconds with three decimals.

    Args:
        stream: flushed after each line.

    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, detection: Detection) -> None:
        """Write one line; raises BrokenPipeError when nobody reads any more."""
        event = {
            "event": "detection",
            "label": detection.label,
            "confidence": round(detection.confidence, 4),
            "start": round(detection.start, 3),
            "end": round(detection.end, 3),
            "time": round(detection.time, 3),
        }
        print(json.dumps(event, ensure_ascii=False), file=self._stream, flush=True)
