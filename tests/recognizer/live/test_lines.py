import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.detection import Detection
from recognizer.live.lines import LiveState, render, render_detection
from recognizer.snapshot import Snapshot
from tests.ansi_terminal import Terminal

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "other")
SEVEN = Detection("seven", confidence=0.97, start=12.31, end=12.74, time=13.09)


def probable(**probabilities):
    """Return the state of a digit model in which these labels have these probabilities."""
    values = tuple(probabilities.get(label, 0.0) for label in DIGITS)
    return LiveState(DIGITS, Snapshot(12.3, -23.4, is_open=True, probabilities=values))


def line_of(lines, label):
    (line,) = [line for line in lines if line.startswith(f"{label} ")]
    return line


def terminal_columns(text):
    widths = {"W": 2, "F": 2}
    seen = (char for char in text if unicodedata.category(char) not in ("Mn", "Me"))
    return sum(widths.get(unicodedata.east_asian_width(char), 1) for char in seen)


@st.composite
def states(draw):
    labels = draw(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=40, unique=True))
    probabilities = st.tuples(*[st.floats(0, 1)] * len(labels))
    snapshots = st.builds(
        Snapshot,
        time=st.floats(0, 1e7),
        level=st.floats(-100, 20),
        is_open=st.booleans(),
        probabilities=st.none() | probabilities,
    )
    times = st.floats(0, 1e7)
    label = st.sampled_from(labels)
    detections = st.builds(Detection, label, st.floats(0, 1), times, times, times)
    return LiveState(
        tuple(labels),
        draw(st.none() | snapshots),
        tuple(draw(st.lists(label, max_size=80))),
        tuple(draw(st.lists(detections, max_size=5))),
    )


@settings(deadline=None)
@given(states(), st.integers(0, 100), st.integers(0, 30))
def test_any_state_fits_without_control_characters(state, width, height):
    lines = render(state, width, height, colour=False)
    lines += [render_detection(detection, width, colour=False) for detection in state.latest]
    assert len(lines) <= height + len(state.latest)
    for line in lines:
        assert line.isprintable()
        assert terminal_columns(line) <= width


@settings(deadline=None)
@given(states(), st.integers(0, 100))
def test_colour_changes_no_text(state, width):
    plain, coloured = (render(state, width, 23, colour=colour) for colour in (False, True))
    terminal = Terminal(width=200)
    terminal.feed("\n".join(coloured))
    assert terminal.lines == [line.rstrip() for line in plain]
    assert any("\x1b" in line for line in coloured) or width == 0


def test_a_digit_model_is_shown_whole_in_24_lines_with_the_cursor():
    lines = render(probable(seven=0.9, other=0.1), 79, 23, colour=False)
    assert len(lines) == 21
    assert [line.split()[0] for line in lines[2:13]] == list(DIGITS)


def test_bars_are_as_long_as_labels_are_probable():
    lines = render(probable(seven=0.5, nine=0.25, other=1.0), 79, 23, colour=False)
    assert [line_of(lines, name).count("#") for name in ("other", "seven", "nine", "two")] == [
        50,
        25,
        12,
        0,
    ]
    assert " 50% " in line_of(lines, "seven")


@pytest.mark.parametrize(("is_open", "text"), [(True, "gate open"), (False, "gate closed")])
def test_gate_level_and_time_are_told_in_words(is_open, text):
    state = LiveState(DIGITS, Snapshot(12.34, -30.0, is_open, probabilities=None))
    status = render(state, 79, 23, colour=False)[0]
    for part in (text, "12.3 s", "-30 dBFS", "#" * 15 + "." * 15):
        assert part in status
    assert "%" not in "".join(render(state, 79, 23, colour=False))


def test_of_too_many_labels_the_most_probable_are_shown():
    labels = tuple(f"label {index:02d} with a name that is very long" for index in range(30))
    probabilities = tuple(index / 435 for index in range(30))
    state = LiveState(labels, Snapshot(1.0, -20.0, is_open=True, probabilities=probabilities))
    lines = render(state, 79, 23, colour=False)
    assert len(lines) == 23
    shown = [line.split()[1] for line in lines if line.startswith("label")]
    assert shown == [f"{index:02d}" for index in range(29, 16, -1)]


def test_a_low_terminal_loses_bars_first():
    lines = render(probable(seven=0.9, two=0.1), 79, 12, colour=False)
    assert len(lines) == 12
    assert [line.split()[0] for line in lines[2:4]] == ["seven", "two"]


def test_detected_digits_are_a_string_of_digits():
    state = LiveState(DIGITS, heard=("four", "two", "two", "seven"))
    assert "heard  4227" in render(state, 79, 23, colour=False)


def test_other_words_are_told_as_they_are():
    state = LiveState(("lamp", "one", "other"), heard=("lamp", "one"))
    assert "heard  lamp one" in render(state, 79, 23, colour=False)


def test_of_a_long_string_the_end_is_shown():
    state = LiveState(DIGITS, heard=("one",) * 79 + ("two",))
    (line,) = [line for line in render(state, 30, 23, colour=False) if line.startswith("heard")]
    assert line == "heard  ..." + "1" * 19 + "2"


def test_a_detection_tells_confidence_and_latency():
    (line,) = render(LiveState(DIGITS, latest=(SEVEN,)), 79, 23, colour=False)[16:17]
    assert line.split()[:6] == ["12.31", "s", "seven", "97%", "350", "ms"]
    assert render_detection(SEVEN, 79, colour=False) == line
