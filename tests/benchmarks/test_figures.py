import pytest

from benchmarks.figures import SHARE, TIMES, Figure, at_least, at_most, shown
from benchmarks.report import margin, summary, table


@pytest.mark.parametrize(
    ("value", "target", "verdict"),
    [
        (5.0, at_least(5, TIMES), "reached"),
        (4.99, at_least(5, TIMES), "missed"),
        (25.0, at_most(25, "CPU-s"), "reached"),
        (25.1, at_most(25, "CPU-s"), "missed"),
        (None, at_most(25, "CPU-s"), "not measured"),
        (1.0, None, ""),
    ],
)
def test_the_verdict_follows_the_target(value, target, verdict):
    assert Figure("row", "what", value, target).verdict == verdict


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(8.217, TIMES, "8.22x"), (12.34, SHARE, "12.3 %"), (1234.5, "us", "1234 us"), (3, "", "3")],
)
def test_values_are_shown_in_three_digits(value, unit, text):
    assert shown(value, unit) == text


def test_the_table_names_figure_target_verdict_and_peers():
    figure = Figure(
        "row", "an hour", 30, at_most(25, "CPU-s"), "why", peers={"vosk": "not installed"}
    )
    assert table([figure]).splitlines() == [
        "an hour",
        "    30 CPU-s; at most 25 CPU-s; missed; why",
        "    vosk: not installed",
    ]


def test_the_summary_counts_only_what_has_a_target():
    figures = [
        Figure("a", "a", 1, at_most(2, "s")),
        Figure("b", "b", None, at_most(2, "s")),
        Figure("c", "c", 1),
    ]
    assert summary(figures) == "2 targets: 1 reached, 0 missed, 1 not measured"


def test_the_margin_is_above_one_where_the_target_is_reached_with_room():
    assert margin(Figure("a", "a", 5, at_most(10, "s"))) == 2
    assert margin(Figure("a", "a", 5, at_least(10, "s"))) == 0.5
    assert margin(Figure("a", "a", 5)) is None
    assert margin(Figure("a", "a", None, at_most(10, "s"))) is None
