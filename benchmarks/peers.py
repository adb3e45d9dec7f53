"""Other programs that listen, on the same sound: python -m benchmarks.peers NAME FILE [MODELS].

They are given 16-bit samples in blocks, as from a microphone, and run on one thread. What they
answer is not judged: most know other words than digits.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from recognizer.audio import SAMPLE_RATE

POCKETSPHINX = "pocketsphinx"
Listen = Callable[[Iterator[bytes], Path], object]

_BLOCK_SAMPLES = 1_280
_UTTERANCE_BLOCKS = 125
"""PocketSphinx is given ten seconds at a time: it searches an utterance as a whole."""
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _pocketsphinx(blocks: Iterator[bytes], _models: Path) -> None:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=SAMPLE_RATE, lm=None, loglevel="FATAL")
    words = " | ".join(_DIGITS)
    decoder.add_jsgf_string("digits", f"#JSGF V1.0; grammar digits; public <digits> = ({words})+;")
    decoder.activate_search("digits")
    pending = list(blocks)
    for first in range(0, len(pending), _UTTERANCE_BLOCKS):
        decoder.start_utt()
        for block in pending[first : first + _UTTERANCE_BLOCKS]:
            decoder.process_raw(block, no_search=False, full_utt=False)
        decoder.end_utt()


def _pymicro_wakeword(blocks: Iterator[bytes], _models: Path) -> None:
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

    word, features = MicroWakeWord.from_builtin(Model.OKAY_NABU), MicroWakeWordFeatures()
    for block in blocks:
        for values in features.process_streaming(block):
            word.process_streaming(values)


def _pyopen_wakeword(blocks: Iterator[bytes], _models: Path) -> None:
    from pyopen_wakeword import Model, OpenWakeWord, OpenWakeWordFeatures

    word, features = OpenWakeWord.from_builtin(Model.OKAY_NABU), OpenWakeWordFeatures.from_builtin()
    for block in blocks:
        for values in features.process_streaming(block):
            list(word.process_streaming(values))


def _openwakeword(blocks: Iterator[bytes], models: Path) -> None:
    from openwakeword.model import Model

    shared = ("melspectrogram.onnx", "embedding_model.onnx")
    words = [str(path) for path in sorted(models.glob("*.onnx")) if path.name not in shared]
    model = Model(
        wakeword_models=words,
        inference_framework="onnx",
        melspec_model_path=str(models / shared[0]),
        embedding_model_path=str(models / shared[1]),
    )
    for block in blocks:
        model.predict(np.frombuffer(block, dtype=np.int16))


def _vosk(blocks: Iterator[bytes], models: Path) -> None:
    from vosk import KaldiRecognizer, Model, SetLogLevel

    SetLogLevel(-1)
    grammar = json.dumps([*_DIGITS, "[unk]"])
    recognizer = KaldiRecognizer(Model(str(models)), SAMPLE_RATE, grammar)
    for block in blocks:
        recognizer.AcceptWaveform(block)


def _sherpa_onnx(blocks: Iterator[bytes], models: Path) -> None:
    from sherpa_onnx import KeywordSpotter

    parts = ("encoder", "decoder", "joiner")
    files = {part: str(next(models.glob(f"{part}*.onnx"))) for part in parts}
    spotter = KeywordSpotter(
        tokens=str(models / "tokens.txt"),
        keywords_file=str(models / "keywords.txt"),
        num_threads=1,
        **files,
    )
    stream = spotter.create_stream()
    for block in blocks:
        stream.accept_waveform(SAMPLE_RATE, np.frombuffer(block, dtype=np.int16) / 32_768)
        while spotter.is_ready(stream):
            spotter.decode_stream(stream)


PEERS: dict[str, Listen] = {
    POCKETSPHINX: _pocketsphinx,
    "pymicro-wakeword": _pymicro_wakeword,
    "pyopen-wakeword": _pyopen_wakeword,
    "openwakeword": _openwakeword,
    "vosk": _vosk,
    "sherpa-onnx": _sherpa_onnx,
}
_NEED_MODELS = ("openwakeword", "vosk", "sherpa-onnx")


def why_missing(name: str, models: Path | None) -> str | None:
    """Return in words why a peer cannot be measured here; None if it can."""
    if find_spec(name.replace("-", "_")) is None:
        return "not installed"
    if name in _NEED_MODELS and (models is None or not (models / name).is_dir()):
        return "no models: --peer-models FOLDER names a folder that holds some"
    return None


def main() -> None:
    """Let a peer hear a recording of 16-bit samples at 16 kHz."""
    from benchmarks.sound import blocks
    from recognizer.sources.audio_file import AudioFile

    name, path, *models = sys.argv[1:]
    with AudioFile(path) as recording:
        sound = (
            piece
            for block in recording
            for piece in blocks(block.samples, len(block.samples) / SAMPLE_RATE)
        )
        PEERS[name](_regrouped(sound), Path(models[0]) / name if models else Path())


def _regrouped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield blocks of 80 ms, which suit all of them."""
    held = b""
    for piece in pieces:
        held += piece
        while len(held) >= 2 * _BLOCK_SAMPLES:
            yield held[: 2 * _BLOCK_SAMPLES]
            held = held[2 * _BLOCK_SAMPLES :]


if __name__ == "__main__":
    main()
