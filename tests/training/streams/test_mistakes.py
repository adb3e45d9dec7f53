import json

from training.streams.mistakes import Fault, Mistake, worst


def mistake(fault, file, confidence=0.0):
    return Mistake(fault, file, 1.0, 1.5, said="six", heard="two", confidence=confidence)


def test_of_each_fault_the_surest_come_first_one_of_each_file():
    found = worst(
        [
            mistake(Fault.MISSED, "a"),
            mistake(Fault.ALARM, "a", 0.7),
            mistake(Fault.ALARM, "a", 0.9),
            mistake(Fault.ALARM, "b", 0.8),
            mistake(Fault.ALARM, "c", 0.6),
            mistake(Fault.WRONG, "a", 0.5),
        ],
        2,
    )
    assert [(item.fault, item.file, item.confidence) for item in found] == [
        (Fault.WRONG, "a", 0.5),
        (Fault.ALARM, "a", 0.9),
        (Fault.ALARM, "b", 0.8),
        (Fault.MISSED, "a", 0.0),
    ]


def test_equal_mistakes_are_shown_once():
    assert len(worst([mistake(Fault.MISSED, "a")] * 3, 5)) == 1


def test_a_line_says_where_to_listen():
    line = str(mistake(Fault.WRONG, "a.flac", 0.5))
    assert line == "wrong       a.flac 1.00-1.50 s, said six, heard two (0.50)"
    missed = Mistake(Fault.MISSED, "a.flac", 1.0, 1.5, "six", origin="six/b.flac")
    assert str(missed) == "missed      a.flac 1.00-1.50 s, said six, from six/b.flac"


def test_json_can_hold_a_mistake():
    content = mistake(Fault.ALARM, "a").as_dictionary()
    assert json.loads(json.dumps(content)) == content
    assert content["fault"] == "false alarm"
