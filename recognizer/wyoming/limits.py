"""What one client may ask for, so that none can harm the others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of a Wyoming server; whoever oversteps one is told so and disconnected.

    Attributes:
        clients: most clients at a time.
        header_bytes: longest header line of an event.
        data_bytes: most bytes of JSON behind a header.
        payload_bytes: most bytes of sound in one event.
        idle_seconds: longest time without an event.
        event_seconds: longest time from the first byte of an event to its last.
        write_seconds: longest time that a client may leave its answers unread.

    """

    clients: int = 16
    header_bytes: int = 64 * 2**10
    data_bytes: int = 64 * 2**10
    payload_bytes: int = 2**20
    idle_seconds: float = 300.0
    event_seconds: float = 10.0
    write_seconds: float = 10.0
