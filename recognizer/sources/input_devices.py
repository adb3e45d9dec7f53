"""The audio inputs of this machine: what there is, and which of them is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from recognizer.errors import DeviceError
from recognizer.sources.portaudio import first_line, portaudio

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
    sounddevice = portaudio()
    try:
        default = sounddevice.default.device[0]
        devices = list(sounddevice.query_devices())
    except sounddevice.PortAudioError as error:
        raise DeviceError(
            f"the audio inputs cannot be listed ({first_line(error)}), expected a sound system "
            "that answers; check that the sound server runs"
        ) from None
    return [
        InputDevice(
            index=device["index"],
            name=device["name"],
            sample_rate=round(device["default_samplerate"]),
            channels=_channels(device["max_input_channels"]),
            is_default=device["index"] == default,
        )
        for device in devices
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


def choose_again(devices: list[InputDevice], wanted: str | None, last: InputDevice) -> InputDevice:
    """Return the input that ``wanted`` means after ``last``, which it meant before, went away.

    That is the one with the same name, whatever its index is now; an index among all inputs or
    among sound cards can change. Without ``wanted`` it is the default input of now. A name that
    was asked for may be another device's, too; an index may not.

    Raises:
        NoMicrophoneError: there are no inputs.
        DeviceError: none matches; the message lists the inputs there are.

    """
    if wanted is None:
        return choose_device(devices, None)
    same = [device for device in devices if bare_name(device) == bare_name(last)]
    exact = [device for device in same if device.name == last.name]
    if exact or same:
        return (exact or same)[0]
    return choose_device(devices, last.name if is_index(wanted, last) else wanted)


def is_index(wanted: str, device: InputDevice) -> bool:
    """Tell whether a device was asked for by its index."""
    return str(device.index) == wanted


def bare_name(device: InputDevice) -> str:
    """Return a name without the place of a sound card, as in "USB Audio (hw:2,0)"."""
    return re.sub(r" \(hw:\d+,\d+\)$", "", device.name)


def _matches(devices: list[InputDevice], wanted: str) -> list[InputDevice]:
    """Return the devices that ``wanted`` may mean, the best first."""
    text = wanted.casefold()
    if by_index := [device for device in devices if str(device.index) == text]:
        return by_index
    matches = [device for device in devices if text in device.name.casefold()]
    return sorted(matches, key=lambda device: device.name.casefold() != text)


def _channels(offered: int) -> int:
    return offered if offered <= MOST_CHANNELS else 1
