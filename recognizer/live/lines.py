"""What the live view shows, as lines of text: a pure function of what is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from recognizer.detection import Detection
from recognizer.live.columns import clean, columns, cut, pad
from recognizer.metadata import OTHER
from recognizer.snapshot import Snapshot

MOST_LATEST = 5
MOST_HEARD = 80
MOST_LABEL_COLUMNS = 20
MOST_BAR_COLUMNS = 50
METER_COLUMNS = 30
LOWEST_DB = -60.0
LINES_BESIDE_BARS = 5 + MOST_LATEST

DIGITS = {
    name: str(digit)
    for digit, name in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    )
}

# What a terminal with colours is told, ECMA-48 "select graphic rendition".
PLAIN, BOLD, DIM, GREEN, CYAN = "", "1", "2", "32", "36"


@dataclass(frozen=True)
class LiveState:
    """All that the view shows.

    Attributes:
        labels: of the model, in the order of its probabilities.
        snapshot: the last one; None before the first.
        heard: the labels detected so far, or the last of them, oldest first.
        latest: the last detections, at most five, oldest first.

    """

    labels: tuple[str, ...]
    snapshot: Snapshot | None = None
    heard: tuple[str, ...] = ()
    latest: tuple[Detection, ...] = ()


class _Span(NamedTuple):
    text: str
    style: str = PLAIN


_Line = Sequence[_Span]


def render(state: LiveState, width: int, height: int, *, colour: bool) -> list[str]:
    """Return the lines of the view, at most ``height``, none wider than ``width`` columns.

    With fewer lines than labels need, the most probable ones are shown, the first on top.

    Args:
        state: what to show.
        width: columns, 0 or more.
        height: lines, 0 or more; with less than 11 there is no room for a bar.
        colour: whether lines may hold colours; without them all is printable text.

    """
    lines = [
        _status(state.snapshot),
        [],
        *_bars(state, width, max(0, height - LINES_BESIDE_BARS)),
        [],
        _heard(state, width),
        [],
        *(_detection(detection) for detection in state.latest),
        *[[]] * (MOST_LATEST - len(state.latest)),
    ]
    return [_paint(line, width, colour) for line in lines[:height]]


def render_detection(detection: Detection, width: int, *, colour: bool) -> str:
    """Return one detection as the view shows it, at most ``width`` columns wide."""
    return _paint(_detection(detection), width, colour)


def _paint(line: _Line, width: int, colour: bool) -> str:
    parts = []
    for text, style in line:
        kept = cut(text, width)
        width -= columns(kept)
        parts.append(f"\x1b[{style}m{kept}\x1b[0m" if colour and style and kept else kept)
    return "".join(parts)


def _status(snapshot: Snapshot | None) -> _Line:
    if snapshot is None:
        return [_Span("waiting for sound", DIM)]
    gate = _Span("gate open  ", GREEN) if snapshot.is_open else _Span("gate closed", DIM)
    filled = _filled(1 - snapshot.level / LOWEST_DB, METER_COLUMNS)
    meter = "#" * filled + "." * (METER_COLUMNS - filled)
    level = _Span(f"   {snapshot.level:4.0f} dBFS  ")
    return [_Span(f"{snapshot.time:9.1f} s  "), gate, level, _Span(meter, CYAN)]


def _bars(state: LiveState, width: int, most: int) -> Iterator[_Line]:
    names = [clean(label) for label in state.labels]
    name_columns = min(MOST_LABEL_COLUMNS, max(map(columns, names), default=0))
    probabilities = state.snapshot.probabilities if state.snapshot else None
    for index in _chosen(probabilities, len(names), most):
        name = pad(names[index], name_columns)
        if probabilities is None:
            yield [_Span(name, DIM)]
        else:
            style = DIM if state.labels[index] == OTHER else GREEN
            yield _bar(name, probabilities[index], width, style)


def _chosen(probabilities: Sequence[float] | None, count: int, most: int) -> Sequence[int]:
    """Return which labels to show: all in their order, or else the most probable ones first."""
    if probabilities is None or count <= most:
        return range(min(count, most))
    return sorted(range(count), key=lambda index: -probabilities[index])[:most]


def _bar(name: str, probability: float, width: int, style: str) -> _Line:
    before = f"{name} {probability:4.0%}  "
    longest = min(MOST_BAR_COLUMNS, max(0, width - columns(before)))
    return [_Span(before), _Span("#" * _filled(probability, longest), style)]


def _filled(part: float, width: int) -> int:
    return round(min(1.0, max(0.0, part)) * width)


def _heard(state: LiveState, width: int) -> _Line:
    title = "heard  "
    is_digits = set(state.labels) - {OTHER} <= DIGITS.keys()
    words = [clean(DIGITS.get(label, label) if is_digits else label) for label in state.heard]
    text = ("" if is_digits else " ").join(words)
    return [_Span(title, DIM), _Span(_end_of(text, width - len(title)), BOLD)]


def _end_of(text: str, width: int) -> str:
    """Return the last part of the text that fits, marked where something is left out."""
    if columns(text) <= width:
        return text
    mark = "..."
    while text and columns(text) > width - len(mark):
        text = text[1:]
    return mark + text


def _detection(detection: Detection) -> _Line:
    label = clean(detection.label)
    name = pad(label, min(MOST_LABEL_COLUMNS, max(10, columns(label))))
    latency = 1000 * (detection.time - detection.end)
    return [
        _Span(f"{detection.start:9.2f} s  "),
        _Span(name, BOLD),
        _Span(f" {detection.confidence:4.0%}  {latency:5.0f} ms after the word"),
    ]
