"""The front-end of the networks: log-mel features as a torch module that exports to ONNX.

In the exported graph the discrete Fourier transform is a convolution with windowed sines and
cosines, because ONNX Runtime has no CUDA kernel for the STFT operator.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from recognizer.audio import SAMPLE_RATE
from training.torchaudio_import import import_torchaudio


@dataclass(frozen=True)
class LogMelSettings:
    """Settings of the log-mel features, named as in torchaudio's MelSpectrogram.

    One second at 16 kHz gives 44 frames of 128 bands. A hop of 25 ms puts a whole number of frames
    into every 100 ms; ``pad`` zeros before and behind the second let the first and last frames
    reach over its edges.

    Attributes:
        n_fft: points of the Fourier transform.
        win_length: samples of the Hann window.
        hop_length: samples from frame to frame.
        pad: zeros added on both sides of the waveform.
        n_mels: mel bands, spaced and scaled after Slaney's Auditory Toolbox.
        f_min: lower edge of the lowest band in Hz.
        f_max: upper edge of the highest band in Hz.
        norm: "slaney" to give all bands the same area, None to give them the same height.
        floor: power added before the logarithm, about the noise of 16-bit audio at -84 dBFS.

    """

    n_fft: int = 1024
    win_length: int = 640
    hop_length: int = 400
    pad: int = 600
    n_mels: int = 128
    f_min: float = 40.0
    f_max: float = 7600.0
    norm: str | None = None
    floor: float = 1e-6


class LogMel(nn.Module):
    """Log-mel features: waveform [batch, 16000] to natural-log mel power [batch, 128, 44].

    Attributes:
        by_products: compute the Fourier transform as matrix products, as the exported graph has to;
            else as a fast Fourier transform, five times faster in training.

    """

    def __init__(self, settings: LogMelSettings | None = None) -> None:
        super().__init__()
        self.settings = settings or LogMelSettings()
        self.by_products = False
        self.register_buffer("basis", _fourier_basis(self.settings), persistent=False)
        self.register_buffer("window", _window(self.settings), persistent=False)
        self.register_buffer("filters", _mel_filters(self.settings), persistent=False)

    basis: Tensor
    window: Tensor
    filters: Tensor

    def forward(self, waveform: Tensor) -> Tensor:
        """Return the log-mel features of float32 [batch, samples]."""
        padding = self.settings.pad + self.settings.win_length // 2
        padded = functional.pad(waveform, (padding, padding))
        power = self._products(padded) if self.by_products else self._transform(padded)
        return torch.log(torch.matmul(self.filters, power) + self.settings.floor)

    def _products(self, padded: Tensor) -> Tensor:
        spectrum = functional.conv1d(
            padded.unsqueeze(1), self.basis, stride=self.settings.hop_length
        )
        real, imaginary = spectrum.chunk(2, dim=1)
        return real * real + imaginary * imaginary

    def _transform(self, padded: Tensor) -> Tensor:
        settings = self.settings
        frames = padded.unfold(1, settings.win_length, settings.hop_length)
        spectrum = torch.fft.rfft(frames * self.window, n=settings.n_fft)
        power: Tensor = spectrum.real.square() + spectrum.imag.square()
        return power.transpose(1, 2)


class BandMeanNormalization(nn.Module):
    """Subtracts each band's mean over the window, so that microphones and levels look alike.

    The mean over time of a log spectrum is the colour of the channel (cepstral mean subtraction:
    Atal, 1974).

    Args:
        reach: how far below the loudest band and frame all counts as equally silent (12 is 52 dB):
            digital silence around a word must not differ from a quiet room.
        scale: brings what is left to about unit variance.
        limit: largest magnitude of the result.

    """

    def __init__(self, reach: float = 12.0, scale: float = 0.3, limit: float = 3.0) -> None:
        super().__init__()
        self.reach = reach
        self.scale = scale
        self.limit = limit

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return [batch, bands, frames] with about zero mean over the frames."""
        loudest = log_mel.amax(dim=(1, 2), keepdim=True)
        audible = torch.maximum(log_mel, loudest - self.reach)
        centred = (audible - audible.mean(dim=2, keepdim=True)) * self.scale
        return centred.clamp(-self.limit, self.limit)


class Bels(nn.Module):
    """Turns natural logarithms of power into bels above a fixed level.

    Args:
        zero: that level in bels of full scale.

    """

    def __init__(self, zero: float) -> None:
        super().__init__()
        self.zero = zero

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return [batch, bands, frames] from the same shape."""
        return log_mel / math.log(10) - self.zero


class EnergyCentring(nn.Module):
    """Shifts features in time so that the middle of what sounds comes to the middle of the window.

    Recorded words lie up to 0.3 s off the middle of their second. The networks of the mission
    compare frames by their place, so they learn much faster when words always lie in one place.

    Args:
        frames: frames of a window.
        reach: largest shift in frames.

    """

    def __init__(self, frames: int = 44, reach: float = 12.0) -> None:
        super().__init__()
        self.reach = reach
        place = torch.arange(frames, dtype=torch.float32) - (frames - 1) / 2
        self.register_buffer("place", place, persistent=False)
        distance = place.unsqueeze(1) - place.unsqueeze(0)
        self.register_buffer("distance", distance, persistent=False)

    place: Tensor
    distance: Tensor

    def forward(self, features: Tensor) -> Tensor:
        """Return [batch, bands, frames], shifted; frames from outside the window are 0.

        Shifts by parts of a frame interpolate, so that the result changes smoothly with the sound.
        """
        loudness = functional.relu(features.mean(dim=1))
        weight = loudness * loudness
        middle = (weight * self.place).sum(dim=1) / (weight.sum(dim=1) + 1e-3)
        middle = middle.clamp(-self.reach, self.reach)
        kernel = functional.relu(1 - (self.distance - middle.view(-1, 1, 1)).abs())
        return torch.matmul(features, kernel)


def _fourier_basis(settings: LogMelSettings) -> Tensor:
    """Return windowed cosines, then sines: [2 * bins, 1, win_length]."""
    bins = torch.arange(settings.n_fft // 2 + 1, dtype=torch.float64)
    samples = torch.arange(settings.win_length, dtype=torch.float64)
    phase = 2 * torch.pi * torch.outer(bins, samples) / settings.n_fft
    basis = torch.cat([torch.cos(phase), torch.sin(phase)]) * _window(settings).double()
    return basis.to(torch.get_default_dtype()).unsqueeze(1)


def _window(settings: LogMelSettings) -> Tensor:
    return torch.hann_window(settings.win_length, periodic=True)


def _mel_filters(settings: LogMelSettings) -> Tensor:
    """Return triangular filters [n_mels, bins]."""
    filters: Tensor = import_torchaudio().functional.melscale_fbanks(
        n_freqs=settings.n_fft // 2 + 1,
        f_min=settings.f_min,
        f_max=settings.f_max,
        n_mels=settings.n_mels,
        sample_rate=SAMPLE_RATE,
        norm=settings.norm,
        mel_scale="slaney",
    )
    return filters.T.contiguous()
