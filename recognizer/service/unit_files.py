"""systemd units: which there are, and how one gets to where systemd looks for it."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from recognizer.configuration.files import user_folder
from recognizer.errors import InputError

USER = "user"
SYSTEM = "system"

NAME = "digit-listen.service"
PROGRAM = "digit-listen"
SYSTEM_FOLDER = Path("/etc/systemd/system")

_TEMPLATES = Path(__file__).parent / "units"
_TEMPLATE_PROGRAM = "/usr/local/bin/digit-listen"
_HIDDEN = tuple(map(Path, ("/home", "/root", "/run/user", "/tmp", "/var/tmp")))
"""What ProtectHome and PrivateTmp take away."""


@dataclass(frozen=True)
class Unit:
    """A unit, ready to be written.

    Attributes:
        path: where systemd looks for it.
        text: what it says.
        advice: what to do then, and how to watch and remove it.

    """

    path: Path
    text: str
    advice: str


def unit_for(kind: str, environment: Mapping[str, str] = os.environ) -> Unit:
    """Return the unit that runs this installation.

    Args:
        kind: "user" or "system".
        environment: tells where the user's configuration lies.

    Raises:
        InputError: systemd could not start this installation.

    """
    program = find_program()
    if kind == SYSTEM:
        _check_visible(program)
    text = (_TEMPLATES / kind / NAME).read_text(encoding="utf-8")
    text = text.replace(_TEMPLATE_PROGRAM, quoted(program))
    path = (SYSTEM_FOLDER if kind == SYSTEM else _user_units(environment)) / NAME
    return Unit(path, text, _system_advice(path) if kind == SYSTEM else _user_advice(path))


def install(unit: Unit) -> None:
    """Write a unit, over an older one.

    Raises:
        InputError: that is not allowed, or not possible.

    """
    try:
        unit.path.parent.mkdir(parents=True, exist_ok=True)
        unit.path.write_text(unit.text, encoding="utf-8")
    except PermissionError:
        raise InputError(
            f"{unit.path}: may not be written, expected to run as root; "
            f"sudo {find_program()} --install-unit {SYSTEM}"
        ) from None
    except OSError as error:
        raise InputError(f"{unit.path}: cannot be written: {error.strerror}") from None


def find_program() -> Path:
    """Return the digit-listen that runs, or its interpreter's; raises InputError without one."""
    running = Path(sys.argv[0]).absolute()
    folders = (running.parent, Path(sys.executable).parent, Path(sysconfig.get_path("scripts")))
    for folder in folders[running.name != PROGRAM :]:
        if os.access(folder / PROGRAM, os.X_OK):
            return folder / PROGRAM
    raise InputError(
        f"no {PROGRAM} in {folders[1]}, expected an installed one; pip install digit-listen"
    )


def quoted(path: Path) -> str:
    """Return a path as a unit's command line writes it; raises InputError for one it cannot."""
    text = str(path)
    if not text.isprintable() or any(character in text for character in "\"'\\"):
        raise InputError(
            f"{text!r}: a unit cannot start a program with such a path, expected one without "
            "quotes, backslashes and control characters"
        )
    text = text.replace("%", "%%")
    return f'"{text}"' if any(character in text for character in " ;$") else text


def _check_visible(program: Path) -> None:
    """Raise InputError if the unit's hardening hides a part of the installation."""
    for path in _needed(program):
        for hidden in _HIDDEN:
            if path.is_relative_to(hidden):
                raise InputError(
                    f"{path} lies below {hidden}, where a hardened service sees nothing; install "
                    "digit-listen elsewhere, as with: python3 -m venv /opt/digit-listen && "
                    "/opt/digit-listen/bin/pip install digit-listen"
                )


def _needed(program: Path) -> Iterator[Path]:
    for path in (program, Path(sys.executable), Path(__file__)):
        yield path.absolute()
        yield path.resolve()
    yield Path(sys.base_prefix)


def _user_units(environment: Mapping[str, str]) -> Path:
    folder = user_folder(environment)
    if folder is None:
        raise InputError("neither XDG_CONFIG_HOME nor HOME is set, expected one of them")
    return folder / "systemd" / "user"


def _user_advice(path: Path) -> str:
    return f"""wrote {path}
start it, now and at every login:
    systemctl --user daemon-reload
    systemctl --user enable --now digit-listen
let it run without you, from boot on and after you log out:
    loginctl enable-linger
watch it:
    systemctl --user status digit-listen
    journalctl --user -u digit-listen -f -o cat
after a change of the configuration:
    systemctl --user reload digit-listen
remove it:
    systemctl --user disable --now digit-listen
    rm {path}
"""


def _system_advice(path: Path) -> str:
    return f"""wrote {path}
start it, now and at every boot:
    systemctl daemon-reload
    systemctl enable --now digit-listen
watch it:
    systemctl status digit-listen
    journalctl -u digit-listen -f -o cat
after a change of /etc/digit-listen.toml:
    systemctl reload digit-listen
remove it:
    systemctl disable --now digit-listen
    rm {path}
"""
