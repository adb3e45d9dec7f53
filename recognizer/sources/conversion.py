"""Any stream of frames becomes mono float32 blocks at 16 kHz."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import HIGHEST_RATE, LOWEST_RATE, SAMPLE_RATE, Block, Samples
from recognizer.errors import AudioError, InputError
from recognizer.samples import MAX_AMPLITUDE


def check_sample_rate(sample_rate: int, name: str) -> None:
    """Raise InputError unless ``sample_rate`` (Hz) is one that can be converted to 16 kHz."""
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise InputError(
            f"{name}: a sample rate of {sample_rate} Hz cannot be used, "
            f"expected {LOWEST_RATE} to {HIGHEST_RATE} Hz"
        )


class Converter:
    """Converts one stream, piece by piece; the pieces' sizes do not change what comes out.

    Args:
        sample_rate: of the frames that come in, 1000 to 384000 Hz.
        name: what error messages call the stream.
        origin: stream time of the first frame, in seconds.

    Raises:
        InputError: the sample rate is out of range.

    """

    def __init__(self, sample_rate: int, name: str, origin: float = 0.0) -> None:
        check_sample_rate(sample_rate, name)
        self._rate = sample_rate
        self._name = name
        self._origin = origin
        self._resampler = _resampler(sample_rate)
        self._received = 0
        self._delivered = 0

    def convert(self, frames: NDArray[np.float32]) -> Iterator[Block]:
        """Yield what ``frames``, float32 [n, channels], add to the stream.

        Raises:
            AudioError: a sample is NaN, infinite or far from -1..1; the sound before it is
                yielded first.

        """
        mono = _mono(frames)
        good = _sound_length(mono)
        self._received += good
        yield from self._deliver(self._resampler.resample_chunk(mono[:good]))
        if good < len(mono):
            yield from self.finish()
            raise self._no_sound(mono[good])

    def _no_sound(self, sample: np.float32) -> AudioError:
        is_loud = np.isfinite(sample)
        found = f"{sample:g}" if is_loud else "NaN or infinite"
        expected = "-1..1, as 16-bit values divided by 32768 are" if is_loud else "-1..1"
        return AudioError(
            f"{self._name}: the sample at {self._received / self._rate:.3f} s is {found}, "
            f"expected {expected}; the sound before it was heard"
        )

    def finish(self) -> Iterator[Block]:
        """Yield the last samples that the resampler still holds."""
        rest = self._resampler.resample_chunk(np.zeros(0, dtype=np.float32), last=True)
        yield from self._deliver(rest)

    def _deliver(self, samples: Samples) -> Iterator[Block]:
        if len(samples):
            yield Block(samples, self._origin + self._delivered / SAMPLE_RATE)
            self._delivered += len(samples)


class _Resampler(Protocol):
    def resample_chunk(self, x: Samples, last: bool = False) -> Samples: ...


class _Unchanged:
    def resample_chunk(self, x: Samples, last: bool = False) -> Samples:  # noqa: ARG002
        return x


def _resampler(sample_rate: int) -> _Resampler:
    if sample_rate == SAMPLE_RATE:
        return _Unchanged()
    import soxr

    stream: _Resampler = soxr.ResampleStream(sample_rate, SAMPLE_RATE, 1)
    return stream


def _mono(frames: NDArray[np.float32]) -> Samples:
    """Return the mean of the channels; one alone costs no sums."""
    if frames.shape[1] == 1:
        return frames[:, 0].copy()
    # Sums that overflow are infinite and told of by whoever checks them.
    with np.errstate(over="ignore", invalid="ignore"):
        mean: Samples = frames.mean(axis=1, dtype=np.float32)
    return mean


def _sound_length(samples: Samples) -> int:
    """Return how many samples stand before the first that cannot be sound; NaN cannot."""
    fits = np.abs(samples) <= MAX_AMPLITUDE
    return len(samples) if fits.all() else int(fits.argmin())
