"""Hears all clients in rounds, so that their windows are classified together."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from recognizer.detection import Detection
from recognizer.listener_pool import ListenerPool, PooledStream

_Found = defaultdict[PooledStream, list[Detection]]


@dataclass(frozen=True)
class _Piece:
    """What one client adds to a round, and where it waits for the answer."""

    pool: ListenerPool
    stream: PooledStream
    hear: Callable[[], None]
    answer: asyncio.Future[list[Detection]]

    def tell(self, done: asyncio.Future[_Found]) -> None:
        if self.answer.done():
            return
        if error := done.exception():
            self.answer.set_exception(error)
        else:
            self.answer.set_result(done.result()[self.stream])


class Rounds:
    """Hears pieces of many streams; those that come during a round make up the next one.

    Nobody waits for others to come, and nobody longer than for two rounds. What a client may add
    to a round is bounded by its waiting for the answer, so nothing is skipped. Belongs to one event
    loop.

    Args:
        executor: does the work, in one thread.

    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._waiting: list[_Piece] = []
        self._is_at_work = False

    async def hear(
        self, pool: ListenerPool, stream: PooledStream, hear: Callable[[], None]
    ) -> list[Detection]:
        """Return what is decided in a stream once ``hear`` has let it hear more.

        Args:
            pool: of the stream.
            stream: has no other piece waiting.
            hear: called in the executor's thread.

        """
        answer: asyncio.Future[list[Detection]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Piece(pool, stream, hear, answer))
        if not self._is_at_work:
            self._begin()
        return await answer

    def _begin(self) -> None:
        # Whoever is gone is not waited for.
        pieces = [piece for piece in self._waiting if not piece.answer.done()]
        self._waiting = []
        self._is_at_work = bool(pieces)
        if pieces:
            loop = asyncio.get_running_loop()
            done = loop.run_in_executor(self._executor, _work, pieces)
            done.add_done_callback(partial(self._end, pieces))

    def _end(self, pieces: Sequence[_Piece], done: asyncio.Future[_Found]) -> None:
        # The next round is at work while this one's answers are sent.
        self._begin()
        for piece in pieces:
            piece.tell(done)


def _work(pieces: Sequence[_Piece]) -> _Found:
    for piece in pieces:
        piece.hear()
    found: _Found = defaultdict(list)
    for pool in {piece.pool for piece in pieces}:
        for stream, detection in pool.work():
            found[stream].append(detection)
    return found
