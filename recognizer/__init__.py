"""Hears keywords in live audio with an ONNX model.

The public names are loaded when they are first used, so that importing the package is instant.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recognizer.audio import Block
    from recognizer.detection import Detection
    from recognizer.errors import (
        AudioError,
        DeviceError,
        DigitListenError,
        InputError,
        ModelError,
        ProviderError,
    )
    from recognizer.listener import Listener
    from recognizer.listener_pool import ListenerPool
    from recognizer.recognizer import Prediction, Recognizer
    from recognizer.snapshot import Snapshot
    from recognizer.sources.audio_file import AudioFile
    from recognizer.sources.capture_state import CaptureState, Condition
    from recognizer.sources.microphone import Microphone
    from recognizer.sources.steady_microphone import SteadyMicrophone

__all__ = [
    "AudioError",
    "AudioFile",
    "Block",
    "CaptureState",
    "Condition",
    "Detection",
    "DeviceError",
    "DigitListenError",
    "InputError",
    "Listener",
    "ListenerPool",
    "Microphone",
    "ModelError",
    "Prediction",
    "ProviderError",
    "Recognizer",
    "Snapshot",
    "SteadyMicrophone",
]

_HOMES = {
    "AudioError": "recognizer.errors",
    "AudioFile": "recognizer.sources.audio_file",
    "Block": "recognizer.audio",
    "CaptureState": "recognizer.sources.capture_state",
    "Condition": "recognizer.sources.capture_state",
    "Detection": "recognizer.detection",
    "DeviceError": "recognizer.errors",
    "DigitListenError": "recognizer.errors",
    "InputError": "recognizer.errors",
    "Listener": "recognizer.listener",
    "ListenerPool": "recognizer.listener_pool",
    "Microphone": "recognizer.sources.microphone",
    "ModelError": "recognizer.errors",
    "Prediction": "recognizer.recognizer",
    "ProviderError": "recognizer.errors",
    "Recognizer": "recognizer.recognizer",
    "Snapshot": "recognizer.snapshot",
    "SteadyMicrophone": "recognizer.sources.steady_microphone",
}

# Hidden from type checkers, which would otherwise let any misspelt name pass.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
