from hypothesis import given, settings
from hypothesis import strategies as st

from training.metrics import MetricsLog

ROWS = [{"epoch": n, "validation": {"keyword_accuracy": {"sc": 0.5}}} for n in (1, 2, 3)]


def test_rows_come_back_in_their_order(tmp_path):
    log = MetricsLog(tmp_path / "metrics.jsonl")
    assert log.rows() == []
    for row in ROWS:
        log.append(row)
    assert log.rows() == ROWS
    assert len(log.path.read_text().splitlines()) == 3


def test_what_came_behind_an_epoch_is_dropped(tmp_path):
    log = MetricsLog(tmp_path / "metrics.jsonl")
    for row in ROWS:
        log.append(row)
    log.keep_until(2)
    log.append({"epoch": 3, "again": True})
    assert log.rows() == [*ROWS[:2], {"epoch": 3, "again": True}]


@given(keep=st.floats(0, 1))
@settings(deadline=None)
def test_a_file_cut_off_anywhere_gives_its_whole_lines(tmp_path_factory, keep):
    log = MetricsLog(tmp_path_factory.mktemp("run") / "metrics.jsonl")
    for row in ROWS:
        log.append(row)
    text = log.path.read_text()
    log.path.write_text(text[: round(len(text) * keep)])
    assert log.rows() == ROWS[: len(log.rows())]
    log.keep_until(3)
    log.append({"epoch": 4})
    assert log.rows()[-1] == {"epoch": 4}
