"""What a model file says about itself in its metadata_props, checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from recognizer.audio import SAMPLE_RATE
from recognizer.errors import ModelError

OTHER = "other"
"""The label of everything that is not a keyword; it never becomes a detection."""

WINDOW_SAMPLES = SAMPLE_RATE
"""Samples of the one-second window that every model takes."""

REQUIRED_KEYS = (
    "labels",
    "thresholds",
    "sample_rate",
    "window_samples",
    "architecture",
    "training",
    "license",
    "version",
)

_SHOWN_LENGTH = 60


@dataclass(frozen=True)
class Metadata:
    """A model's description of itself.

    Attributes:
        labels: distinct names of the outputs, in their order.
        thresholds: for each keyword the calibrated probability, 0..1.
        architecture: name of the network.
        training: data, seed, epochs, commit and accuracy figures, as JSON gave them.
        license: terms of the weights.
        version: version of the model, not of the program.
        frame_seconds: step of the output "frames" in seconds, None without that output.
        sample_rate: samples a second of the input, always 16,000.
        window_samples: samples of one window, always 16,000.

    """

    labels: tuple[str, ...]
    thresholds: Mapping[str, float]
    architecture: str
    training: Mapping[str, Any]
    license: str
    version: str
    frame_seconds: float | None = None
    sample_rate: int = SAMPLE_RATE
    window_samples: int = WINDOW_SAMPLES

    @property
    def keywords(self) -> tuple[str, ...]:
        """The labels that can be detected: all but "other"."""
        return _keywords(self.labels)


def parse_metadata(properties: Mapping[str, str]) -> Metadata:
    """Return the metadata in a model file's metadata_props.

    Raises:
        ModelError: a key is missing or malformed; the message does not name the file.

    """
    _check_keys(properties)
    _check_number(properties, "sample_rate", SAMPLE_RATE)
    _check_number(properties, "window_samples", WINDOW_SAMPLES)
    labels = _labels(properties["labels"])
    return Metadata(
        labels=labels,
        thresholds=_thresholds(properties["thresholds"], _keywords(labels)),
        architecture=_text(properties, "architecture"),
        training=_training(properties["training"]),
        license=_text(properties, "license"),
        version=_text(properties, "version"),
        frame_seconds=_frame_seconds(properties.get("frame_seconds")),
    )


def _keywords(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label for label in labels if label != OTHER)


def _check_keys(properties: Mapping[str, str]) -> None:
    missing = [key for key in REQUIRED_KEYS if key not in properties]
    if missing:
        raise ModelError(
            f"its metadata has no {', '.join(missing)}; "
            "expected a model with the metadata that digit-export writes"
        )


def _check_number(properties: Mapping[str, str], key: str, expected: int) -> None:
    if properties[key] != str(expected):
        raise _malformed(key, properties[key], str(expected))


def _labels(text: str) -> tuple[str, ...]:
    labels = _json(text)
    is_list = isinstance(labels, list) and all(_is_label(label) for label in labels)
    if not is_list or len(set(labels)) < len(labels) or not set(labels) - {OTHER}:
        raise _malformed(
            "labels", text, "a JSON list of distinct names, at least one of them a keyword"
        )
    return tuple(labels)


def _is_label(label: object) -> bool:
    return isinstance(label, str) and label == label.strip() != "" and label.isprintable()


def _thresholds(text: str, keywords: tuple[str, ...]) -> Mapping[str, float]:
    thresholds = _json(text)
    is_object = isinstance(thresholds, dict)
    if not is_object or not all(_is_probability(thresholds.get(word)) for word in keywords):
        raise _malformed(
            "thresholds", text, "a JSON object with a number in 0..1 for each keyword of labels"
        )
    return MappingProxyType({word: float(thresholds[word]) for word in keywords})


def _is_probability(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _training(text: str) -> Mapping[str, Any]:
    training = _json(text)
    if not isinstance(training, dict):
        raise _malformed("training", text, "a JSON object")
    return MappingProxyType(training)


def _text(properties: Mapping[str, str], key: str) -> str:
    text = properties[key].strip()
    if not text or not text.isprintable():
        raise _malformed(key, properties[key], "one line of text")
    return text


def _frame_seconds(text: str | None) -> float | None:
    if text is None:
        return None
    seconds = _json(text)
    if not _is_probability(seconds) or seconds == 0:
        raise _malformed("frame_seconds", text, "seconds above 0 and at most 1")
    return float(seconds)


def _json(text: str) -> Any:  # noqa: ANN401 (whatever the file holds; callers check it)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _malformed(key: str, found: str, expected: str) -> ModelError:
    shown = found if len(found) <= _SHOWN_LENGTH else found[:_SHOWN_LENGTH] + "..."
    return ModelError(f"its metadata {key} is {shown!r}; expected {expected}")
