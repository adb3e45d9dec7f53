"""Addresses at which other programs reach this one over the network."""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
from dataclasses import dataclass

from recognizer.errors import InputError

LOOPBACK = "127.0.0.1"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where to listen.

    Attributes:
        host: a name or an IP address, an IPv6 address without brackets.
        port: 0..65535; 0 takes any that is free.

    """

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Return the address in HOST:PORT, [IPV6]:PORT or, for loopback, :PORT.

    Raises:
        InputError: it is none of these.

    """
    match = re.fullmatch(r"(?:\[([^\s\[\]]+)\]|([^\s\[\]:]*)):([0-9]{1,5})", text)
    if match is None or int(match[3]) > 65_535:
        raise InputError(
            f"{text!r} is no address, expected HOST:PORT such as {LOOPBACK}:9100, [::1]:9100 or "
            f":9100, which is {LOOPBACK}:9100"
        )
    return Address(match[1] or match[2] or LOOPBACK, int(match[3]))


def listen(address: Address, what: str) -> socket.socket:
    """Return a TCP socket that listens there; warns where other machines can reach it.

    Args:
        address: from it the first IP address is taken, IPv4 before IPv6.
        what: listens there, for messages.

    Raises:
        InputError: there is no such address here, or the port is taken.

    """
    try:
        families = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, *_, place = min(families, key=lambda found: found[0] != socket.AF_INET)
        listener = socket.create_server(place[:2], family=family)
    except (OSError, UnicodeError) as error:
        # Behind the reason, the standard library tells the address once more.
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (")[0]
        raise InputError(
            f"{what} cannot listen at {address} ({reason}), expected an address of this machine "
            "and a free port"
        ) from None
    warn_if_reachable(listener, what)
    return listener


def warn_if_reachable(listener: socket.socket, what: str) -> None:
    """Log a warning if other machines may reach this listening TCP socket."""
    host, port = listener.getsockname()[:2]
    if not ipaddress.ip_address(host).is_loopback:
        logger.warning("%s can be reached by other machines, at %s", what, Address(host, port))
