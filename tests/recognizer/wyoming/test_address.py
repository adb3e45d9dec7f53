from pathlib import Path

import pytest

from recognizer.address import Address
from recognizer.errors import InputError
from recognizer.wyoming.address import ListeningSocket, parse_address


@pytest.mark.parametrize("uri", ["tcp://:10400", "tcp://localhost:10400", "tcp://127.0.0.1:10400/"])
def test_a_port_without_a_host_is_for_this_machine_alone(uri):
    assert parse_address(uri) == Address("127.0.0.1", 10_400)


def test_a_host_is_taken_at_its_word():
    assert parse_address("tcp://0.0.0.0:1") == Address("0.0.0.0", 1)
    assert str(parse_address("tcp://[::1]:2")) == "[::1]:2"


def test_a_path_is_a_socket_in_the_file_system():
    assert parse_address("unix:///run/a") == Path("/run/a")


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
    with pytest.raises(InputError, match=r"is no address to listen on, expected tcp://:PORT"):
        parse_address(uri)


@pytest.mark.parametrize("uri", ["tcp://:0", "tcp://127.0.0.2:0", "tcp://[::1]:0"])
def test_this_machine_alone_needs_no_warning_and_the_chosen_port_is_told(uri, caplog):
    with ListeningSocket(uri) as listening:
        assert parse_address(listening.uri).port > 0
    assert caplog.text == ""


def test_an_address_that_others_can_reach_is_warned_of_once(caplog):
    ListeningSocket("tcp://0.0.0.0:0").close()
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "encryption, can be reached by other machines, at 0.0.0.0:" in record.getMessage()


def test_a_port_in_use_is_refused():
    with (
        ListeningSocket("tcp://:0") as taken,
        pytest.raises(
            InputError, match=r"in use\), expected an address of this machine and a free"
        ),
    ):
        ListeningSocket(taken.uri)


def test_a_host_that_nobody_knows_is_refused():
    with pytest.raises(InputError, match=r"cannot listen at no-such-host\.invalid:1") as caught:
        ListeningSocket("tcp://no-such-host.invalid:1")
    assert "\n" not in str(caught.value)


def test_a_socket_file_is_told_and_goes_at_the_end(tmp_path):
    listening = ListeningSocket(f"unix://{tmp_path}/a")
    assert listening.uri == f"unix://{tmp_path}/a"
    assert (tmp_path / "a").is_socket()
    listening.close()
    listening.close()
    assert not (tmp_path / "a").exists()


def test_a_socket_file_that_is_in_use_is_refused(tmp_path):
    uri = f"unix://{tmp_path}/a"
    with ListeningSocket(uri), pytest.raises(InputError, match="is in use by another process"):
        ListeningSocket(uri)


@pytest.mark.parametrize("name", ["no/such/folder", "a" * 200, "\0"])
def test_a_path_that_cannot_be_is_refused_in_one_line(tmp_path, name):
    with pytest.raises(InputError, match="no socket can be made there") as caught:
        ListeningSocket(f"unix://{tmp_path}/{name}")
    assert "\n" not in str(caught.value)
