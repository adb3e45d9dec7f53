"""A recording as a source: whatever libsndfile reads, in blocks, at any rate and channel count."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import Block
from recognizer.closing import Closing
from recognizer.errors import AudioError
from recognizer.sources.conversion import Converter

if TYPE_CHECKING:
    import soundfile

BLOCK_SECONDS = 0.1
_BLOCKS_AT_ONCE = 5
"""So many are read from the file together: each reading costs more than the samples do."""
# Programs that write WAV into a pipe cannot know the length and put such a number there.
UNKNOWN_LENGTH = 0x7FFF_0000


class AudioFile(Closing):
    """Yields the sound of one recording as mono float32 blocks at 16 kHz, once.

    Args:
        path: WAV, FLAC, Ogg, MP3, AIFF or anything else that libsndfile reads.

    Attributes:
        path: the recording.
        sample_rate: of the recording, in Hz.
        channels: of the recording; they are averaged.
        duration: in seconds, as the file's header tells it.

    Raises:
        AudioError: the file is missing, a directory, unreadable, no audio, or holds no samples.
        InputError: its sample rate is outside 1000 to 384000 Hz.

    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._file = _open(self.path)
        self.sample_rate: int = self._file.samplerate
        self.channels: int = self._file.channels
        self.duration: float = self._file.frames / self.sample_rate
        self._converter = Converter(self.sample_rate, str(path))
        self._read = 0
        self._damage = ""
        if self._file.frames == 0:
            self.close()
            raise AudioError(f"{path}: holds no samples, expected a recording with sound")

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks.

        Raises:
            AudioError: the file is cut short or damaged, or holds NaN or infinite samples. All
                the sound before that place is yielded first.

        """
        with self:
            for frames in self._frames():
                yield from self._converter.convert(frames)
            yield from self._converter.finish()
            self._check_complete()

    def close(self) -> None:
        """Close the file; closing twice does no harm."""
        self._file.close()

    def _frames(self) -> Iterator[NDArray[np.float32]]:
        count = max(1, round(BLOCK_SECONDS * self.sample_rate))
        while len(frames := self._next_frames(count)):
            for first in range(0, len(frames), count):
                block = frames[first : first + count]
                self._read += len(block)
                yield block

    def _next_frames(self, count: int) -> NDArray[np.float32]:
        """Return the next frames, several blocks of ``count``; none at the end or at damage."""
        import soundfile

        try:
            return self._read_frames(_BLOCKS_AT_ONCE * count)
        except soundfile.LibsndfileError:
            pass
        try:
            # What is whole before the damage is heard, too.
            self._file.seek(self._read)
            return self._read_frames(max(1, count // 10))
        except soundfile.LibsndfileError as error:
            self._damage = error.error_string
            return np.zeros((0, self.channels), dtype=np.float32)

    def _read_frames(self, count: int) -> NDArray[np.float32]:
        frames: NDArray[np.float32] = self._file.read(count, dtype="float32", always_2d=True)
        return frames

    def _check_complete(self) -> None:
        # An MP3 without a length in its header has only an estimated number of frames.
        short = self._file.format != "MP3" and self._read < self._file.frames
        if short or self._damage or _promised_more(self._file.extra_info):
            raise AudioError(
                f"{self.path}: the file is cut short or damaged after "
                f"{self._read / self.sample_rate:.2f} s, expected more sound; "
                "what is there was heard"
            )


def _open(path: Path) -> soundfile.SoundFile:
    import soundfile

    try:
        path.open("rb").close()
    except FileNotFoundError:
        raise AudioError(f"{path}: no such file, expected a recording") from None
    except IsADirectoryError:
        raise AudioError(f"{path}: is a directory, expected a recording") from None
    except OSError as error:
        raise AudioError(f"{path}: cannot be read: {error.strerror}") from None
    if path.suffix.lower() == ".raw":
        raise AudioError(
            f"{path}: raw samples tell no rate, expected WAV, FLAC, Ogg or MP3; "
            "digit-listen --input - hears 16-bit mono from a pipe"
        )
    try:
        # A file name may hold bytes that are no text in this locale.
        return soundfile.SoundFile(os.fsencode(path) if os.name == "posix" else path)
    except soundfile.LibsndfileError as error:
        reason = error.error_string.rstrip(".")
        raise AudioError(
            f"{path}: is no audio that can be read ({reason}), expected WAV, FLAC, Ogg or MP3"
        ) from None


def _promised_more(log: str) -> bool:
    """Tell from libsndfile's log whether the header promises more bytes than the file has."""
    sizes = re.findall(r"(\d+) \(should be (\d+)\)", log)
    return any(int(there) < int(promised) < UNKNOWN_LENGTH for promised, there in sizes)
