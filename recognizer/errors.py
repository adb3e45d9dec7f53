"""Errors that a user can cause, each one line: what was found, what was expected, what to do."""


class DigitListenError(Exception):
    """Something went wrong that is worth one clear line; a command exits with status 1."""

    exit_status = 1


class InputError(DigitListenError):
    """What the user gave (file, rate, model, flag, folder) cannot be used; exit status 2."""

    exit_status = 2


class AudioError(InputError):
    """A recording or stream that cannot be read as sound."""


class ModelError(InputError):
    """A model that is missing, is no ONNX file or breaks the model contract."""


class DeviceError(DigitListenError):
    """A microphone or audio system that cannot be used."""


class ProviderError(DigitListenError):
    """An execution provider that was asked for and does not work here."""
