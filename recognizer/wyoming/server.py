"""A Wyoming server in a thread of its own, beside whatever else a program does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from recognizer.closing import Closing
from recognizer.decoding.decoder import DecoderParameters
from recognizer.errors import DigitListenError
from recognizer.listener import DEFAULT_VAD
from recognizer.listener_pool import ListenerPool
from recognizer.metadata import Metadata
from recognizer.recognizer import Recognizer
from recognizer.windows import DEFAULT_HOP
from recognizer.wyoming.address import ListeningSocket, parse_address
from recognizer.wyoming.limits import Limits
from recognizer.wyoming.rounds import Rounds

if TYPE_CHECKING:
    from wyoming.event import Event

    from recognizer.wyoming.session import Service

# The package wyoming is an extra, so what needs it is imported inside functions.


class WyomingServer(Closing):
    """Tells clients which keywords are in the sound that they send; closes itself in a ``with``.

    Every client has streams of its own, which are heard as Listener hears. One thread talks with
    the clients, another classifies for them, windows of many at once. A client is read as fast as
    its sound is heard.

    Args:
        uri: tcp://:PORT for this machine alone, tcp://HOST:PORT, or unix:///PATH; with port 0 the
            system chooses one.
        recognizer: tells the words apart; belongs to the caller, and may be used elsewhere too.
        hop: seconds between windows, 0.01 to 1.
        vad: webrtcvad aggressiveness 0..3, or None to classify every window.
        parameters: of the decoder.
        limits: of each client.
        languages: of the keywords, told to clients.

    Raises:
        InputError: the URI is no address.
        DigitListenError: the package wyoming is missing.

    """

    def __init__(
        self,
        uri: str,
        recognizer: Recognizer,
        *,
        hop: float = DEFAULT_HOP,
        vad: int | None = DEFAULT_VAD,
        parameters: DecoderParameters | None = None,
        limits: Limits | None = None,
        languages: Sequence[str] = ("en",),
    ) -> None:
        parse_address(uri)
        self._uri = uri
        self._languages = languages
        self._limits = limits or Limits()
        self._serving: _Serving | None = None
        self.use(recognizer, hop=hop, vad=vad, parameters=parameters)

    @property
    def uri(self) -> str:
        """Where it listens; once started, with the port that the system chose."""
        return self._serving.listening.uri if self._serving else self._uri

    def use(
        self,
        recognizer: Recognizer,
        *,
        hop: float = DEFAULT_HOP,
        vad: int | None = DEFAULT_VAD,
        parameters: DecoderParameters | None = None,
    ) -> None:
        """Serve clients that connect from now on with these; the others keep what they have.

        Args:
            recognizer: see the class, as for the others.
            hop: seconds between windows, 0.01 to 1.
            vad: webrtcvad aggressiveness 0..3, or None to classify every window.
            parameters: of the decoder.

        """
        self._hearing = _Hearing(
            _info(recognizer.metadata, self._languages),
            recognizer.keywords,
            ListenerPool(recognizer, hop=hop, vad=vad, parameters=parameters, may_skip=False),
        )

    def start(self) -> Self:
        """Listen, and serve from now on.

        Raises:
            InputError: the address is in use or cannot be opened.

        """
        if self._serving is None:
            self._serving = _Serving(ListeningSocket(self._uri), self._service)
        return self

    def close(self) -> None:
        """End all clients within a second; closing twice does no harm."""
        serving, self._serving = self._serving, None
        if serving:
            serving.close()

    def _service(self, rounds: Rounds) -> Service:
        from recognizer.wyoming.session import Service

        hearing = self._hearing
        return Service(
            info=hearing.info,
            keywords=hearing.keywords,
            pool=hearing.pool,
            rounds=rounds,
            limits=self._limits,
        )


@dataclass(frozen=True)
class _Hearing:
    """What belongs to one recognizer and is exchanged as a whole."""

    info: Event
    keywords: tuple[str, ...]
    pool: ListenerPool


class _Serving:
    """A running server: its socket, its thread and its event loop."""

    def __init__(
        self, listening: ListeningSocket, make_service: Callable[[Rounds], Service]
    ) -> None:
        self.listening = listening
        self._make_service = make_service
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="wyoming", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self.listening.close()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        from recognizer.wyoming.clients import Clients

        with ThreadPoolExecutor(1, "wyoming-hearing") as executor:
            make_service = partial(self._make_service, Rounds(executor))
            clients = Clients(make_service)
            limit = make_service().limits.header_bytes
            server = await asyncio.start_server(
                clients.connected, sock=self.listening.socket, limit=limit
            )
            await self._stop.wait()
            server.close()
            await clients.end_all()


def _info(metadata: Metadata, languages: Sequence[str]) -> Event:
    try:
        from recognizer.wyoming.description import info_event
    except ModuleNotFoundError:
        raise DigitListenError(
            "the Python package wyoming is missing; pip install 'digit-listen[wyoming]' brings it"
        ) from None
    return info_event(metadata, languages)
