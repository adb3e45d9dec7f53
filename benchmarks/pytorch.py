"""The same networks as most people would run them: PyTorch, behind torchaudio's features."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recognizer.audio import SAMPLE_RATE
from training.classifier import Classifier
from training.features import LogMel
from training.torchaudio_import import import_torchaudio

Work = Callable[[], object]


class _Usual(nn.Module):
    """A network whose log-mel features come from torchaudio; waveform to probabilities."""

    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        log_mel, *rest = classifier.features
        assert isinstance(log_mel, LogMel)
        settings = log_mel.settings
        self.floor = settings.floor
        self.mel = import_torchaudio().transforms.MelSpectrogram(
            sample_rate=SAMPLE_RATE,
            n_fft=settings.n_fft,
            win_length=settings.win_length,
            hop_length=settings.hop_length,
            pad=settings.pad,
            n_mels=settings.n_mels,
            f_min=settings.f_min,
            f_max=settings.f_max,
            pad_mode="constant",
            norm=None,
            mel_scale="slaney",
        )
        self.normalize = nn.Sequential(*rest)
        self.classifier = classifier

    def forward(self, waveform: Tensor) -> Tensor:
        features = self.normalize(torch.log(self.mel(waveform) + self.floor))
        probabilities: Tensor = self.classifier.hear(features).clip.softmax(dim=1)
        return probabilities


def usual(network: str, labels: int) -> nn.Module:
    """Return a network with torchaudio's features, untrained: speed knows no weights."""
    torch.manual_seed(0)
    return _Usual(Classifier(network, labels)).eval()


def eager(network: str, labels: int, windows: NDArray[np.float32], threads: int) -> Work:
    """Return what classifies windows in PyTorch as it is."""
    return _work(usual(network, labels), windows, threads)


def compiled(network: str, labels: int, windows: NDArray[np.float32], threads: int) -> Work:
    """Return what classifies windows in a network that went through torch.compile.

    Raises:
        RuntimeError: torch.compile does not work here.

    """
    work = _work(torch.compile(usual(network, labels)), windows, threads)
    try:
        work()
    except Exception as error:
        raise RuntimeError(str(error).strip().partition("\n")[0]) from error
    return work


def _work(module: Callable[[Tensor], Tensor], windows: NDArray[np.float32], threads: int) -> Work:
    waveform = torch.from_numpy(windows)

    def work() -> object:
        torch.set_num_threads(threads)
        with torch.inference_mode():
            return module(waveform).numpy()

    return work
