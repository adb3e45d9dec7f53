"""A trained network, out of its checkpoint."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from recognizer.errors import InputError
from training.checkpoint import load_checkpoint
from training.classifier import Classifier

_KEYS = ("architecture", "labels", "network", "thresholds", "temperature", "training")


def load_classifier(path: Path) -> tuple[Classifier, dict[str, Any]]:
    """Return the network of a checkpoint, as it is used, and the checkpoint's content.

    Raises:
        InputError: no checkpoint, or its weights are those of another network.

    """
    content = load_checkpoint(path, *_KEYS)
    classifier = Classifier(content["architecture"], len(content["labels"]))
    try:
        classifier.network.load_state_dict(content["network"])
    except (RuntimeError, TypeError) as error:
        reason = textwrap.shorten(str(error).split("\n")[-1], 200)
        message = (
            f"{path}: the weights do not fit the network {content['architecture']} with "
            f"{len(content['labels'])} labels: {reason}"
        )
        raise InputError(message) from None
    return classifier.eval(), content
