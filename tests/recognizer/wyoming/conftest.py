"""Running servers that tell the tones low and high apart."""

import itertools

import pytest

from recognizer.wyoming.server import WyomingServer


@pytest.fixture
def new_uri(tmp_path):
    """Return what makes a free address for a transport, "tcp" or "unix"."""
    numbers = itertools.count()

    def make(transport):
        return {"tcp": "tcp://:0", "unix": f"unix://{tmp_path}/{next(numbers)}.socket"}[transport]

    return make


@pytest.fixture
def serve(tones, new_uri):
    """Return what starts a server, by default on a Unix socket."""
    servers = []

    def start(transport="unix", recognizer=tones, **settings):
        server = WyomingServer(new_uri(transport), recognizer, **settings).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.close()
