"""Opens one microphone over and over, wherever the system puts it."""

from __future__ import annotations

from recognizer.sources.input_devices import (
    InputDevice,
    choose_again,
    choose_device,
    input_devices,
)
from recognizer.sources.microphone import Microphone
from recognizer.sources.portaudio import list_devices_anew
from recognizer.sources.stream_clock import StreamClock

FIRST_SOUND_SECONDS = 3.0
"""A sound server that has just started may take two until the first sound."""


class MicrophoneOpener:
    """Opens a microphone, and after a failure again; every method may hang as PortAudio does.

    Args:
        wanted: index, name or part of a name; None takes the default input. What is found first
            is looked for by its name from then on.
        stall_seconds: how long the device may deliver nothing before it counts as failed.
        stream_clock: tells the stream time of what arrives.

    """

    def __init__(self, wanted: str | None, stall_seconds: float, stream_clock: StreamClock) -> None:
        self._wanted = wanted
        self._stall_seconds = stall_seconds
        self._stream_clock = stream_clock
        self._knows_devices = False
        self._last: InputDevice | None = None
        self._microphone: Microphone | None = None
        self._is_new = False

    def open(self) -> Microphone:
        """Open the microphone, which does not record yet.

        Raises:
            DeviceError: PortAudio or the microphone is missing, or it cannot be opened.

        """
        self.close()
        if self._knows_devices:
            list_devices_anew()
        devices = input_devices()
        self._knows_devices = True
        self._last = self._choose(devices)
        self._microphone = Microphone(
            self._last, stall_seconds=self._stall_seconds, stream_clock=self._stream_clock
        )
        self._is_new = True
        return self._microphone

    def record(self) -> Microphone:
        """Return the microphone as soon as its first sound is there; opens it if need be.

        Raises:
            DeviceError: as ``open``, or it does not start or delivers nothing.

        """
        microphone = self._microphone
        if microphone is None or not self._is_new:
            microphone = self.open()
        self._is_new = False
        microphone.start()
        microphone.wait_for_sound(FIRST_SOUND_SECONDS)
        return microphone

    def close(self) -> None:
        """Close the microphone if it is open."""
        if self._microphone:
            self._microphone.close_and_wait()
        self._microphone = None

    def _choose(self, devices: list[InputDevice]) -> InputDevice:
        if self._last is None:
            return choose_device(devices, self._wanted)
        return choose_again(devices, self._wanted, self._last)
