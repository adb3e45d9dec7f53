import json

from recognizer.metadata import OTHER
from tests.training.streams.material import detection, heard, row, word
from training.streams.parts import Measure, Part
from training.streams.report import format_part, number, percent, report_part
from training.streams.scene import Phrase

ROW = (row("one", "two", start=1),)


def report(name, measures, *items):
    part = Part(name, f"Title of {name}", measures, tuple(item.scene for item in items))
    return report_part(part, items)


def strings():
    return report(
        "strings",
        Measure.STRINGS | Measure.WORDS,
        heard(detection("one", 1.0, 1.4), phrases=ROW),
        heard(detection("one", 1.0, 1.4), detection("two", 1.6, 2.0), phrases=ROW),
    )


def test_strings_are_shown_as_digit_errors_and_words():
    text = format_part(strings())
    lines = [line.split() for line in text.splitlines()]
    assert lines[0] == ["Title", "of", "strings"]
    assert lines[2][:8] == ["talks", "2", "50.0", "%", "4", "25.0", "%", "0"]
    assert "missed      a.flac 1.50-2.00 s, said two" in text
    assert "200 ms" in text, "from the words' ends at 1.5 and 2.0 to the reports"


def test_each_source_has_a_row_and_all_together_another():
    text = format_part(
        report(
            "speech",
            Measure.ALARMS,
            heard(detection("one", 1, 2), seconds=1800.0, source="a"),
            heard(seconds=1800.0, source="b"),
        )
    )
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines()[2:5]}
    assert rows["a"] == ["0.50", "1", "2.0", "9.5"]
    assert rows["b"] == ["0.50", "0", "0.0", "6.0"]
    assert rows["all"] == ["1.00", "1", "1.0", "4.7"]
    assert "false alarm a.flac 1.00-2.00 s, heard one (0.90)" in text


def test_other_words_are_shown_as_taken_or_not():
    other = (Phrase((word(OTHER, 1.0, 1.5, text="tree"),)),)
    words = Measure.WORDS | Measure.ALARMS
    text = format_part(report("words", words, heard(detection("three", 1, 1.5), phrases=other)))
    assert "taken" in text
    assert "100.0 %" in text
    assert "said tree, heard three" in text


def test_json_can_hold_a_report_with_every_mistake():
    content = strings().as_dictionary()
    assert json.loads(json.dumps(content)) == content
    assert content["strings"]["deletions"] == 1
    assert content["words"]["by_source"]["talks"]["right"] == 3
    assert [mistake["fault"] for mistake in content["mistakes"]] == ["missed"]


def test_what_does_not_exist_is_a_dash():
    assert (percent(None), number(None)) == ("-", "-")
    assert (percent(0.123), number(1.25)) == ("12.3 %", "1.2")
