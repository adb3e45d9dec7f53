"""What a service tells its manager, in systemd's notify protocol: datagrams to a Unix socket."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Mapping

logger = logging.getLogger(__name__)

_LONGEST_STATUS = 500
"""Characters; a status is one line on a screen."""


class Notifier:
    """Sends notifications to the service manager; does nothing where there is none.

    A notification that cannot be sent is no reason to stop listening: the first one that fails is
    logged as a warning.

    Args:
        address: path of the manager's socket, or @ and its abstract name; None where there is none.

    """

    def __init__(self, address: str | None) -> None:
        self._address = address
        self._has_failed = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Notifier:
        """Return the notifier that the manager asked for, with NOTIFY_SOCKET."""
        return cls(environment.get("NOTIFY_SOCKET") or None)

    def ready(self) -> None:
        """Tell that starting, or reloading, is done."""
        self._send("READY=1")

    def reloading(self) -> None:
        """Tell that reloading has begun; ``ready`` ends it."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._send(f"RELOADING=1\nMONOTONIC_USEC={now}")

    def stopping(self) -> None:
        """Tell that the end has begun."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """Tell people in one line what the service does."""
        line = " ".join(text.split())
        self._send(f"STATUS={line[:_LONGEST_STATUS]}")

    def alive(self) -> None:
        """Pat the manager's watchdog."""
        self._send("WATCHDOG=1")

    def _send(self, message: str) -> None:
        if self._address is None:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
                sender.sendto(message.encode(errors="replace"), _socket_name(self._address))
        except (OSError, ValueError) as error:
            self._warn(error)

    def _warn(self, error: Exception) -> None:
        if not self._has_failed:
            self._has_failed = True
            logger.warning("the service manager at %s cannot be told: %s", self._address, error)


def _socket_name(address: str) -> str:
    return f"\0{address[1:]}" if address.startswith("@") else address
