"""The same model file with its features computed in NumPy, as most runtimes do it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Windows = NDArray[np.float32]


class NumpyLogMel:
    """Log-mel features by NumPy's Fourier transform: [n, 16000] to [n, bands, frames]."""

    def __init__(self, network: str) -> None:
        from training.features import LogMel
        from training.front_ends import build_front_end

        log_mel = build_front_end(network)[0]
        assert isinstance(log_mel, LogMel)
        self._settings = log_mel.settings
        self._window = log_mel.window.numpy()
        self._filters = log_mel.filters.numpy()

    def __call__(self, windows: Windows) -> Windows:
        """Return the features of windows."""
        settings = self._settings
        padding = settings.pad + settings.win_length // 2
        padded = np.pad(windows, ((0, 0), (padding, padding)))
        frames = sliding_window_view(padded, settings.win_length, axis=1)
        spectrum = np.fft.rfft(frames[:, :: settings.hop_length] * self._window, n=settings.n_fft)
        power = spectrum.real**2 + spectrum.imag**2
        mel = self._filters @ power.astype(np.float32, copy=False).transpose(0, 2, 1)
        features: Windows = np.log(mel + np.float32(settings.floor))
        return features


def with_numpy_features(network: str, windows: Windows) -> Callable[[], object]:
    """Return what classifies windows with the network of a bundled file behind NumPy's features.

    ONNX Runtime is set up as the recognizer does it: one thread, nothing that spins.
    """
    from recognizer.onnx_session import OnnxSession

    features = NumpyLogMel(network)
    session = OnnxSession(_behind_features(network))
    (log,) = (tensor.name for tensor in session.inputs)
    outputs = [tensor.name for tensor in session.outputs][:1]
    return lambda: session.run(outputs, {log: features(windows)})


def _behind_features(network: str) -> bytes:
    """Return the part of a bundled file behind the logarithm, as a model of its own."""
    import onnx
    from onnx.utils import Extractor

    from recognizer.bundled import find_model

    model = onnx.shape_inference.infer_shapes(onnx.load(find_model(network)))
    (log,) = [node.output[0] for node in model.graph.node if node.op_type == "Log"]
    part: bytes = (
        Extractor(model)
        .extract_model([log], [output.name for output in model.graph.output])
        .SerializeToString()
    )
    return part
