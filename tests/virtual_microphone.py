"""A real-time microphone without hardware: a private pulseaudio whose speaker is its microphone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

PROGRAMS = ("pulseaudio", "pactl", "pacat")
RATE = 16_000
NAME = "vmic"
SOCKET = "socket"
START_SECONDS = 20
ALSA_CONFIG = """
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.pulse { type pulse }
ctl.pulse { type pulse }
"""


def missing_programs() -> list[str]:
    """Return the programs that the microphone needs and this machine lacks."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class VirtualMicrophone:
    """Speaks into the microphone that programs started with ``environment`` see."""

    def __init__(self, environment: Mapping[str, str], server: subprocess.Popen[bytes]) -> None:
        self.environment = environment
        self._server = server

    def speak(self, samples: np.ndarray) -> subprocess.Popen[bytes]:
        """Start to play float samples at 16 kHz in real time and return the running player."""
        sound = Path(self.environment["HOME"]) / "sound.raw"
        (np.clip(samples, -1, 1) * 32_767).astype("<i2").tofile(sound)
        return _play(sound, self.environment)

    def unplug(self) -> None:
        """End the sound server, as when a microphone is pulled out."""
        self._server.kill()
        self._server.wait()

    def stall(self) -> None:
        """Stop the sound server without ending it: the microphone falls silent for good."""
        self._server.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let a stalled sound server go on."""
        self._server.send_signal(signal.SIGCONT)


def sound_server_environment(folder: Path) -> dict[str, str]:
    """Return what lets programs know no other sound than a server, running or not, in a folder."""
    config = folder / "alsa.conf"
    config.write_text(ALSA_CONFIG)
    return {
        "ALSA_CONFIG_PATH": str(config),
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_SERVER": f"unix:{folder / SOCKET}",
    }


@contextmanager
def virtual_microphone(folder: Path) -> Iterator[VirtualMicrophone]:
    """Run a sound server in a private folder as long as the context lasts."""
    environment = os.environ | sound_server_environment(folder)
    socket = folder / SOCKET
    with ExitStack() as stack:
        server = subprocess.Popen(_server(socket), env=environment, stderr=subprocess.DEVNULL)
        stack.callback(_end, server)
        _wait_for(socket, environment)
        # Without a player the sink sleeps, and the first block can be seconds late.
        stack.callback(_end, _play(Path("/dev/zero"), environment))
        _wait_for_sound(environment)
        yield VirtualMicrophone(environment, server)


def _server(socket: Path) -> list[str]:
    modules = [
        f"module-native-protocol-unix socket={socket} auth-anonymous=1",
        f"module-null-sink sink_name=vspk rate={RATE} channels=1 format=s16le",
        f"module-remap-source master=vspk.monitor source_name={NAME}",
    ]
    flags = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--realtime=no", "--high-priority=no"]
    return ["pulseaudio", *flags, *(part for module in modules for part in ("-L", module))]


def _play(path: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    options = [f"--rate={RATE}", "--channels=1", "--format=s16le", "--latency-msec=10"]
    command = ["pacat", "--device=vspk", *options]
    with path.open("rb") as sound:
        return subprocess.Popen(command, env=environment, stdin=sound, stderr=subprocess.DEVNULL)


def _wait_for(socket: Path, environment: Mapping[str, str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not socket.exists() or _set_default(environment).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError("pulseaudio does not start")
        time.sleep(0.05)


def _wait_for_sound(environment: Mapping[str, str]) -> None:
    """Return when the microphone delivers; its very first sound can be two seconds late."""
    command = ["pacat", "--record", f"--device={NAME}", "--latency-msec=10"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as recorder:
        recorder.stdout.read(RATE)
        recorder.kill()


def _set_default(environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    command = ["pactl", "set-default-source", NAME]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
