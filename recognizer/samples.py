"""Sound in whatever form a program has it becomes what the models take."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recognizer.audio import HIGHEST_RATE, LOWEST_RATE, SAMPLE_RATE, Samples
from recognizer.errors import AudioError

MAX_CHANNELS = 64
MAX_AMPLITUDE = 32.0
"""Float samples beyond this (30 dB over full scale) are integers that nobody scaled to -1..1."""

_INTEGERS = ("uint8", "int16", "int32")


def to_mono(samples: ArrayLike, sample_rate: float = SAMPLE_RATE) -> Samples:
    """Return sound of any common form as mono float32 at 16 kHz.

    Args:
        samples: [n] or [n, channels]; float16, float32 or float64 nominally in -1..1, or uint8,
            int16 or int32 at full scale. Channels are averaged.
        sample_rate: samples a second of the input, 1,000 to 384,000.

    Returns:
        float32 [m], 16 kHz, at least one sample.

    Raises:
        AudioError: no samples, NaN or infinite samples, floats that are not in the range of -1..1,
            another element type or shape, or a sample rate out of range.

    """
    array = _array(samples)
    _check_rate(sample_rate)
    _check_shape(array)
    mono = _scaled(array).reshape(len(array), -1).mean(axis=1, dtype=np.float32)
    resampled = _resampled(mono, sample_rate)
    if len(resampled) == 0:
        raise AudioError(
            f"{len(array)} samples at {sample_rate:g} Hz are less than one at {SAMPLE_RATE} Hz; "
            "expected a recording of at least a part of a second"
        )
    return resampled


def fit_to_length(samples: Samples, length: int) -> Samples:
    """Return exactly ``length`` samples.

    Shorter input is centred in silence; of longer input the stretch with the most energy is taken,
    the first of them where several have the same.
    """
    loudest = loudest_stretch([samples], length)
    missing = length - len(loudest)
    return np.pad(loudest, (missing // 2, missing - missing // 2))


def loudest_stretch(blocks: Iterable[Samples], length: int) -> Samples:
    """Return the ``length`` consecutive samples with the most energy, or all where they are fewer.

    Holds no more than the blocks' longest and two stretches, however long the sound is.
    """
    recent = best = np.zeros(0, np.float32)
    for block in blocks:
        recent = np.concatenate([recent, block])
        candidate = _loudest(recent, length)
        if len(best) < length or _energy(candidate) > _energy(best):
            best = candidate
        recent = recent[max(0, len(recent) - length + 1) :]
    return best


def _loudest(samples: Samples, length: int) -> Samples:
    if len(samples) <= length:
        return samples
    sums = np.cumsum(np.square(samples, dtype=np.float64))
    energies = sums[length - 1 :] - np.concatenate([[0.0], sums[:-length]])
    start = int(np.argmax(energies))
    return samples[start : start + length].copy()


def _energy(samples: Samples) -> float:
    return float(np.square(samples, dtype=np.float64).sum())


def _array(samples: ArrayLike) -> NDArray[np.generic]:
    try:
        return np.asarray(samples)
    except ValueError:
        raise AudioError(
            "samples in lists of different lengths; expected [samples] or [samples, channels]"
        ) from None


def _check_rate(sample_rate: float) -> None:
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise AudioError(
            f"sample rate {sample_rate:g} Hz; expected {LOWEST_RATE} to {HIGHEST_RATE} Hz"
        )


def _check_shape(array: NDArray[np.generic]) -> None:
    if array.ndim not in (1, 2) or (array.ndim == 2 and not 1 <= array.shape[1] <= MAX_CHANNELS):
        raise AudioError(
            f"samples of shape {list(array.shape)}; expected [samples] or [samples, channels] "
            f"with 1 to {MAX_CHANNELS} channels"
        )
    if len(array) == 0:
        raise AudioError("no samples; expected at least one")


def _scaled(array: NDArray[np.generic]) -> Samples:
    if array.dtype.name in _INTEGERS:
        return _from_integers(array)
    if array.dtype.kind != "f":
        raise AudioError(
            f"samples of type {array.dtype}; expected floats in -1..1, or {', '.join(_INTEGERS)}"
        )
    _check_values(array)
    return array.astype(np.float32)


def _from_integers(array: NDArray[np.generic]) -> Samples:
    offset = 128 if array.dtype.kind == "u" else 0
    full_scale = 2.0 ** (8 * array.dtype.itemsize - 1)
    return ((array.astype(np.float64) - offset) / full_scale).astype(np.float32)


def _check_values(array: NDArray[np.generic]) -> None:
    peak = float(np.abs(array).max())
    if not np.isfinite(peak):
        raise AudioError("samples that are NaN or infinite; expected numbers in -1..1")
    if peak > MAX_AMPLITUDE:
        raise AudioError(
            f"float samples up to {peak:g}; expected -1..1: "
            "divide 16-bit values by 32768, or give them as int16"
        )


def _resampled(mono: Samples, sample_rate: float) -> Samples:
    if sample_rate == SAMPLE_RATE:
        return mono
    # Imported here because most sound comes at 16 kHz and the import costs time.
    import soxr

    return np.asarray(soxr.resample(mono, sample_rate, SAMPLE_RATE), np.float32)
