import json

from matplotlib.image import imread

from tests.training.streams.material import detection, heard, row
from training.streams.curve import CurvePoint, curve_point, draw_curve, format_curve
from training.streams.parts import Measure, Part
from training.streams.report import report_part
from training.streams.scores import AlarmScore

POINTS = [
    CurvePoint(None, AlarmScore(2, 3600.0), {"digits": 0.1, "isolated": 0.0}),
    CurvePoint(0.5, AlarmScore(5, 3600.0), {"digits": 0.05, "isolated": 0.0}),
    CurvePoint(0.99, AlarmScore(0, 3600.0), {"digits": 1.0, "isolated": 0.5}),
]


def report(name, measures, item):
    return report_part(Part(name, name, measures, (item.scene,)), [item])


def test_a_point_has_the_alarms_in_speech_and_the_misses_of_every_part_with_keywords():
    phrases = (row("one", "two"),)
    reports = [
        report("speech", Measure.ALARMS, heard(detection("one", 1, 2), seconds=60)),
        report("noise", Measure.ALARMS, heard(detection("one", 1, 2), seconds=60)),
        report("isolated", Measure.WORDS, heard(detection("one", 0, 0.5), phrases=phrases)),
        report("words", Measure.WORDS | Measure.ALARMS, heard(phrases=phrases)),
    ]
    point = curve_point(0.5, reports)
    assert point.alarms == AlarmScore(1, 60.0)
    assert point.misses == {"isolated": 0.5}


def test_the_table_has_a_row_for_each_threshold():
    lines = [line.split() for line in format_curve(POINTS).splitlines()]
    assert lines[1][-2:] == ["digits", "isolated"]
    assert lines[2] == ["model's", "own", "2.0", "6.3", "10.0", "%", "0.0", "%"]
    assert lines[4] == ["0.99", "0.0", "3.0", "100.0", "%", "50.0", "%"]


def test_json_can_hold_a_point():
    content = POINTS[0].as_dictionary()
    assert json.loads(json.dumps(content)) == content


def test_the_curve_is_a_picture_even_where_nothing_goes_wrong(tmp_path):
    draw_curve(POINTS, "a model", tmp_path / "curve.png")
    height, width, _ = imread(tmp_path / "curve.png").shape
    assert min(height, width) > 300
