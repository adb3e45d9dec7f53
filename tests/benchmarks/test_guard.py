"""The recorded ratios hold, and a ratio that is lost would be found."""

import json

import pytest

from benchmarks.guard import lost_ratios, measured_ratios, recorded_ratios
from benchmarks.rows.windows import LOW
from recognizer.errors import InputError


def test_a_ratio_that_is_lost_by_more_than_a_third_in_every_try_is_told():
    assert lost_ratios({"a": 3.0, "b": 3.0}, lambda: {"a": 1.9, "b": 2.1}) == {"a": 1.9}


def test_the_best_of_several_tries_counts():
    tries = iter([1.0, 1.5, 2.5])
    assert lost_ratios({"a": 3.0}, lambda: {"a": next(tries)}, tries=3) == {}
    assert lost_ratios({"a": 3.0}, lambda: {"a": 1.0}, tries=3) == {"a": 1.0}


def test_a_ratio_that_cannot_be_measured_is_lost():
    assert lost_ratios({"a": 3.0}, dict) == {"a": 0.0}


def test_only_ratios_of_one_thread_are_guarded(tmp_path):
    def figure(row, what, value=2.0):
        return {"row": row, "what": what, "value": value, "details": {LOW: 1.5}}

    figures = [
        figure("window-edge", "edge against PyTorch eager"),
        figure("window-edge", "edge against torch.compile"),
        figure("window-edge", "edge against ONNX Runtime, default settings"),
        figure("window-edge", "edge against something missing", None),
        figure("batch-edge", "batches"),
        figure("overhead", "listening"),
    ]
    (tmp_path / "cpu.json").write_text(json.dumps({"figures": figures}))
    found = recorded_ratios(tmp_path / "cpu.json")
    assert found == {"edge against PyTorch eager": 1.5, "listening": 1.5}


def test_without_a_record_one_line_tells_what_is_expected(tmp_path):
    with pytest.raises(InputError, match="expected what digit-bench has written"):
        recorded_ratios(tmp_path / "cpu.json")


@pytest.mark.slow
def test_nothing_that_was_won_is_lost():
    recorded = recorded_ratios()
    assert len(recorded) == 5
    assert lost_ratios(recorded, measured_ratios) == {}
