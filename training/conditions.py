"""What happens to speech on its way to a microphone, one thing at a time, for robustness tables.

Written apart from the augmentation of the training: a network must not be judged by the very
sounds it was trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from recognizer.audio import SAMPLE_RATE
from training.torchaudio_import import import_torchaudio

CLEAN = "clean"
TELEPHONE_RATE = 8_000
TELEPHONE_BAND = (300.0, 3400.0)
ECHO_SECONDS = 1.0
FULL_SCALE = 32_768


@dataclass(frozen=True)
class Surroundings:
    """What conditions draw on.

    Attributes:
        noise: float32 [n, SAMPLE_RATE], recorded noise that no training heard.
        seed: of what is random.

    """

    noise: Tensor
    seed: int = 0


Condition = Callable[[Tensor, Surroundings], Tensor]
"""Windows float32 [n, SAMPLE_RATE] as they are heard in the surroundings."""


def conditions() -> Mapping[str, Condition]:
    """Return all conditions by name, the undisturbed one first."""
    return {
        CLEAN: lambda windows, _: windows,
        **{f"noise at {snr} dB": _noise_at(snr) for snr in (20, 10, 5, 0)},
        "telephone band": lambda windows, _: through_telephone(windows),
        **{f"room, {seconds} s": _room_of(seconds) for seconds in (0.3, 0.8)},
        "quiet, -45 dBFS": lambda windows, _: at_level(windows, -45.0),
        "clipped by 12 dB": lambda windows, _: clipped(windows, 12.0),
        "speed 80 %": lambda windows, _: at_speed(windows, 0.8),
        "speed 125 %": lambda windows, _: at_speed(windows, 1.25),
    }


def in_noise(windows: Tensor, surroundings: Surroundings, snr: float) -> Tensor:
    """Add noise at a signal-to-noise ratio in dB, over the whole window."""
    noise = surroundings.noise[torch.arange(len(windows)) % len(surroundings.noise)]
    # A silent stretch of a recording would be no noise at any level.
    noise = noise + 1e-6 * torch.randn(noise.shape, generator=_generator(surroundings))
    ratio = torch.full((len(windows),), snr)
    noisy: Tensor = import_torchaudio().functional.add_noise(windows, noise, ratio)
    return noisy


def through_telephone(windows: Tensor) -> Tensor:
    """Limit the band to 300..3400 Hz and code with 8-bit mu-law (ITU-T G.711)."""
    audio = import_torchaudio().functional
    narrow = audio.resample(_band_pass(windows, *TELEPHONE_BAND), SAMPLE_RATE, TELEPHONE_RATE)
    decoded = audio.mu_law_decoding(audio.mu_law_encoding(narrow.clamp(-1, 1), 256), 256)
    wide: Tensor = audio.resample(decoded, TELEPHONE_RATE, SAMPLE_RATE)
    return wide


def in_room(windows: Tensor, surroundings: Surroundings, seconds: float) -> Tensor:
    """Add an echo as strong as the direct sound that decays by 60 dB in the given time."""
    time = torch.arange(int(ECHO_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    echo = torch.randn(len(time), generator=_generator(surroundings))
    echo = echo * torch.pow(10.0, -3.0 * time / seconds)
    response = echo / echo.norm()
    response[0] = 1.0
    heard: Tensor = import_torchaudio().functional.fftconvolve(windows, response.unsqueeze(0))
    return heard[:, : windows.shape[1]]


def at_level(windows: Tensor, dbfs: float) -> Tensor:
    """Scale to a level (root mean square, in dB of full scale) and round to 16 bits."""
    rms = windows.square().mean(dim=1, keepdim=True).sqrt().clamp(min=1e-6)
    scaled = windows / rms * 10 ** (dbfs / 20)
    return (scaled.clamp(-1, 1) * FULL_SCALE).round() / FULL_SCALE


def clipped(windows: Tensor, decibels: float) -> Tensor:
    """Cut off all that lies less than the given decibels below the peak."""
    limit = windows.abs().amax(dim=1, keepdim=True) * 10 ** (-decibels / 20)
    return torch.minimum(torch.maximum(windows, -limit), limit)


def at_speed(windows: Tensor, speed: float) -> Tensor:
    """Play faster or slower, pitch included; the middle stays in the middle of the window."""
    hundredths = round(speed * 100)
    resized: Tensor = import_torchaudio().functional.resample(windows, hundredths, 100)
    missing = windows.shape[1] - resized.shape[1]
    before = missing // 2
    return torch.nn.functional.pad(resized, (before, missing - before))


def _noise_at(snr: float) -> Condition:
    return lambda windows, surroundings: in_noise(windows, surroundings, snr)


def _room_of(seconds: float) -> Condition:
    return lambda windows, surroundings: in_room(windows, surroundings, seconds)


def _generator(surroundings: Surroundings) -> torch.Generator:
    return torch.Generator().manual_seed(surroundings.seed)


def _band_pass(windows: Tensor, lowest: float, highest: float) -> Tensor:
    spectrum = torch.fft.rfft(windows)
    frequency = torch.fft.rfftfreq(windows.shape[1], 1 / SAMPLE_RATE)
    inside = (frequency >= lowest) & (frequency <= highest)
    limited: Tensor = torch.fft.irfft(spectrum * inside, n=windows.shape[1])
    return limited
