import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.errors import ModelError
from recognizer.metadata import REQUIRED_KEYS, parse_metadata

PROPERTIES = {
    "labels": '["yes", "no", "other"]',
    "thresholds": '{"yes": 0.5, "no": 1}',
    "sample_rate": "16000",
    "window_samples": "16000",
    "architecture": "edge",
    "training": '{"seed": 7}',
    "license": "MIT",
    "version": "2.0",
}

scalars = st.none() | st.booleans() | st.integers(-1, 2) | st.floats() | st.sampled_from(["", "a"])
label_lists = st.lists(st.sampled_from(["a", "b", "other", " c", "", 1, None]), max_size=3)
threshold_objects = st.dictionaries(st.sampled_from(["a", "b", "other"]), scalars)


def test_good_properties_become_values():
    metadata = parse_metadata(PROPERTIES)
    assert metadata.labels == ("yes", "no", "other")
    assert metadata.keywords == ("yes", "no")
    assert metadata.thresholds == {"yes": 0.5, "no": 1.0}
    assert metadata.training["seed"] == 7
    assert (metadata.sample_rate, metadata.window_samples) == (16_000, 16_000)
    assert (metadata.license, metadata.version) == ("MIT", "2.0")
    assert metadata.frame_seconds is None


def test_frame_seconds_is_optional():
    assert parse_metadata({**PROPERTIES, "frame_seconds": "0.02"}).frame_seconds == 0.02


def test_a_model_may_know_nothing_but_keywords():
    metadata = parse_metadata({**PROPERTIES, "labels": '["yes", "no"]'})
    assert metadata.keywords == ("yes", "no")


def test_thresholds_cannot_be_changed_afterwards():
    with pytest.raises(TypeError):
        parse_metadata(PROPERTIES).thresholds["yes"] = 0.0


@pytest.mark.parametrize("key", REQUIRED_KEYS)
def test_a_missing_key_is_named(key):
    properties = {name: text for name, text in PROPERTIES.items() if name != key}
    with pytest.raises(ModelError, match=f"has no {key}; expected"):
        parse_metadata(properties)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("labels", "yes,no"),
        ("labels", '"yes"'),
        ("labels", "[]"),
        ("labels", '["other"]'),
        ("labels", '["yes", "yes"]'),
        ("labels", '["yes", ""]'),
        ("labels", '["yes", " no"]'),
        ("labels", '["yes", "n\\no"]'),
        ("labels", '["yes", 1]'),
        ("labels", "[" * 100_000),
        ("thresholds", "0.5"),
        ("thresholds", "[0.5, 0.5]"),
        ("thresholds", '{"yes": 0.5}'),
        ("thresholds", '{"yes": 0.5, "no": 1.01}'),
        ("thresholds", '{"yes": 0.5, "no": -0.1}'),
        ("thresholds", '{"yes": 0.5, "no": NaN}'),
        ("thresholds", '{"yes": 0.5, "no": true}'),
        ("thresholds", '{"yes": 0.5, "no": "0.5"}'),
        ("sample_rate", "22050"),
        ("sample_rate", "sixteen"),
        ("window_samples", "8000"),
        ("training", "lots"),
        ("training", "[1]"),
        ("architecture", " "),
        ("license", ""),
        ("version", "1\n2"),
        ("frame_seconds", "0"),
        ("frame_seconds", "2"),
        ("frame_seconds", "soon"),
    ],
)
def test_a_malformed_value_is_shown_with_what_was_expected(key, text):
    with pytest.raises(ModelError, match=rf"^its metadata {key} is '.*; expected ") as caught:
        parse_metadata({**PROPERTIES, key: text})
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@given(labels=scalars | label_lists, thresholds=scalars | label_lists | threshold_objects)
def test_whatever_a_file_holds_is_valid_metadata_or_a_model_error(labels, thresholds):
    changes = {"labels": json.dumps(labels), "thresholds": json.dumps(thresholds)}
    try:
        metadata = parse_metadata({**PROPERTIES, **changes})
    except ModelError:
        return
    assert metadata.keywords
    assert tuple(metadata.thresholds) == metadata.keywords
