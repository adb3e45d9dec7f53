import os
import socket
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognizer.errors import InputError
from recognizer.socket_file import SocketFile


@pytest.fixture
def path(tmp_path):
    return tmp_path / "digits.sock"


def bound(path, kind=socket.SOCK_STREAM):
    """Return a socket of another process, so to say."""
    other = socket.socket(socket.AF_UNIX, kind)
    other.bind(str(path))
    return other


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o177])
def test_owner_and_group_may_connect_and_nobody_else_whatever_the_umask(path, umask):
    before = os.umask(umask)
    try:
        with SocketFile(path):
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
    finally:
        os.umask(before)


def test_not_even_for_a_moment_may_others_connect(path, monkeypatch):
    at_first = []

    def looking(made, mode):
        at_first.append(stat.S_IMODE(made.stat().st_mode))
        os.chmod(made, mode)  # noqa: PTH101 (this takes the place of Path.chmod)

    monkeypatch.setattr(Path, "chmod", looking)
    before = os.umask(0)
    try:
        SocketFile(path).close()
    finally:
        os.umask(before)
    assert at_first == [0o660]


def test_the_file_is_gone_at_the_end_and_closing_twice_does_no_harm(path):
    with SocketFile(path) as made:
        assert path.is_socket()
    assert not path.exists()
    made.close()


def test_what_a_dead_process_left_is_replaced(path):
    bound(path).close()
    with SocketFile(path), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET])
def test_what_a_living_process_uses_is_refused(path, kind):
    with bound(path, kind) as other:
        if kind != socket.SOCK_DGRAM:
            other.listen()
        with pytest.raises(InputError, match="in use by another process"):
            SocketFile(path)
    assert path.is_socket()


def test_so_it_is_when_that_process_is_too_busy_to_answer(path):
    with bound(path) as other:
        other.listen(0)
        clients = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(str(path))
        with pytest.raises(InputError, match="in use by another process"):
            SocketFile(path)
        for client in clients:
            client.close()


@pytest.mark.parametrize("make", ["file", "folder", "link"])
def test_a_path_that_is_no_socket_is_refused_and_left_alone(path, make, tmp_path):
    if make == "file":
        path.write_text("precious")
    elif make == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is no socket, expected a path that is free"):
        SocketFile(path)
    assert path.lstat()


@pytest.mark.parametrize("name", ["missing/digits.sock", "x" * 108, "a\0b", "\ud800"])
def test_a_path_that_cannot_be_used_is_refused_in_one_line(tmp_path, name):
    with pytest.raises(InputError, match="expected a path of at most 107 bytes") as error:
        SocketFile(tmp_path / name)
    assert "\n" not in str(error.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_path_works_or_is_an_input_error(tmp_path, name):
    try:
        made = SocketFile(tmp_path / name.replace("/", "").replace("..", ""))
    except InputError:
        return
    assert made.path.is_socket()
    made.close()


def test_a_file_that_is_another_socket_by_now_is_not_removed(path):
    with SocketFile(path):
        path.unlink()
        other = bound(path)
    assert path.is_socket()
    other.close()
