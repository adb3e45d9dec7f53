"""Detections as lines of text, for people and for programs."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TextIO

from recognizer.detection import Detection


class _LineSink(ABC):
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __str__(self) -> str:
        return str(getattr(self._stream, "name", "the output"))

    def write(self, detection: Detection) -> None:
        """Write one line; raises BrokenPipeError when nobody reads any more."""
        print(self._line(detection), end="", file=self._stream, flush=True)

    @abstractmethod
    def _line(self, detection: Detection) -> str: ...


class TextSink(_LineSink):
    """One line for people: where the word starts, the word, its probability.

    Args:
        stream: flushed after each line.

    """

    def _line(self, detection: Detection) -> str:
        return f"{detection.start:9.2f} s  {detection.label:<10} {detection.confidence:4.0%}\n"


class JsonSink(_LineSink):
    """One JSON object a line.

    Args:
        stream: flushed after each line.

    """

    def _line(self, detection: Detection) -> str:
        return json_line(detection)


def detection_event(detection: Detection) -> dict[str, str | float]:
    """Return what programs are told of a detection, seconds with three decimals."""
    return {
        "event": "detection",
        "label": detection.label,
        "confidence": round(detection.confidence, 4),
        "start": round(detection.start, 3),
        "end": round(detection.end, 3),
        "time": round(detection.time, 3),
    }


def json_line(detection: Detection) -> str:
    """Return the event as one JSON object, with the line's end."""
    return json.dumps(detection_event(detection), ensure_ascii=False) + "\n"
