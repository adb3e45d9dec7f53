"""Captures of one device become blocks in stream time."""

from __future__ import annotations

from collections.abc import Iterator

from recognizer.audio import Block
from recognizer.sources.capture_queue import Capture
from recognizer.sources.conversion import Converter
from recognizer.sources.stream_clock import StreamClock


class CapturedSound:
    """Converts captures to mono float32 blocks at 16 kHz.

    Where sound was lost the conversion begins anew, so that no sample is made of both sides, and
    the next block starts later than the last one ended.

    Args:
        sample_rate: of the device, 1000 to 384000 Hz.
        name: what error messages call the device.
        stream_clock: tells where captures lie in stream time.

    Raises:
        InputError: the sample rate is out of range.

    """

    def __init__(self, sample_rate: int, name: str, stream_clock: StreamClock) -> None:
        self._rate = sample_rate
        self._name = name
        self._stream_clock = stream_clock
        self._converter = Converter(sample_rate, name)

    def convert(self, capture: Capture) -> Iterator[Block]:
        """Yield what the next capture adds to the stream.

        Raises:
            AudioError: a sample is NaN or infinite; the sound before it is yielded first.

        """
        follows_loss = self._stream_clock.follows_loss(capture, self._rate)
        start = self._stream_clock.place(capture, self._rate)
        if follows_loss:
            yield from self.finish()
            self._converter = Converter(self._rate, self._name, start)
        yield from self._converter.convert(capture.frames)

    def finish(self) -> Iterator[Block]:
        """Yield the last samples that the conversion still holds."""
        yield from self._converter.finish()
