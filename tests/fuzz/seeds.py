"""Good input to each parser, for fuzzers to start from."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import soundfile
from onnx import GraphProto, ModelProto
from wyoming.audio import AudioChunk
from wyoming.event import write_event
from wyoming.wake import Detect

from recognizer.metadata import REQUIRED_KEYS
from tests.recognizer.conftest import METADATA, tone_model

WEIGHTS = "waves"
AUDIO_FORMATS = (
    ("WAV", "PCM_16"),
    ("WAV", "PCM_U8"),
    ("WAV", "PCM_24"),
    ("WAV", "FLOAT"),
    ("WAV", "DOUBLE"),
    ("WAV", "ULAW"),
    ("WAV", "IMA_ADPCM"),
    ("WAVEX", "PCM_16"),
    ("RF64", "PCM_16"),
    ("W64", "PCM_16"),
    ("AIFF", "PCM_16"),
    ("AU", "FLOAT"),
    ("CAF", "ALAC_16"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
)


def recording(file_format: str, subtype: str) -> bytes:
    """Return a fifth of a second of noise in two channels."""
    noise = np.random.default_rng(0).normal(0, 0.1, (3_200, 2))
    file = io.BytesIO()
    soundfile.write(file, noise, 16_000, subtype, format=file_format)
    return file.getvalue()


def model_without_weights() -> bytes:
    model = tone_model(frames=True, metadata={"frame_seconds": "1"})
    small = [tensor for tensor in model.graph.initializer if tensor.name != WEIGHTS]
    del model.graph.initializer[:]
    model.graph.initializer.extend(small)
    return model.SerializeToString()


@cache
def tone_weights() -> bytes:
    """Return what makes a whole model of one without weights when it is put behind."""
    (waves,) = (tensor for tensor in tone_model().graph.initializer if tensor.name == WEIGHTS)
    return ModelProto(graph=GraphProto(initializer=[waves])).SerializeToString()


def conversation() -> bytes:
    stream = io.BytesIO()
    write_event(Detect(names=["low"]).event(), stream)
    write_event(AudioChunk(16_000, 2, 1, bytes(64), timestamp=5).event(), stream)
    return stream.getvalue()


@cache
def seeds() -> dict[str, list[bytes]]:
    """Return good input by the name of its target."""
    return {
        "metadata": ["\n".join([*(METADATA[key] for key in REQUIRED_KEYS), "0.5"]).encode()],
        "model": [model_without_weights()],
        "audio": [recording(*kind) for kind in AUDIO_FORMATS],
        "raw": [bytes([2]) + bytes(range(64))],
        "samples": [bytes([kind, 1, 2]) + bytes(64) for kind in range(6)],
        "flags": [b"16000", b"0.5", b"off", b"tcp://:10400", b"unix:///run/a"],
        "wyoming": [b"\x40" + conversation()],
    }
