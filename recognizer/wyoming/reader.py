"""Reads events from a client that may send anything, in bounded memory and time."""

from __future__ import annotations

import asyncio
import json
import reprlib
from collections.abc import Mapping
from typing import Any

from wyoming.event import Event

from recognizer.errors import InputError
from recognizer.wyoming.limits import Limits

_SHOWN_LENGTH = 160


async def read_event(reader: asyncio.StreamReader, limits: Limits) -> Event | None:
    """Return the client's next event, or None where the client has ended the connection.

    Args:
        reader: made with ``limits.header_bytes`` as its limit.
        limits: of sizes and times.

    Raises:
        InputError: what came is no event, oversteps a limit or ends in its middle.
        OSError: the connection broke.

    """
    try:
        async with asyncio.timeout(limits.idle_seconds):
            first = await reader.read(1)
    except TimeoutError:
        raise InputError(
            f"nothing came for {limits.idle_seconds:g} s; expected an event within that time"
        ) from None
    return await _event_in_time(first, reader, limits) if first else None


async def _event_in_time(first: bytes, reader: asyncio.StreamReader, limits: Limits) -> Event:
    try:
        async with asyncio.timeout(limits.event_seconds):
            return await _event(first, reader, limits)
    except TimeoutError:
        raise InputError(
            f"an event was not complete after {limits.event_seconds:g} s; "
            "expected all of it within that time"
        ) from None
    except asyncio.IncompleteReadError:
        raise InputError("the connection ended in the middle of an event") from None


async def _event(first: bytes, reader: asyncio.StreamReader, limits: Limits) -> Event:
    header = _object(await _line(first, reader, limits.header_bytes), "the header line")
    kind = header.get("type")
    if not isinstance(kind, str):
        raise InputError('the header has no type; expected {"type": "NAME", ...}')
    data_length = _length(header, "data_length", limits.data_bytes)
    payload_length = _length(header, "payload_length", limits.payload_bytes)
    data = _inline_data(header)
    if data_length:
        data |= _object(await reader.readexactly(data_length), "the data behind the header")
    payload = await reader.readexactly(payload_length) if payload_length else None
    return Event(kind, data, payload)


async def _line(first: bytes, reader: asyncio.StreamReader, longest: int) -> bytes:
    try:
        return first if first == b"\n" else first + await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        raise InputError(f"a header line is too long; expected at most {longest} bytes") from None


def _object(text: bytes, what: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError(f"{what} is {shown(text)}; expected a JSON object")
    return value


def _inline_data(header: Mapping[str, Any]) -> dict[str, Any]:
    data = header.get("data")
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError(f"the header's data is {shown(data)}; expected a JSON object")
    return data


def _length(header: Mapping[str, Any], key: str, longest: int) -> int:
    length = header.get(key)
    if length is None:
        return 0
    if isinstance(length, bool) or not isinstance(length, int) or not 0 <= length <= longest:
        raise InputError(f"the header's {key} is {shown(length)}; expected 0 to {longest} bytes")
    return length


def shown(value: object) -> str:
    """Return a client's value for a message: one short line, however long or deep the value is."""
    short = reprlib.Repr()
    short.maxlevel, short.maxstring, short.maxother = 2, 60, 60
    return short.repr(value)[:_SHOWN_LENGTH]
