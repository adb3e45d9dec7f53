import socket
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from urllib.error import HTTPError

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognizer.errors import InputError
from recognizer.metrics.server import MOST_CONNECTIONS, MOST_HEADER, MetricsServer
from tests.leaks import held, no_descriptors_left
from tests.waiting import PATIENCE, wait_until

PAGE = b"digit_listen_blocks_total 3.0\n"
GET = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def server():
    before = held()
    with MetricsServer(":0", lambda: PAGE) as server:
        yield server
    wait_until(lambda: held() <= before)


@contextmanager
def connected(server):
    place = (server.address.host, server.address.port)
    with socket.create_connection(place, timeout=PATIENCE) as client:
        yield client


def answer(client):
    """Return all that the server says until it disconnects."""
    parts = []
    with suppress(ConnectionError):
        while part := client.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def asked(server, request):
    with connected(server) as client:
        with suppress(ConnectionError):
            client.sendall(request)
        return answer(client)


def test_a_browser_gets_the_page(server):
    with urllib.request.urlopen(f"http://{server.address}/metrics", timeout=PATIENCE) as response:
        assert response.read() == PAGE
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_prometheus_numbers_come_through(metrics):
    metrics.count_block()
    with MetricsServer("127.0.0.1:0", metrics.page) as server:
        assert b"\ndigit_listen_blocks_total 1.0\n" in asked(server, GET)


def test_the_page_is_made_when_it_is_asked_for():
    pages = iter([b"first", b"second"])
    with MetricsServer(":0", lambda: next(pages)) as server:
        assert asked(server, GET).endswith(b"\r\n\r\nfirst")
        assert asked(server, GET).endswith(b"\r\n\r\nsecond")


@pytest.mark.parametrize("path", ["/", "/metric", "/metrics/", "/../metrics", "//metrics"])
def test_there_is_no_other_page(server, path):
    with pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(f"http://{server.address}{path}", timeout=PATIENCE)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get", "X"])
def test_nothing_can_be_done_but_get(server, method):
    request = f"{method} /metrics HTTP/1.1\r\n\r\n".encode()
    assert asked(server, request).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize("request_line", [b"", b"GET", b"GET /metrics", b"\xff\0 / HTTP/2", b"  "])
def test_what_is_no_http_is_a_bad_request(server, request_line):
    assert asked(server, request_line + b"\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_a_query_and_half_a_closed_connection_do_no_harm(server):
    with connected(server) as client:
        client.sendall(b"GET /metrics?name=x HTTP/1.0\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        assert answer(client).endswith(PAGE)


def test_a_header_without_end_is_ended_long_before_a_gigabyte(server):
    with connected(server) as client:
        sent = 0
        with suppress(ConnectionError):
            client.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
            while sent < 1 << 30:
                sent += client.send(b"x" * 65_536)
        # What lies between is held by the kernel.
        assert sent < 1 << 26
    assert asked(server, GET).endswith(PAGE)


def test_a_header_that_is_a_little_too_long_is_told_so(server):
    with connected(server) as client:
        client.sendall(b"GET /metrics HTTP/1.1\r\nX: ".ljust(MOST_HEADER + 100, b"x"))
        assert answer(client).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("said", [b"", b"G", GET[:-2]])
def test_who_says_too_little_is_disconnected_after_its_time(said):
    with MetricsServer(":0", lambda: PAGE, most_seconds=0.2) as server, connected(server) as client:
        client.sendall(said)
        assert answer(client) == b""


def test_so_is_who_says_it_too_slowly():
    with MetricsServer(":0", lambda: PAGE, most_seconds=0.2) as server, connected(server) as client:
        client.settimeout(0.01)
        with suppress(ConnectionError):
            while True:
                client.sendall(b"x")
                with suppress(TimeoutError):
                    if client.recv(1) == b"":
                        break


def test_so_is_who_does_not_take_the_answer():
    before = held()
    page = b"x" * (1 << 26)
    with MetricsServer(":0", lambda: page, most_seconds=0.2) as server:
        during = held()
        with connected(server) as client:
            client.sendall(GET)
            # Our own end is the one more that stays.
            wait_until(lambda: held()[0] == during[0] + 1)
    wait_until(lambda: held() <= before)


def test_idle_clients_keep_nobody_out():
    patient = MetricsServer(":0", lambda: PAGE, most_seconds=100 * PATIENCE)
    with patient as server, ExitStack() as stack:
        idle = [stack.enter_context(connected(server)) for _ in range(3 * MOST_CONNECTIONS)]
        for _ in range(3):
            assert asked(server, GET).endswith(PAGE)
        assert answer(idle[0]) == b"", "the oldest gave way"


def test_the_end_ends_all_connections_without_a_word(caplog):
    with ExitStack() as stack:
        with MetricsServer(":0", lambda: PAGE) as server:
            clients = [stack.enter_context(connected(server)) for _ in range(5)]
            clients[0].sendall(GET[:10])
            assert asked(server, GET).endswith(PAGE)
        assert [answer(client) for client in clients] == [b""] * 5
    assert [record.levelname for record in caplog.records if record.levelname != "INFO"] == []


def test_without_descriptors_one_line_is_logged_and_later_it_answers_again(server, caplog):
    waiting = socket.socket()
    waiting.settimeout(PATIENCE)
    with waiting:
        with no_descriptors_left():
            waiting.connect((server.address.host, server.address.port))
            wait_until(lambda: "no client can be taken in, Too many open files" in caplog.text)
        waiting.sendall(GET)
        assert answer(waiting).endswith(PAGE)
    assert [record.levelname for record in caplog.records].count("WARNING") == 1
    assert "Traceback" not in caplog.text


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.binary(max_size=200) | st.sampled_from([GET, GET[:20], b"\r\n\r\n"]), max_size=5)
)
def test_nothing_that_a_client_sends_keeps_the_next_from_its_answer(server, parts):
    with connected(server) as client, suppress(ConnectionError):
        for part in parts:
            client.sendall(part)
    assert asked(server, GET).endswith(PAGE)


def test_loopback_is_enough_unless_told_otherwise(server, caplog):
    assert server.address.host == "127.0.0.1"
    assert not [record for record in caplog.records if record.levelname == "WARNING"]
    with MetricsServer("0.0.0.0:0", lambda: PAGE):
        assert "the metrics server can be reached by other machines" in caplog.text


def test_ipv6():
    with MetricsServer("[::1]:0", lambda: PAGE) as server:
        assert asked(server, GET).endswith(PAGE)
        assert str(server.address).startswith("[::1]:")


def test_a_port_in_use_is_an_input_error(server):
    with pytest.raises(InputError, match=r"the metrics server cannot listen at .* in use\)"):
        MetricsServer(str(server.address), lambda: PAGE)


def test_the_same_port_can_be_had_again_at_once(server):
    asked(server, GET)
    server.close()
    server.close()
    with MetricsServer(str(server.address), lambda: PAGE) as again:
        assert asked(again, GET).endswith(PAGE)
