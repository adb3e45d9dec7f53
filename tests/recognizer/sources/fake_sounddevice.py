"""A stand-in for the module sounddevice, to inject what no real device can be made to do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from types import ModuleType, SimpleNamespace

import numpy as np


@dataclass(frozen=True)
class Delivery:
    """What a device has the next time it is asked.

    Attributes:
        count: samples.
        overflowed: whether it lost sound before them.
        wait: seconds in which it has nothing.

    """

    count: int
    overflowed: bool = False
    wait: float = 0.0


class FakeSounddevice(ModuleType):
    """One input at 16 kHz that delivers this, and then fails or delivers nothing any more."""

    class PortAudioError(Exception):
        pass

    def __init__(self, deliveries: Sequence[Delivery], *, then_fails: bool = True) -> None:
        super().__init__("sounddevice")
        self.default = SimpleNamespace(device=[0, 0])
        self.open_streams = 0
        self.all_delivered = Event()
        self._deliveries = list(deliveries)
        self._then_fails = then_fails

    def query_devices(self) -> list[dict[str, object]]:
        return [
            {
                "index": 0,
                "name": "fake",
                "default_samplerate": 16_000.0,
                "max_input_channels": 1,
            }
        ]

    def InputStream(self, **_: object) -> _Stream:  # noqa: N802
        self.open_streams += 1
        return _Stream(self)


class _Stream:
    def __init__(self, module: FakeSounddevice) -> None:
        self._module = module
        self._wait_until = 0.0

    def start(self) -> None:
        pass

    def close(self) -> None:
        self._module.open_streams = 0

    @property
    def read_available(self) -> int:
        deliveries = self._module._deliveries
        if time.monotonic() < self._wait_until:
            return 0
        if not deliveries:
            self._module.all_delivered.set()
            if self._module._then_fails:
                raise self._module.PortAudioError("gone")
            return 0
        if deliveries[0].wait:
            self._wait_until = time.monotonic() + deliveries.pop(0).wait
            return 0
        return deliveries[0].count

    def read(self, count: int) -> tuple[np.ndarray, bool]:
        delivery = self._module._deliveries.pop(0)
        assert count == delivery.count, "must not read more than there is"
        return np.full((count, 1), 0.1, np.float32), delivery.overflowed
