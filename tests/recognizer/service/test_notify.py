import logging

import pytest

from recognizer.service.notify import Notifier
from recognizer.service.watchdog import Watchdog, watchdog_seconds
from tests.service_manager import Manager


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    # Abstract names are shared by the whole machine.
    abstract = f"@digit-listen-test{tmp_path}"[:100]
    manager = Manager(abstract if request.param == "abstract" else str(tmp_path / "notify"))
    yield manager
    manager.close()


def test_each_notification_is_one_datagram(manager):
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": manager.address})
    notifier.ready()
    notifier.status("listening to a microphone")
    notifier.alive()
    notifier.stopping()
    assert manager.drain() == [
        "READY=1",
        "STATUS=listening to a microphone",
        "WATCHDOG=1",
        "STOPPING=1",
    ]


def test_reloading_tells_when_it_began(manager):
    Notifier(manager.address).reloading()
    first, second = manager.drain()
    assert first == "RELOADING=1"
    assert second.removeprefix("MONOTONIC_USEC=").isdigit()


def test_a_status_cannot_say_anything_else(manager):
    Notifier(manager.address).status("lost\nREADY=1 \ud800" + "x" * 10_000)
    (line,) = manager.drain()
    assert line.startswith("STATUS=lost READY=1 ?xxx")
    assert len(line) < 1_000


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": ""}])
def test_without_a_manager_nothing_happens(environment, caplog):
    Notifier.from_environment(environment).ready()
    assert caplog.text == ""


@pytest.mark.parametrize("address", ["/no/such/socket", "vsock:2:1", "x" * 500, "@" + "x" * 500])
def test_a_manager_that_cannot_be_told_is_one_warning(address, caplog):
    notifier = Notifier(address)
    for _ in range(3):
        notifier.ready()
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert address in record.getMessage()


def test_a_full_socket_delays_nobody(tmp_path, caplog):
    manager = Manager(str(tmp_path / "notify"))
    notifier = Notifier(manager.address)
    for _ in range(10_000):
        notifier.alive()
    assert len(caplog.records) == 1
    manager.close()


def test_the_watchdog_is_patted_twice_as_often_as_asked(manager):
    now = 0.0
    watchdog = Watchdog(Notifier(manager.address), 30.0, lambda: now)
    for tick in range(61):
        now = float(tick)
        watchdog.pat()
    # At 0, 15, 30, 45 and 60 s.
    assert manager.drain() == ["WATCHDOG=1"] * 5


def test_nobody_pats_a_watchdog_that_is_not_there(manager):
    Watchdog(Notifier(manager.address), None).pat()
    assert manager.drain() == []


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "-5"}, None),
        ({"WATCHDOG_USEC": "³"}, None),
    ],
)
def test_the_manager_says_how_long_it_waits_for_a_sign_of_life(environment, seconds):
    assert watchdog_seconds(environment, process=7) == seconds
