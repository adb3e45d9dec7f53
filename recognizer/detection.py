"""What the recognizer reports: a keyword was heard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Detection:
    """One keyword, heard once.

    Attributes:
        label: the keyword.
        confidence: its probability, 0..1.
        start: where the word starts, in seconds of stream time.
        end: where the word ends, in seconds of stream time.
        time: how far the stream was heard when the word was reported, in seconds.

    """

    label: str
    confidence: float
    start: float
    end: float
    time: float
