import json

import matplotlib.image
import numpy as np
import pytest

from training.clip_report import (
    TakenWord,
    draw_confusion,
    format_report,
    format_robustness,
    report_clips,
)

LABELS = ("yes", "no", "other")
THRESHOLDS = {"yes": 0.6, "no": 0.6}
SPOKEN = ("yes", "yes", "yes", "no", "no", "other", "other", "other", "other")
WORDS = ("yes", "yes", "yes", "no", "no", "guess", "guess", "house", "house")
PROBABILITIES = np.array(
    [
        (0.8, 0.1, 0.1),  # right, accepted
        (0.55, 0.1, 0.35),  # right, below the threshold
        (0.3, 0.1, 0.6),  # yes, were it not for other
        (0.7, 0.2, 0.1),  # taken for yes
        (0.1, 0.6, 0.3),  # right, just accepted
        (0.7, 0.2, 0.1),  # taken for yes
        (0.5, 0.4, 0.1),  # yes, below the threshold
        (0.1, 0.1, 0.8),
        (0.0, 0.2, 0.8),
    ],
    dtype=np.float32,
)


@pytest.fixture(scope="module")
def report():
    return report_clips(SPOKEN, PROBABILITIES, LABELS, {"yes": 0.6, "no": 0.59}, WORDS)


def test_figures_equal_those_counted_by_hand(report):
    assert report.keywords == ("yes", "no")
    assert report.accuracy == pytest.approx(4 / 5)
    assert report.accuracy_with_other == pytest.approx(3 / 5)
    assert report.accepted_and_right == pytest.approx(2 / 5)
    assert report.false_acceptance == pytest.approx(1 / 4)
    assert (report.keyword_clips, report.other_clips) == (5, 4)
    assert report.confusion == ((3, 0), (1, 1))


def test_words_that_were_taken_for_a_keyword_are_named(report):
    assert report.taken == (TakenWord("guess", "yes", 1, 2),)
    assert "guess as yes 1 of 2" in format_report(report)


def test_precision_recall_f1_and_support_equal_those_counted_by_hand(report):
    expected = {
        "yes": (3 / 4, 1, 6 / 7, 3),
        "no": (1, 1 / 2, 2 / 3, 2),
        "macro avg": (7 / 8, 3 / 4, (6 / 7 + 2 / 3) / 2, 5),
        "weighted avg": ((9 / 4 + 2) / 5, 4 / 5, (18 / 7 + 4 / 3) / 5, 5),
    }
    keys = ("precision", "recall", "f1-score", "support")
    for name, figures in expected.items():
        assert [report.by_keyword[name][key] for key in keys] == pytest.approx(figures)


def test_the_order_of_labels_is_that_of_the_model():
    order = [2, 1, 0]
    labels = [LABELS[place] for place in order]
    again = report_clips(SPOKEN, PROBABILITIES[:, order], labels, {"yes": 0.6, "no": 0.59})
    assert again.confusion == ((1, 1), (0, 3))
    assert again.accuracy == pytest.approx(4 / 5)


def test_a_keyword_nobody_spoke_and_no_other_clips_are_no_obstacle():
    report = report_clips(("yes",), PROBABILITIES[:1], LABELS, THRESHOLDS)
    assert report.by_keyword["no"]["support"] == 0
    assert report.false_acceptance is None
    assert "other clips" not in format_report(report)


def test_the_text_shows_every_keyword_and_figure(report):
    lines = format_report(report).splitlines()
    assert lines[0].split() == ["precision", "recall", "F1", "support"]
    assert lines[1].split() == ["yes", "0.750", "1.000", "0.857", "3"]
    assert lines[2].split() == ["no", "1.000", "0.500", "0.667", "2"]
    text = "\n".join(lines)
    for figure in ("80.0 %", "60.0 %", "40.0 %", "25.0 %  of 4 other clips"):
        assert figure in text


def test_json_holds_the_report(report):
    content = json.loads(json.dumps(report.as_dictionary()))
    assert content["accuracy"] == pytest.approx(0.8)
    assert content["confusion"] == [[3, 0], [1, 1]]
    assert content["by_keyword"]["no"]["support"] == 2
    assert sum(content["reliability"]["clips"]) == 9


def test_robustness_is_a_row_for_each_condition(report):
    header, *rows = format_robustness({"clean": report, "noise at 0 dB": report}).splitlines()
    assert header.split() == ["right", "accepted", "other", "taken"]
    assert rows[0].split() == ["clean", "80.0", "%", "40.0", "%", "25.0", "%"]
    assert rows[1].startswith("noise at 0 dB ")


def test_the_confusion_matrix_is_a_picture_with_dark_and_light_cells(report, tmp_path):
    path = tmp_path / "confusion.png"
    draw_confusion(report, "a title", path)
    picture = matplotlib.image.imread(path)
    assert 200 < picture.shape[0] < 2_000
    assert 200 < picture.shape[1] < 2_000
    blue = (picture[..., 2] - picture[..., 0]) > 0.2
    assert blue.mean() > 0.02
