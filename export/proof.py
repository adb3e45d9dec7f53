"""Proof that a file answers as the network does in PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from onnx import ModelProto
from torch import nn

from recognizer.audio import SAMPLE_RATE
from recognizer.errors import DigitListenError
from recognizer.model_file import INPUT
from recognizer.onnx_session import import_runtime

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

LARGEST_DIFFERENCE = 1e-5
BATCHES = (1, 2, 7)


def largest_difference(module: nn.Module, model: ModelProto, windows: NDArray[np.float32]) -> float:
    """Return the largest difference of a probability between PyTorch and ONNX Runtime.

    Args:
        module: waveform to a tuple of outputs.
        model: the same as an ONNX model.
        windows: float32 [n, SAMPLE_RATE]; they are given in batches of 1, 2 and 7.

    """
    session = _session(model)
    differences = []
    for size in BATCHES:
        for first in range(0, len(windows) - size + 1, size):
            batch = windows[first : first + size]
            with torch.inference_mode():
                expected = module(torch.from_numpy(batch))
            found = session.run(None, {INPUT: batch})
            differences += [
                np.abs(one.numpy() - other).max()
                for one, other in zip(expected, found, strict=True)
            ]
    # Unlike Python's max, this one lets NaN through to the caller.
    return float(np.max(differences))


def prove_equal(module: nn.Module, model: ModelProto, windows: NDArray[np.float32]) -> float:
    """Return the largest difference.

    Raises:
        DigitListenError: it is larger than LARGEST_DIFFERENCE.

    """
    return _small(largest_difference(module, model, windows), "PyTorch and ONNX Runtime differ")


def prove_same(before: ModelProto, after: ModelProto, windows: NDArray[np.float32]) -> float:
    """Return the largest difference of a probability between two graphs of one model.

    Raises:
        DigitListenError: it is larger than LARGEST_DIFFERENCE.

    """
    one, other = (_session(model).run(None, {INPUT: windows}) for model in (before, after))
    differences = [np.abs(a - b).max() for a, b in zip(one, other, strict=True)]
    return _small(float(np.max(differences)), "the graphs before and after differ")


def _small(difference: float, what: str) -> float:
    # Written so that NaN fails it.
    if not difference <= LARGEST_DIFFERENCE:
        message = (
            f"{what} by {difference:.2g}: expected at most {LARGEST_DIFFERENCE}; "
            "nothing was written"
        )
        raise DigitListenError(message)
    return difference


def _session(model: ModelProto) -> InferenceSession:
    session: InferenceSession = import_runtime().InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session


def synthesised_windows(count: int = 14, seed: int = 0) -> NDArray[np.float32]:
    """Return seconds [count, SAMPLE_RATE] that resemble speech enough to reach all of a network.

    Gliding harmonics in syllable-long bursts over noise, from silence to full scale.
    """
    rng = np.random.default_rng(seed)
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    level = np.linspace(0, 1, count) ** 2
    windows = [volume * _syllables(time, rng) for volume in level]
    return np.asarray(np.stack(windows), dtype=np.float32)


def _syllables(time: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    pitch = rng.uniform(80, 250) * (1 + rng.uniform(-0.3, 0.3) * time)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    harmonics = sum(np.sin(n * phase) / n for n in range(1, rng.integers(5, 40)))
    bursts = np.clip(np.sin(2 * np.pi * rng.uniform(1, 4) * time + rng.uniform(0, 6)), 0, 1)
    signal = harmonics * bursts + 0.05 * rng.standard_normal(len(time))
    return np.asarray(signal / np.abs(signal).max())
