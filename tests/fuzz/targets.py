"""What must hold for any bytes, parser by parser: a result, or one line that says what is wrong."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from recognizer.commands.flags import checked
from recognizer.configuration.settings import all_settings
from recognizer.errors import InputError
from recognizer.metadata import REQUIRED_KEYS, parse_metadata
from recognizer.model_file import load_model
from recognizer.samples import to_mono
from recognizer.sources.audio_file import AudioFile
from recognizer.sources.raw_stream import RawStream
from recognizer.wyoming.address import parse_address
from recognizer.wyoming.limits import Limits
from recognizer.wyoming.messages import audio_format, timestamp, wanted_names
from recognizer.wyoming.reader import read_event
from tests.fuzz.seeds import tone_weights

RATES = (1_000, 8_000, 16_000, 44_100, 384_000)
KINDS = ("<f2", "<f4", "<f8", "u1", "<i2", "<i4", ">i2", "<i8", "?", "<c8", "<U1", "<M8[s]")


@contextmanager
def refusal_allowed():
    """Let what is wrong be said, in one line."""
    try:
        yield
    except InputError as error:
        message = str(error)
        assert message, "an empty message"
        assert "\n" not in message, message
        assert len(message) < 2_000, message


def metadata(data: bytes) -> None:
    """The properties of a model file, one a line."""
    texts = data.decode(errors="surrogateescape").split("\n")
    with refusal_allowed():
        found = parse_metadata(dict(zip((*REQUIRED_KEYS, "frame_seconds"), texts, strict=False)))
        assert found.keywords
        assert all(0 <= found.thresholds[word] <= 1 for word in found.keywords)


def model(data: bytes) -> None:
    """A model without its weights, which would leave a fuzzer little else to change."""
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        file.write(data + tone_weights())
        file.flush()
        with refusal_allowed():
            assert load_model(Path(file.name)).metadata.keywords


def audio(data: bytes) -> None:
    """A recording, whatever its name says it is."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(data)
        file.flush()
        with refusal_allowed(), AudioFile(Path(file.name)) as recording:
            check_blocks(recording)


def raw(data: bytes) -> None:
    """A pipe of raw samples; the first byte chooses its rate and the pieces it comes in."""
    choice, sound = (data[0], data[1:]) if data else (0, b"")
    with refusal_allowed():
        check_blocks(RawStream(Pieces(sound, choice // 8 + 1), RATES[choice % len(RATES)]))


def check_blocks(blocks) -> None:
    end, most = 0.0, 100_000
    for block in blocks:
        assert block.samples.dtype == np.float32
        assert block.samples.ndim == 1
        assert np.isfinite(block.samples).all()
        assert abs(block.start - end) < 1e-3
        end, most = block.end, most - 1
        # Some formats pack hours of silence into a few bytes.
        if most == 0:
            break


class Pieces(io.BytesIO):
    """Hands over this many bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(min(self._size, size))


def samples(data: bytes) -> None:
    """An array; the first bytes choose its elements, its channels and its rate."""
    kind, columns, rate = (*data[:3], 0, 0, 0)[:3]
    dtype = np.dtype(KINDS[kind % len(KINDS)])
    body = data[3:]
    array = np.frombuffer(body[: len(body) // dtype.itemsize * dtype.itemsize], dtype)
    channels = columns % 4
    if channels > 1:
        array = array[: len(array) // channels * channels].reshape(-1, channels)
    with refusal_allowed():
        mono = to_mono(array, RATES[rate % len(RATES)])
        assert mono.dtype == np.float32
        assert mono.ndim == 1
        assert len(mono) > 0
        assert np.isfinite(mono).all()


def flags(data: bytes) -> None:
    text = data.decode(errors="surrogateescape")
    settings = [checked(setting.flag, setting.kind) for setting in all_settings()]
    parsers: list[Callable[[str], object]] = [*settings, parse_address]
    for parse in parsers:
        with refusal_allowed():
            parse(text)


def wyoming(data: bytes) -> None:
    """What a client sends; the first byte chooses the pieces it comes in."""
    asyncio.run(_read_events(data[1:], data[0] + 1 if data else 1))


async def _read_events(data: bytes, size: int) -> None:
    limits = Limits(header_bytes=4_096, data_bytes=4_096, payload_bytes=4_096)
    reader = asyncio.StreamReader(limit=limits.header_bytes)
    for first in range(0, len(data), size):
        reader.feed_data(data[first : first + size])
    reader.feed_eof()
    with refusal_allowed():
        while (event := await read_event(reader, limits)) is not None:
            for check in (audio_format, timestamp, wanted_names):
                with refusal_allowed():
                    check(event)


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (metadata, model, audio, raw, samples, flags, wyoming)
}
