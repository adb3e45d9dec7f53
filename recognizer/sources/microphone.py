"""A microphone as a source, through PortAudio at the device's own sample rate and channels."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recognizer.audio import Block
from recognizer.closing import Closing
from recognizer.errors import DeviceError
from recognizer.sources.capture_queue import CaptureQueue
from recognizer.sources.conversion import Converter

if TYPE_CHECKING:
    import sounddevice

BLOCK_SECONDS = 0.02
QUEUE_BLOCKS = 500
STALL_SECONDS = 3.0
CLOSE_SECONDS = 1.0
# A device with more channels is a sound server's: it mixes to mono better than an average does.
MOST_CHANNELS = 8


class NoMicrophoneError(DeviceError):
    """The machine has no audio input at all."""


@dataclass(frozen=True)
class InputDevice:
    """An audio input as PortAudio lists it.

    Attributes:
        index: PortAudio's number of the device; it can change when devices come and go.
        name: as the system gives it.
        sample_rate: the device's own, in Hz.
        channels: to open the device with.
        is_default: whether it is taken when none is asked for.

    """

    index: int
    name: str
    sample_rate: int
    channels: int
    is_default: bool


def input_devices() -> list[InputDevice]:
    """Return all audio inputs.

    Raises:
        DeviceError: PortAudio is missing or does not start.

    """
    sounddevice = _sounddevice()
    default = sounddevice.default.device[0]
    return [
        InputDevice(
            index=device["index"],
            name=device["name"],
            sample_rate=round(device["default_samplerate"]),
            channels=_channels(device["max_input_channels"]),
            is_default=device["index"] == default,
        )
        for device in sounddevice.query_devices()
        if device["max_input_channels"] > 0
    ]


def choose_device(devices: list[InputDevice], wanted: str | None) -> InputDevice:
    """Return the input that ``wanted`` means: an index, a name or a part of one, in any case.

    Without ``wanted`` it is the default input. If several names match, the one that is equal
    wins, else the first.

    Raises:
        NoMicrophoneError: there are no inputs.
        DeviceError: none matches; the message lists the inputs there are.

    """
    if not devices:
        raise NoMicrophoneError(
            "no microphone found, expected an audio input device; plug one in or check that the "
            "sound server runs"
        )
    if wanted is None:
        return next((device for device in devices if device.is_default), devices[0])
    if matches := _matches(devices, wanted):
        return matches[0]
    names = ", ".join(f"{device.index} {device.name!r}" for device in devices)
    raise DeviceError(f"no input device matches {wanted!r}, expected part of one of: {names}")


class Microphone(Closing):
    """Yields the sound of an audio input as mono float32 blocks at 16 kHz, until it fails.

    The device opens here and records from the first block that is asked for; stream time counts
    the samples that were delivered.

    Args:
        device: index, name or part of a name; None takes the default input.
        stall_seconds: how long the device may deliver nothing before it counts as failed.

    Attributes:
        device: the input in use.

    Raises:
        NoMicrophoneError: there are no inputs.
        DeviceError: PortAudio is missing, no input matches, or the input cannot be opened.

    """

    def __init__(self, device: str | None = None, *, stall_seconds: float = STALL_SECONDS) -> None:
        self.device = choose_device(input_devices(), device)
        self._stall_seconds = stall_seconds
        self._queue = CaptureQueue(self.device.name, QUEUE_BLOCKS)
        self._stream = self._open()

    def __iter__(self) -> Iterator[Block]:
        """Yield blocks as they are recorded.

        Raises:
            DeviceError: the device went away or delivers nothing any more; all that it delivered
                before is yielded first.

        """
        converter = Converter(self.device.sample_rate, self.device.name)
        with self:
            self._start()
            try:
                for frames in self._frames():
                    yield from converter.convert(frames)
            except DeviceError:
                yield from converter.finish()
                raise

    def close(self) -> None:
        """Stop recording and close the device, a hanging one after a second at most.

        Closing twice does no harm.
        """
        closing = Thread(target=self._stream.close, daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)
        if closing.is_alive():
            # The sound server hangs, and PortAudio would wait for it once more at exit.
            atexit.unregister(_sounddevice()._exit_handler)

    def _open(self) -> sounddevice.InputStream:
        portaudio = _sounddevice()
        try:
            return portaudio.InputStream(
                device=self.device.index,
                samplerate=self.device.sample_rate,
                channels=self.device.channels,
                blocksize=round(BLOCK_SECONDS * self.device.sample_rate),
                dtype="float32",
                callback=self._receive,
                finished_callback=self._queue.end,
            )
        except portaudio.PortAudioError as error:
            raise self._failure(f"cannot be opened ({_reason(error)})") from None

    def _start(self) -> None:
        try:
            self._stream.start()
        except _sounddevice().PortAudioError as error:
            raise self._failure(f"cannot be started ({_reason(error)})") from None

    def _receive(
        self,
        frames: NDArray[np.float32],
        _count: int,
        _time: object,
        status: sounddevice.CallbackFlags,
    ) -> None:
        self._queue.put(frames, overflowed=status.input_overflow)

    def _frames(self) -> Iterator[NDArray[np.float32]]:
        try:
            yield from self._queue.frames(self._stall_seconds)
        except TimeoutError:
            raise self._failure(f"delivered no sound for {self._stall_seconds:g} s") from None
        raise self._failure("went away")

    def _failure(self, what: str) -> DeviceError:
        return DeviceError(
            f"{self.device.name}: the input device {what}, expected a microphone that records at "
            f"{self.device.sample_rate} Hz; check that it is plugged in and free"
        )


def _matches(devices: list[InputDevice], wanted: str) -> list[InputDevice]:
    """Return the devices that ``wanted`` may mean, the best first."""
    text = wanted.casefold()
    if by_index := [device for device in devices if str(device.index) == text]:
        return by_index
    matches = [device for device in devices if text in device.name.casefold()]
    return sorted(matches, key=lambda device: device.name.casefold() != text)


def _channels(offered: int) -> int:
    return offered if offered <= MOST_CHANNELS else 1


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0]


def _sounddevice() -> ModuleType:
    try:
        import sounddevice
    except ImportError:
        raise DeviceError(
            "the Python package sounddevice is missing, a microphone needs it; "
            "pip install sounddevice"
        ) from None
    except OSError:
        raise DeviceError(
            "the PortAudio library is missing, a microphone needs it; apt install libportaudio2"
        ) from None
    module: ModuleType = sounddevice
    return module
