import io
import json

from recognizer.detection import Detection
from recognizer.sinks.lines import JsonSink, TextSink

SEVEN = Detection("seven", confidence=0.97, start=12.3149999, end=12.74, time=12.86)


class Flushed(io.StringIO):
    """Remembers what a reader has seen."""

    seen = ""

    def flush(self):
        self.seen = self.getvalue()


def test_json_is_one_object_a_line_as_documented():
    stream = Flushed()
    JsonSink(stream).write(SEVEN)
    assert stream.seen.endswith("}\n")
    assert json.loads(stream.seen) == {
        "event": "detection",
        "label": "seven",
        "confidence": 0.97,
        "start": 12.315,
        "end": 12.74,
        "time": 12.86,
    }


def test_text_tells_time_label_and_confidence_at_once():
    stream = Flushed()
    TextSink(stream).write(SEVEN)
    assert stream.seen.split() == ["12.31", "s", "seven", "97%"]


def test_labels_of_any_language_are_written_as_they_are():
    stream = Flushed()
    JsonSink(stream).write(Detection("fünf", 1.0, 0.0, 1.0, 1.0))
    assert '"fünf"' in stream.seen
