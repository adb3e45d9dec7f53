import io
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.errors import AudioError, InputError
from recognizer.sources.raw_stream import RawStream


class Pieces:
    """A pipe in which data arrives in pieces of given sizes."""

    def __init__(self, data, sizes):
        self._data, self._sizes = data, list(sizes)

    def read1(self, size=-1, /):
        count = min(self._sizes.pop(0) if self._sizes else size, size)
        piece, self._data = self._data[:count], self._data[count:]
        return piece


def test_16_bit_samples_become_floats_in_range():
    data = np.array([0, 16_384, -32_768, 32_767], dtype="<i2").tobytes()
    (block,) = RawStream(io.BytesIO(data))
    assert block.samples.dtype == np.float32
    np.testing.assert_allclose(block.samples, [0, 0.5, -1, 32_767 / 32_768])


def test_another_rate_is_converted():
    data = np.zeros(22_050, dtype="<i2").tobytes()
    assert sum(len(b.samples) for b in RawStream(io.BytesIO(data), 44_100)) == 8_000


@given(st.lists(st.integers(1, 9), max_size=40))
def test_bytes_may_arrive_in_any_pieces(sizes):
    values = np.arange(-50, 50, dtype="<i2")
    blocks = RawStream(Pieces(values.tobytes(), sizes))
    samples = np.concatenate([block.samples for block in blocks])
    np.testing.assert_array_equal(samples * 32_768, values)


def test_half_a_sample_at_the_end_is_left_out_with_a_warning(caplog):
    (block,) = RawStream(io.BytesIO(b"\0\0\0"))
    assert len(block.samples) == 1
    assert "middle of a sample" in caplog.text


def test_what_has_arrived_is_heard_while_the_pipe_stays_open():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream, os.fdopen(writing, "wb", buffering=0) as pipe:
        blocks = iter(RawStream(stream))
        for count in (3, 100):
            pipe.write(bytes(2 * count))
            assert len(next(blocks).samples) == count


def test_an_empty_stream_is_an_error():
    with pytest.raises(AudioError, match="held no samples"):
        list(RawStream(io.BytesIO(b"")))


def test_a_wav_file_is_not_heard_as_noise():
    with pytest.raises(AudioError, match="found a WAV file"):
        list(RawStream(io.BytesIO(b"RIFF" + bytes(100))))


def test_a_wav_file_is_told_however_slowly_it_comes():
    with pytest.raises(AudioError, match="found a WAV file"):
        list(RawStream(Pieces(b"RIFF" + bytes(100), [1] * 50)))


@pytest.mark.parametrize("rate", [999, 384_001])
def test_a_rate_out_of_range_is_refused(rate):
    with pytest.raises(InputError, match="expected 1000 to 384000 Hz"):
        RawStream(io.BytesIO(b""), rate)
