"""A machine of its own for a unit: systemd as process 1 in namespaces, with nothing else running.

The installation under test appears below /opt, where the hardening of a unit lets it be seen.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEMD = Path("/lib/systemd/systemd")
ROOT = Path(__file__).parent.parent
PROGRAM = "/opt/digit-listen/bin/digit-listen"
SOUND = "/opt/sound"
SHARED = "/opt/shared"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
PATIENCE = 60

SCRIPT = f"""#!/opt/python/bin/python{sys.version_info[0]}.{sys.version_info[1]} -I
import sys
sys.path[:0] = ["/opt/source", "/opt/packages"]
from recognizer.commands.listen import main
sys.exit(main())
"""

TARGET = """[Unit]
Description=Nothing but what a test starts
DefaultDependencies=no
"""

MANAGER = """[Unit]
DefaultDependencies=no
[Service]
Type=notify
Environment=XDG_RUNTIME_DIR=/run/user/0 HOME=/opt/home
ExecStart=/lib/systemd/systemd --user --unit=basic.target
Delegate=yes
"""

START = """set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /opt
mkdir -p /opt/python /opt/packages /opt/source /opt/digit-listen/bin /opt/home {sound} {shared}
mount --bind {python} /opt/python
mount --bind {packages} /opt/packages
mount --bind {source} /opt/source
mount --bind {folder} {sound}
mount --bind {folder}/shared {shared}
cp {folder}/digit-listen /opt/digit-listen/bin/
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/user/0
cp {folder}/units/* /run/systemd/system/
mount -t tmpfs tmpfs /etc/systemd/system
mount -t cgroup2 cgroup2 /sys/fs/cgroup
touch /run/console
mount --bind /run/console /dev/console
export container=lxc
exec {systemd} --unit=test.target
"""


def what_is_missing() -> str:
    """Return why this machine cannot run another one inside itself; empty if it can."""
    if not SYSTEMD.exists():
        return "systemd is not installed"
    if os.geteuid() != 0:
        return "only root may make namespaces"
    missing = [name for name in ("unshare", "nsenter", "systemctl") if not shutil.which(name)]
    if missing:
        return f"{', '.join(missing)} not installed"
    mounting = "mount -t tmpfs tmpfs /run && mount -t cgroup2 cgroup2 /sys/fs/cgroup"
    done = subprocess.run(
        [*_unshare(), "sh", "-c", mounting], capture_output=True, text=True, check=False
    )
    return f"no namespaces here: {done.stderr.strip()}" if done.returncode else ""


class Machine:
    """Runs commands beside the systemd in the namespaces.

    Attributes:
        shared: a folder that both sides see, inside as /opt/shared.

    """

    def __init__(self, process: int, shared: Path) -> None:
        self.shared = shared
        self._process = process

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command inside and return what it printed."""
        enter = ["nsenter", "-t", str(self._process), "-m", "-p", "-n", "-u", "-i", "-C"]
        return subprocess.run(
            [*enter, *command],
            env={"PATH": PATH, "XDG_RUNTIME_DIR": "/run/user/0", "HOME": "/opt/home"},
            capture_output=True,
            text=True,
            check=check,
            timeout=PATIENCE,
        )

    def properties(self, *scope: str) -> dict[str, str]:
        """Return what systemd knows of the unit."""
        shown = self.run("systemctl", *scope, "show", "digit-listen").stdout
        return dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """Run a systemd as long as the context lasts; the folder is seen inside as /opt/sound."""
    _prepare(folder)
    command = START.format(
        sound=SOUND,
        shared=SHARED,
        python=shlex.quote(sys.base_prefix),
        packages=shlex.quote(sysconfig.get_path("purelib")),
        source=shlex.quote(str(ROOT)),
        folder=shlex.quote(str(folder)),
        systemd=SYSTEMD,
    )
    with (folder / "systemd.log").open("wb") as log:
        unshare = subprocess.Popen(
            [*_unshare(), "sh", "-c", command], stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        inside = Machine(_child(unshare.pid), folder / "shared")
        wait_until(
            lambda: (
                inside.run("systemctl", "is-active", "test.target", check=False).returncode == 0
            ),
            lambda: (folder / "systemd.log").read_text(errors="replace"),
        )
        yield inside
    finally:
        unshare.kill()
        unshare.wait()


def wait_until(is_so: Callable[[], bool], explain: Callable[[], object] = str) -> None:
    """Return when something is so; fail, with an explanation, when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.1)


def _prepare(folder: Path) -> None:
    folder.chmod(0o755)
    (folder / "shared").mkdir()
    (folder / "shared").chmod(0o777)
    script = folder / "digit-listen"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    (folder / "units").mkdir()
    (folder / "units" / "test.target").write_text(TARGET)
    (folder / "units" / "user-manager.service").write_text(MANAGER)


def _unshare() -> list[str]:
    spaces = ["--pid", "--mount", "--mount-proc", "--uts", "--ipc", "--net", "--cgroup"]
    return ["unshare", "--fork", *spaces, "--kill-child"]


def _child(process: int) -> int:
    """Return the first child of a process, which is the systemd to be."""
    children = Path(f"/proc/{process}/task/{process}/children")
    wait_until(lambda: bool(children.read_text().split()))
    return int(children.read_text().split()[0])
