"""From a checkpoint to an ONNX graph with features and softmax inside."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import ModelProto
from torch import Tensor, nn

from export.optimize import optimize
from export.simplify import simplify
from recognizer.audio import SAMPLE_RATE
from recognizer.model_file import FRAMES, INPUT, PROBABILITIES
from training.classifier import Classifier
from training.features import LogMel
from training.networks.heard import FRAME_SECONDS, FrameNetwork
from training.trained import load_classifier

OPSET = 20
OUTPUTS = (PROBABILITIES, FRAMES)


class ExportedClassifier(nn.Module):
    """What the file computes: waveform [batch, 16000] to probabilities [batch, labels].

    A network that decides frame by frame gives frames [batch, n, labels] besides.

    Args:
        classifier: the network with its front-end.
        temperature: by which logits are divided before the softmax.
        other_bias: added to the logit of OTHER, the last, for windows.

    """

    def __init__(
        self, classifier: Classifier, temperature: float = 1.0, other_bias: float = 0.0
    ) -> None:
        super().__init__()
        self.classifier = classifier
        self.temperature = temperature
        self.other_bias = other_bias
        for part in classifier.modules():
            if isinstance(part, LogMel):
                part.by_products = True

    @property
    def frame_seconds(self) -> float | None:
        """The step of the frames in seconds; None for a network without frames."""
        return FRAME_SECONDS if isinstance(self.classifier.network, FrameNetwork) else None

    def forward(self, waveform: Tensor) -> tuple[Tensor, ...]:
        """Return the outputs in the order of OUTPUTS; their rows sum to 1."""
        classifier = self.classifier
        heard = classifier.hear(classifier.features(waveform))
        probabilities = (self._biased(heard.clip) / self.temperature).softmax(dim=1)
        if heard.frames is None:
            return (probabilities,)
        return probabilities, (heard.frames / self.temperature).softmax(dim=2)

    def _biased(self, logits: Tensor) -> Tensor:
        if not self.other_bias:
            return logits
        labels = torch.arange(logits.shape[1], device=logits.device)
        return logits + self.other_bias * (labels == logits.shape[1] - 1)


def load_trained(path: Path) -> tuple[ExportedClassifier, dict[str, Any]]:
    """Return the network of a checkpoint, ready to be exported, and the checkpoint's content.

    Raises:
        InputError: no checkpoint, or its weights are those of another network.

    """
    classifier, content = load_classifier(path)
    bias = content.get("other_bias", 0.0)
    return ExportedClassifier(classifier, content["temperature"], bias).eval(), content


def export_graph(module: ExportedClassifier) -> ModelProto:
    """Return the module as an ONNX model with a dynamic batch."""
    example = torch.zeros(2, SAMPLE_RATE)
    outputs = OUTPUTS if module.frame_seconds else OUTPUTS[:1]
    with _quiet_exporter():
        program = torch.onnx.export(
            module,
            (example,),
            input_names=[INPUT],
            output_names=outputs,
            dynamic_shapes={"waveform": {0: torch.export.Dim("batch")}},
            opset_version=OPSET,
            dynamo=True,
        )
        assert program is not None
        model = simplify(program.model_proto)
    _strip_notes(model)
    return optimize(model)


def add_metadata(model: ModelProto, values: Mapping[str, Any]) -> None:
    """Write metadata_props: text as it is, everything else as JSON."""
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}
    onnx.helper.set_model_props(model, texts)


@contextmanager
def _quiet_exporter() -> Iterator[None]:
    """Keep the exporter's chatter off the terminal; errors still come as exceptions."""
    loggers = [logging.getLogger(name) for name in ("torch", "torch.onnx", "onnx_ir", "onnxscript")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _strip_notes(model: ModelProto) -> None:
    """Remove the exporter's notes: they hold paths of the machine and half of the bytes."""
    model.doc_string = ""
    del model.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
