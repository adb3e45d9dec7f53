"""A real-time microphone without hardware: a private pulseaudio whose speaker is its microphone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

PROGRAMS = ("pulseaudio", "pactl", "pacat")
RATE = 16_000
NAME = "vmic"
SOCKET = "socket"
START_SECONDS = 20
MODULES = (
    f"module-null-sink sink_name=vspk rate={RATE} channels=1 format=s16le",
    f"module-remap-source master=vspk.monitor source_name={NAME}",
)
ALSA_FILE = "alsa.conf"
ALSA_CONFIG = """
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
ctl.pulse { type pulse }
"""
OTHER_DEVICE = """
pcm.another { type pulse }
ctl.another { type pulse }
"""


def missing_programs() -> list[str]:
    """Return the programs that the microphone needs and this machine lacks."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class VirtualMicrophone:
    """A running sound server that one can speak into, and the faults that sound hardware has.

    Args:
        folder: private to the server.
        latency: of what is played, in milliseconds. The less it is, the smaller are the parts in
            which the microphone delivers; on a busy machine little of it makes holes in the sound.

    Attributes:
        environment: of programs that are to hear this microphone.

    """

    def __init__(self, folder: Path, latency: int = 10) -> None:
        self._latency = latency
        self.environment = os.environ | sound_server_environment(folder)
        self._folder = folder
        self.plug_in()
        self.wait_for_sound()

    def speak(self, samples: np.ndarray) -> subprocess.Popen[bytes]:
        """Start to play float samples at 16 kHz in real time and return the running player."""
        with TemporaryFile(dir=self._folder) as sound:
            sound.write((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
            sound.seek(0)
            return self._play(sound)

    def plug_in(self) -> None:
        """Start the sound server and wait until its microphone is there."""
        socket = self._folder / SOCKET
        self._server = subprocess.Popen(
            _server(socket), env=self.environment, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while not socket.exists() or self._control("set-default-source", NAME).returncode:
            if time.monotonic() > deadline:
                _end(self._server)
                raise RuntimeError("pulseaudio does not start")
            time.sleep(0.05)
        self._keep_awake()

    def unplug(self) -> None:
        """End the sound server, as when a microphone is pulled out."""
        _end(self._server)
        _end(self._silence)

    def plug_in_elsewhere(self) -> None:
        """Start the sound server again, with the microphone at another index than before."""
        config = self._folder / ALSA_FILE
        known = config.read_text()
        moved = known.removeprefix(OTHER_DEVICE)
        config.write_text(OTHER_DEVICE + known if moved == known else moved)
        self.plug_in()

    def stall(self) -> None:
        """Stop the sound server without ending it: the microphone falls silent."""
        self._server.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let a stopped sound server go on."""
        self._server.send_signal(signal.SIGCONT)

    def unload(self) -> None:
        """Take the sink and the source away from the sound server, which goes on."""
        self._control("unload-module", "module-null-sink")
        _end(self._silence)

    def load(self) -> None:
        """Give the sound server its sink and source again."""
        for module in MODULES:
            self._control("load-module", *module.split())
        self._control("set-default-source", NAME)
        self._keep_awake()

    def suspend(self) -> None:
        """Let the source sleep."""
        self._control("suspend-source", NAME, "1")

    def resume(self) -> None:
        """Wake the source."""
        self._control("suspend-source", NAME, "0")

    def wait_for_sound(self) -> None:
        """Return when the microphone delivers; its very first sound can be two seconds late."""
        command = ["pacat", "--record", f"--device={NAME}", "--latency-msec=10"]
        with subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as recorder:
            if recorder.stdout:
                recorder.stdout.read(RATE)
            recorder.kill()

    def _keep_awake(self) -> None:
        # Without a player the sink sleeps, and the first block can be seconds late.
        with Path("/dev/zero").open("rb") as zeros:
            self._silence = self._play(zeros)

    def _play(self, sound: IO[bytes]) -> subprocess.Popen[bytes]:
        options = [f"--rate={RATE}", "--channels=1", "--format=s16le"]
        options.append(f"--latency-msec={self._latency}")
        return subprocess.Popen(
            ["pacat", "--device=vspk", *options],
            env=self.environment,
            stdin=sound,
            stderr=subprocess.DEVNULL,
        )

    def _control(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        command = ["pactl", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, check=False)


@dataclass(frozen=True)
class Fault:
    """Something that happens to a microphone.

    Attributes:
        name: for people.
        cause: lets it happen.
        mend: undoes it, and returns when the microphone is there again.

    """

    name: str
    cause: Callable[[VirtualMicrophone], None]
    mend: Callable[[VirtualMicrophone], None]


FAULTS = (
    Fault("server killed", VirtualMicrophone.unplug, VirtualMicrophone.plug_in),
    Fault("server stopped", VirtualMicrophone.stall, VirtualMicrophone.go_on),
    Fault("sink unloaded", VirtualMicrophone.unload, VirtualMicrophone.load),
    Fault("source suspended", VirtualMicrophone.suspend, VirtualMicrophone.resume),
    Fault("another index", VirtualMicrophone.unplug, VirtualMicrophone.plug_in_elsewhere),
)


def sound_server_environment(folder: Path) -> dict[str, str]:
    """Return what lets programs know no other sound than a server, running or not, in a folder."""
    config = folder / ALSA_FILE
    config.write_text(ALSA_CONFIG)
    return {
        "ALSA_CONFIG_PATH": str(config),
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_SERVER": f"unix:{folder / SOCKET}",
    }


@contextmanager
def virtual_microphone(folder: Path, latency: int = 10) -> Iterator[VirtualMicrophone]:
    """Run a sound server in a private folder as long as the context lasts."""
    microphone = VirtualMicrophone(folder, latency)
    try:
        yield microphone
    finally:
        microphone.unplug()


def _server(socket: Path) -> list[str]:
    modules = [f"module-native-protocol-unix socket={socket} auth-anonymous=1", *MODULES]
    flags = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--realtime=no", "--high-priority=no"]
    return ["pulseaudio", *flags, *(part for module in modules for part in ("-L", module))]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
