"""Makes a graph faster that stays the same function."""

from __future__ import annotations

import onnx
from onnx import ModelProto

from export.fourier import factor
from export.planes import widen


def optimize(model: ModelProto) -> ModelProto:
    """Return the model with a fast Fourier transform and convolutions over planes.

    Its answers differ by rounding alone. A graph in which there is nothing to do comes back as it
    was.
    """
    optimized = ModelProto()
    optimized.CopyFrom(model)
    optimized = widen(factor(optimized))
    onnx.checker.check_model(optimized, full_check=True)
    return optimized
