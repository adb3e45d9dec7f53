"""Both units under a real systemd: checked, started, listened to, reloaded, stalled, stopped."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.virtual_microphone import VirtualMicrophone
from recognizer.service.unit_files import NAME, SYSTEM, USER
from tests.systemd_machine import PROGRAM, SHARED, SOUND, Machine, machine, wait_until
from tests.systemd_machine import what_is_missing as what_machines_lack
from tests.tone_words import spoken

UNITS = Path(__file__).parents[3] / "systemd"
KINDS = (USER, SYSTEM)
CONFIG = f"""
model = "{SOUND}/tones.onnx"
vad = "off"
"""
# The machine of the test has no services that others would wait for, and no journal.
DROP_IN = f"""
[Unit]
DefaultDependencies=no
[Service]
WatchdogSec=4
StandardOutput=append:{SHARED}/output
StandardError=append:{SHARED}/errors
Environment=ALSA_CONFIG_PATH={SOUND}/alsa.conf PULSE_SERVER=unix:{SOUND}/socket
Environment=XDG_CONFIG_HOME={SHARED} HOME={SOUND} XDG_RUNTIME_DIR={SHARED}
"""
FOLDERS = {USER: "/opt/home/.config/systemd/user", SYSTEM: "/etc/systemd/system"}


def analyze(*arguments, **environment):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    command = ["systemd-analyze", *map(str, arguments)]
    environment = {**os.environ, **environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(params=KINDS)
def runnable_unit(request, tmp_path):
    """Return a unit whose program is one that every machine has."""
    text = (UNITS / request.param / NAME).read_text()
    path = tmp_path / NAME
    path.write_text(text.replace("/usr/local/bin/digit-listen", "/bin/true"))
    return request.param, path


def test_systemd_finds_nothing_to_say_about_a_unit(runnable_unit):
    kind, path = runnable_unit
    scope = ["--user"] if kind == USER else []
    verified = analyze("verify", *scope, "--man=no", path, XDG_RUNTIME_DIR=str(path.parent))
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_appliances_unit_is_exposed_to_1_5_at_most(runnable_unit):
    kind, path = runnable_unit
    if kind == SYSTEM:
        judged = analyze("security", "--offline=true", "--threshold=15", "--no-pager", path)
        assert judged.returncode == 0, judged.stdout


@dataclass(frozen=True)
class Service:
    """A unit on a machine of its own, and the microphone that it hears."""

    machine: Machine
    scope: tuple[str, ...]
    microphone: VirtualMicrophone

    def systemctl(self, *command: str) -> None:
        self.machine.run("systemctl", *self.scope, *command)

    def __getitem__(self, name: str) -> str:
        return self.machine.properties(*self.scope)[name]

    def wait_for(self, name: str, part: str) -> None:
        """Wait until a property of the unit contains this."""
        wait_until(lambda: part in self[name], lambda: f"{name}={self[name]}\n{self.errors}")

    @property
    def labels(self) -> list[str]:
        path = self.machine.shared / "output"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line)["label"] for line in lines]

    @property
    def errors(self) -> str:
        path = self.machine.shared / "errors"
        return path.read_text() if path.exists() else ""

    def speak_until_heard(self) -> None:
        """Say a word until it is heard; a sound server may need a while to pass on anything."""
        before = len(self.labels)

        def is_heard() -> bool:
            self.microphone.speak(spoken("high")).wait()
            return len(self.labels) > before

        wait_until(is_heard, lambda: self.errors)
        assert set(self.labels) == {"high"}

    def configure(self, text: str) -> None:
        path = self.machine.shared / "digit-listen" / "config.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


@pytest.fixture(params=KINDS)
def installed(request, microphone, tones_path, tmp_path):
    """Return a unit that "digit-listen --install-unit" has installed, not started yet."""
    if missing := what_machines_lack():
        pytest.skip(missing)
    shutil.copy(tones_path, tmp_path / "tones.onnx")
    with machine(tmp_path) as inside:
        if request.param == USER:
            inside.run("systemctl", "start", "user-manager")
        inside.run(PROGRAM, "--install-unit", request.param)
        folder = f"{FOLDERS[request.param]}/{NAME}.d"
        inside.run("mkdir", "-p", folder)
        inside.run("sh", "-c", 'printf %s "$1" > "$2"', "sh", DROP_IN, f"{folder}/test.conf")
        scope = ("--user",) if request.param == USER else ()
        service = Service(inside, scope, microphone)
        service.configure(CONFIG)
        service.systemctl("daemon-reload")
        yield service


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_a_unit_starts_listens_reloads_and_stops(installed):
    installed.systemctl("start", NAME)
    assert installed["SubState"] == "running"
    installed.wait_for("StatusText", "listening to")
    assert "onnxruntime" not in installed.errors
    installed.speak_until_heard()
    installed.wait_for("StatusText", f"words heard: {len(installed.labels)}")

    installed.configure("hopp = 1")
    installed.systemctl("reload", NAME)
    installed.wait_for("StatusText", 'config.toml:1: unknown key "hopp", did you mean hop?')
    installed.configure(CONFIG + "hop = 0.05")
    installed.systemctl("reload", NAME)
    wait_until(lambda: "not reloaded" not in installed["StatusText"])
    assert installed["SubState"] == "running"
    installed.speak_until_heard()

    installed.systemctl("stop", NAME)
    assert (installed["SubState"], installed["Result"]) == ("dead", "success")
    assert (installed["ExecMainStatus"], installed["NRestarts"]) == ("0", "0")
    assert installed.errors.endswith(f"words heard: {len(installed.labels)}\n")


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_a_unit_that_hears_nothing_is_killed_by_the_watchdog_and_starts_again(installed):
    installed.systemctl("start", NAME)
    installed.microphone.stall()
    wait_until(lambda: int(installed["NRestarts"]) > 0, lambda: installed.errors)
    assert installed["SubState"] != "running", "it is ready without a sound"
    installed.microphone.go_on()
    installed.wait_for("SubState", "running")
    installed.speak_until_heard()
