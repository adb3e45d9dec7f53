"""PortAudio itself, through the package sounddevice: loading it, and what that leaves undone."""

from __future__ import annotations

import atexit
import ctypes
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType

from recognizer.errors import DeviceError

LIBRARY = "libportaudio.so.2"


class NoPortAudioError(DeviceError):
    """PortAudio is not installed; no waiting for a microphone helps."""


def portaudio() -> ModuleType:
    """Return the module sounddevice; importing it first lists the devices, which may hang.

    Raises:
        NoPortAudioError: the package or the library that it needs is missing.

    """
    try:
        with _portaudio_started():
            import sounddevice
    except ImportError:
        raise NoPortAudioError(
            "the Python package sounddevice is missing, a microphone needs it; "
            "pip install sounddevice"
        ) from None
    except OSError:
        raise NoPortAudioError(
            "the PortAudio library is missing, a microphone needs it; apt install libportaudio2"
        ) from None
    module: ModuleType = sounddevice
    return module


@contextmanager
def _portaudio_started() -> Iterator[None]:
    """Start PortAudio before sounddevice does, and keep it until sounddevice has.

    While sounddevice starts it, which a hanging sound server can make very long, it sends the
    standard error of the whole program to nowhere. A second start takes no time.
    """
    library = None if "sounddevice" in sys.modules else _library()
    with c_libraries_silenced():
        is_started = library is not None and library.Pa_Initialize() == 0
    try:
        yield
    finally:
        if library and is_started:
            library.Pa_Terminate()


def _library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(LIBRARY) if _can_silence() else None
    except OSError:
        return None


def list_devices_anew() -> None:
    """Let PortAudio see which devices there are now; it keeps the list that it made at its start.

    Every stream of the program must be closed, or is from now on. A sound server that hangs lets
    this hang, too.

    Raises:
        DeviceError: PortAudio does not start again.

    """
    sounddevice = portaudio()
    # Not sounddevice._initialize, which sends the standard error of the program to nowhere.
    library = sounddevice._lib
    # It only fails where PortAudio did not start the last time.
    library.Pa_Terminate()
    try:
        sounddevice._check(library.Pa_Initialize(), "Error initializing PortAudio")
    except sounddevice.PortAudioError as error:
        let_exit_without_portaudio()
        raise DeviceError(
            f"PortAudio does not start ({first_line(error)}), expected a sound system that "
            "answers; check that the sound server runs"
        ) from None


def let_exit_without_portaudio() -> None:
    """Let the program end where PortAudio would hang or fail at exit, as a sound server does."""
    # It may hang while it is imported; importing it here would wait for that.
    sounddevice = sys.modules.get("sounddevice")
    if handler := getattr(sounddevice, "_exit_handler", None):
        atexit.unregister(handler)


def first_line(error: Exception) -> str:
    """Return what an error of PortAudio says, without the details behind it."""
    return str(error).splitlines()[0]


@contextmanager
def c_libraries_silenced() -> Iterator[None]:
    """Keep what C libraries write to standard error from being written; Python's is as it was.

    PortAudio and ALSA write a dozen lines for each attempt to open a device that is not there.
    Only with glibc, whose ``stderr`` is a variable; elsewhere this does nothing.
    """
    if not _can_silence():
        yield
        return
    errors = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "stderr")
    before, errors.value = errors.value, _file_to_nowhere()
    try:
        yield
    finally:
        errors.value = before


def _can_silence() -> bool:
    return platform.libc_ver()[0] == "glibc"


@cache
def _file_to_nowhere() -> int:
    """Return a C file; it stays open because a thread of an audio system may be writing to it."""
    library = ctypes.CDLL(None)
    library.fopen.restype = ctypes.c_void_p
    file: int = library.fopen(os.devnull.encode(), b"w")
    return file
