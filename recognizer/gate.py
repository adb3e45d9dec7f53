"""Voice activity: marks the stretches of a stream in which somebody may be speaking."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recognizer.audio import SAMPLE_RATE, Block, Samples

FRAME_SAMPLES = 480
FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE


@dataclass(frozen=True)
class GatedBlock:
    """A block of the stream and whether the gate let it through.

    Attributes:
        block: the samples; a closed gate still hands them on, as history for later windows.
        is_open: whether this block may hold speech, or lies close to some.

    """

    block: Block
    is_open: bool


class Gate(Protocol):
    """What decides about blocks; every sample that goes in comes out once, in order."""

    def process(self, block: Block) -> Iterator[GatedBlock]:
        """Take the next block of the stream and yield what is decided so far."""
        ...

    def finish(self) -> Iterator[GatedBlock]:
        """Yield what is still held back at the end of the stream."""
        ...


class OpenGate:
    """Hears everything."""

    def process(self, block: Block) -> Iterator[GatedBlock]:
        """Yield the block itself."""
        yield GatedBlock(block, is_open=True)

    def finish(self) -> Iterator[GatedBlock]:
        """Yield nothing: nothing is held back."""
        yield from ()


class VoiceGate:
    """Opens while webrtcvad hears a voice, in frames of 30 ms counted from the first sample.

    Args:
        aggressiveness: 0 (lets most through) to 3 (lets only clear speech through).
        hangover: how long the gate stays open after the last frame with voice, in seconds.
        pre_roll: how much before the first frame with voice is let through too, in seconds;
            in noise 10 dB below a very quiet "five" the first is found 0.26 s after its start.

    """

    def __init__(
        self, aggressiveness: int, *, hangover: float = 0.8, pre_roll: float = 0.3
    ) -> None:
        import webrtcvad

        self._vad = webrtcvad.Vad(aggressiveness)
        self._hangover_frames = round(hangover / FRAME_SECONDS)
        self._pre_roll_frames = round(pre_roll / FRAME_SECONDS)
        self._open_frames_left = 0
        self._held: deque[Block] = deque()
        self._rest = np.zeros(0, dtype=np.float32)
        self._origin: float | None = None
        self._framed = 0

    def process(self, block: Block) -> Iterator[GatedBlock]:
        """Yield frames as they are decided; closed ones are held back for the pre-roll."""
        if self._origin is None:
            self._origin = block.start
        samples = np.concatenate([self._rest, block.samples])
        whole = len(samples) // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = samples[whole:]
        if whole:
            yield from self._decide_all(samples[:whole])

    def finish(self) -> Iterator[GatedBlock]:
        """Yield held frames and the last part of a frame, which no voice was looked for in."""
        rest = self._timed(self._rest)
        self._rest = self._rest[:0]
        if len(rest.samples):
            yield from self._decide(rest, has_voice=False)
        yield from self._release(is_open=False)

    def _timed(self, samples: Samples) -> Block:
        start = (self._origin or 0.0) + self._framed / SAMPLE_RATE
        self._framed += len(samples)
        return Block(samples, start)

    def _decide_all(self, samples: Samples) -> Iterator[GatedBlock]:
        pcm = _to_pcm(samples)
        for first in range(0, len(samples), FRAME_SAMPLES):
            behind = first + FRAME_SAMPLES
            has_voice = self._vad.is_speech(pcm[2 * first : 2 * behind], SAMPLE_RATE)
            yield from self._decide(self._timed(samples[first:behind]), has_voice)

    def _decide(self, frame: Block, has_voice: bool) -> Iterator[GatedBlock]:
        if has_voice:
            yield from self._release(is_open=True)
            self._open_frames_left = self._hangover_frames + 1
        if self._open_frames_left:
            self._open_frames_left -= 1
            yield GatedBlock(frame, is_open=True)
        else:
            self._held.append(frame)
            if len(self._held) > self._pre_roll_frames:
                yield GatedBlock(self._held.popleft(), is_open=False)

    def _release(self, is_open: bool) -> Iterator[GatedBlock]:
        while self._held:
            yield GatedBlock(self._held.popleft(), is_open)


def _to_pcm(samples: Samples) -> bytes:
    """Return 16-bit samples, two bytes each; all of a block at once costs a fraction."""
    # Twice as fast as np.clip.
    limited = np.minimum(np.maximum(samples, -1.0), 1.0)
    limited *= 32_767
    return limited.astype("<i2").tobytes()


def make_gate(vad: int | None) -> Gate:
    """Return the gate for a webrtcvad aggressiveness 0..3, or one that hears all for None."""
    return OpenGate() if vad is None else VoiceGate(vad)
