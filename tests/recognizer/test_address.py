import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.address import Address, listen, parse_address
from recognizer.errors import InputError


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("example.org:80", "example.org", 80),
        ("127.0.0.1:9100", "127.0.0.1", 9100),
        ("[::1]:9100", "::1", 9100),
        ("[fe80::1%eth0]:1", "fe80::1%eth0", 1),
        ("0.0.0.0:0", "0.0.0.0", 0),
        (":65535", "127.0.0.1", 65_535),
    ],
)
def test_a_host_and_a_port(text, host, port):
    assert parse_address(text) == Address(host, port)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9100",
        "host",
        "host:",
        "host:x",
        "host: 1",
        "host:65536",
        "host:-1",
        "host:80\n",
        "host:٣",
        "a b:80",
        "::1:80",
        "[::1]",
        "[]:1",
        "[::1:80",
        "[a]b:1",
        "http://host:80",
    ],
)
def test_anything_else_is_refused_in_one_line_that_says_what_is_expected(text):
    with pytest.raises(InputError, match=r"expected HOST:PORT such as 127\.0\.0\.1:9100") as error:
        parse_address(text)
    assert "\n" not in str(error.value)


@given(st.text() | st.from_regex(r"\[?[\w.:%]{0,9}\]?:[0-9]{1,6}"))
def test_any_text_is_an_address_that_reads_the_same_again_or_an_input_error(text):
    try:
        address = parse_address(text)
    except InputError:
        return
    assert 0 <= address.port <= 65_535
    assert address.host
    assert parse_address(str(address)) == address


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "::1"])
def test_loopback_is_no_reason_to_warn(host, caplog):
    with listen(Address(host, 0), "the server") as listener:
        assert listener.getsockname()[0] in {"127.0.0.1", "::1"}
    assert not caplog.records


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "0"])
def test_an_address_that_others_reach_is_worth_a_warning(host, caplog):
    with listen(Address(host, 0), "the server") as listener:
        port = listener.getsockname()[1]
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "the server can be reached by other machines" in record.getMessage()
    assert str(port) in record.getMessage()


def test_a_port_that_is_taken_is_an_input_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = Address("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(InputError, match=r"cannot listen at .*\(Address already in use\)"):
            listen(address, "the server")


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b", "x" * 70, "256.1.1.1.1", "a\0b", "\udc80"])
def test_a_host_that_is_not_here_is_an_input_error(host):
    with pytest.raises(InputError, match="the server cannot listen at") as error:
        listen(Address(host, 0), "the server")
    assert "\n" not in str(error.value)
