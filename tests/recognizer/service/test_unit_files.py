import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recognizer.commands.listen import main
from recognizer.errors import InputError
from recognizer.service.unit_files import NAME, find_program, install, quoted, unit_for

TEMPLATES = Path(__file__).parents[3] / "systemd"


@pytest.fixture
def somewhere(monkeypatch):
    """Return what makes an installation look as if it lay in some folder."""

    def pretend(folder):
        monkeypatch.setattr("recognizer.service.unit_files.__file__", f"{folder}/unit_files.py")
        monkeypatch.setattr(
            "recognizer.service.unit_files.find_program", lambda: Path(f"{folder}/digit-listen")
        )
        monkeypatch.setattr(sys, "executable", f"{folder}/python")
        monkeypatch.setattr(sys, "base_prefix", folder)
        monkeypatch.setattr("recognizer.service.unit_files._TEMPLATES", TEMPLATES)

    return pretend


def commands(unit):
    return [line for line in unit.text.splitlines() if line.startswith("ExecStart=")]


@pytest.mark.parametrize("kind", ["user", "system"])
def test_a_unit_starts_the_program_that_is_installed(kind, somewhere):
    somewhere("/opt/my words/50%")
    unit = unit_for(kind, {"HOME": "/h"})
    assert commands(unit) == ['ExecStart="/opt/my words/50%%/digit-listen" --wait --json']
    assert "/usr/local/bin" not in unit.text


def test_units_go_where_systemd_looks_for_them(somewhere):
    somewhere("/opt/words")
    assert unit_for("system", {}).path == Path("/etc/systemd/system/digit-listen.service")
    in_home = unit_for("user", {"HOME": "/h"}).path
    assert in_home == Path("/h/.config/systemd/user/digit-listen.service")
    assert unit_for("user", {"XDG_CONFIG_HOME": "/x"}).path == Path(f"/x/systemd/user/{NAME}")
    with pytest.raises(InputError, match="neither XDG_CONFIG_HOME nor HOME is set"):
        unit_for("user", {})


@pytest.mark.parametrize("folder", ["/root/venv/bin", "/home/ann/venv", "/tmp/x", "/run/user/5"])
def test_what_a_hardened_unit_cannot_see_is_refused_with_what_to_do(folder, somewhere):
    somewhere(folder)
    with pytest.raises(InputError, match=r"a hardened service sees nothing; .*venv /opt"):
        unit_for("system", {})
    assert unit_for("user", {"HOME": "/h"})


def test_an_interpreter_that_a_hardened_unit_cannot_see_is_refused_too(somewhere, monkeypatch):
    somewhere("/opt/words")
    monkeypatch.setattr(sys, "base_prefix", "/root/.pyenv")
    with pytest.raises(InputError, match=r"^/root/\.pyenv lies below /root"):
        unit_for("system", {})


def test_a_unit_is_written_over_an_older_one_into_folders_that_are_made(tmp_path):
    unit = unit_for("user", {"HOME": str(tmp_path / "new")})
    install(unit)
    install(unit)
    assert unit.path.read_text() == unit.text
    assert str(unit.path) in unit.advice
    assert "enable-linger" in unit.advice


def test_what_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    unit = unit_for("user", {"HOME": str(tmp_path / "file")})
    with pytest.raises(InputError, match=r"cannot be written: (Not a directory|File exists)$"):
        install(unit)


def test_who_may_not_write_is_told_to_use_sudo(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError

    unit = unit_for("user", {"HOME": str(tmp_path)})
    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(InputError, match=r"run as root; sudo /.*digit-listen --install-unit"):
        install(unit)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/usr/bin/x", "/usr/bin/x"),
        ("/a b", '"/a b"'),
        ("/a%b", "/a%%b"),
    ],
)
def test_paths_are_quoted_as_units_want_it(path, text):
    assert quoted(Path(path)) == text


@pytest.mark.parametrize("path", ["/a\nExecStart=/b", "/a'b", '/a"b', "/a\\b", "/a\x7f"])
def test_a_path_that_no_unit_can_start_is_refused(path):
    with pytest.raises(InputError, match="a unit cannot start a program with such a path"):
        quoted(Path(path))


def test_systemd_finds_a_program_at_a_strange_path(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    strange = tmp_path / "50% my $words; (ä)" / "digit-listen"
    strange.parent.mkdir(parents=True)
    shutil.copy("/bin/true", strange)
    unit = tmp_path / NAME
    template = (TEMPLATES / "system" / NAME).read_text()
    unit.write_text(template.replace("/usr/local/bin/digit-listen", quoted(strange)))
    command = ["systemd-analyze", "verify", "--man=no", unit]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""


def test_the_program_is_that_of_the_running_interpreter():
    assert find_program().parent == Path(sys.executable).parent


def test_a_dry_run_prints_the_unit_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["--install-unit", "user", "--dry-run"]) == 0
    output = capsys.readouterr().out
    assert f"ExecStart={find_program()} --wait --json" in output
    assert list(tmp_path.iterdir()) == []


def test_installing_prints_what_to_do_next(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["--install-unit", "user"]) == 0
    output = capsys.readouterr().out
    assert (tmp_path / "systemd" / "user" / NAME).is_file()
    steps = [shlex.split(line) for line in output.splitlines() if line.startswith("    ")]
    assert ["systemctl", "--user", "enable", "--now", "digit-listen"] in steps


def test_a_dry_run_of_nothing_is_wrong_usage(capsys):
    assert main(["--dry-run"]) == 2
    assert "without --install-unit" in capsys.readouterr().err
