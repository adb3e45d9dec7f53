import socket
import stat

import pytest

from recognizer.errors import DigitListenError, InputError
from recognizer.wyoming.address import TcpAddress, UnixAddress, listen, parse_address


@pytest.mark.parametrize("uri", ["tcp://:10400", "tcp://localhost:10400", "tcp://127.0.0.1:10400/"])
def test_a_port_without_a_host_is_for_this_machine_alone(uri):
    assert parse_address(uri) == TcpAddress("127.0.0.1", 10_400)


def test_a_host_is_taken_at_its_word():
    assert parse_address("tcp://0.0.0.0:1") == TcpAddress("0.0.0.0", 1)
    assert str(parse_address("tcp://[::1]:2")) == "tcp://[::1]:2"


def test_a_path_is_a_socket_in_the_file_system(tmp_path):
    assert parse_address(f"unix://{tmp_path}/a") == UnixAddress(tmp_path / "a")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "10400",
        "tcp://",
        "tcp://host",
        "tcp://host:port",
        "tcp://:70000",
        "tcp://:1/path",
        "tcp://[::1:3",
        "unix://",
        "unix://a/b",
        "stdio://",
        "http://localhost:80",
    ],
)
def test_what_is_no_address_is_refused(uri):
    with pytest.raises(InputError, match=r"is no address to listen on; expected tcp://:PORT"):
        parse_address(uri)


@pytest.mark.parametrize("uri", ["tcp://:0", "tcp://127.0.0.2:0"])
def test_this_machine_alone_needs_no_warning(uri, caplog):
    listening = listen(uri)
    assert listening.address.port > 0
    listening.close()
    assert caplog.text == ""


def test_an_address_that_others_can_reach_is_warned_of_once(caplog):
    listen("tcp://0.0.0.0:0").close()
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "can be reached by other machines" in record.getMessage()


def test_a_port_in_use_is_refused():
    taken = listen("tcp://:0")
    with pytest.raises(DigitListenError, match="is in use by another program"):
        listen(str(taken.address))
    taken.close()


def test_a_host_that_nobody_knows_is_refused():
    with pytest.raises(DigitListenError, match=r"cannot be listened on \(.*\); expected") as caught:
        listen("tcp://no-such-host.invalid:1")
    assert "\n" not in str(caught.value)


def test_a_socket_file_is_for_its_owner_and_group_and_goes_at_the_end(tmp_path):
    path = tmp_path / "a"
    listening = listen(f"unix://{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    listening.close()
    listening.close()
    assert not path.exists()


def test_a_socket_file_that_another_took_since_is_left_alone(tmp_path):
    path = tmp_path / "a"
    first = listen(f"unix://{path}")
    path.rename(tmp_path / "old")
    second = listen(f"unix://{path}")
    first.close()
    assert path.exists()
    second.close()


def test_what_a_server_left_that_died_is_replaced(tmp_path):
    path = tmp_path / "a"
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()
    listen(f"unix://{path}").close()


def test_a_socket_that_another_program_listens_on_is_refused_and_stays(tmp_path):
    path = tmp_path / "a"
    taken = listen(f"unix://{path}")
    with pytest.raises(DigitListenError, match=r"a: is in use by another program"):
        listen(f"unix://{path}")
    assert path.exists()
    taken.close()


def test_no_file_of_another_kind_is_replaced(tmp_path):
    (tmp_path / "a").write_text("precious")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for name in ("a", "b"):
        with pytest.raises(DigitListenError, match="is a file already"):
            listen(f"unix://{tmp_path}/{name}")
    assert (tmp_path / "a").read_text() == "precious"


@pytest.mark.parametrize("name", ["no/such/folder", "a" * 200, "\0"])
def test_a_path_that_cannot_be_is_refused_in_one_line(tmp_path, name):
    with pytest.raises(DigitListenError, match="cannot be listened on") as caught:
        listen(f"unix://{tmp_path}/{name}")
    assert "\n" not in str(caught.value)
