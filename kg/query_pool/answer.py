"""An answer on its way from a reader process to whoever asked."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import IO, Protocol

from kg.errors import (
    ForbiddenError,
    KgError,
    NotAcceptableError,
    QueryError,
    QuerySyntaxError,
    QueryTooCostlyError,
    StoreError,
)
from kg.query_pool import protocol

__all__ = ["Answer", "Source"]

_HIGH, _LOW = 512_000, 128_000  # bytes that wait here before the reader has to pause, and may go on


class Source(Protocol):
    """Where an answer comes from."""

    def pause(self) -> None:
        """Send nothing more for now."""

    def resume(self) -> None:
        """Go on sending."""

    def abandon(self) -> None:
        """Nobody wants the rest."""


class _NoSource:
    """Where an answer comes from that is all here."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def abandon(self) -> None: ...


_NOBODY = _NoSource()


class Answer:
    """The bytes of an answer, in blocks while they come.

    Attributes:
        head: Its format, known as soon as the answer is open.
        tail: What is known at its end; `None` before.
    """

    head: protocol.Head

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks: deque[bytes] = deque()
        self._size = 0
        self._is_paused = False
        self._is_open = False
        self._failure: KgError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.tail: protocol.Tail | None = None

    @classmethod
    def of(cls, head: protocol.Head, body: bytes) -> "Answer":
        """An answer that is known already."""
        answer = cls(_NOBODY)
        answer.head, answer._is_open, answer.tail = head, True, protocol.Tail(bool(head.cut), leaves=False)
        answer._blocks.append(body)
        return answer

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.tail is not None or self._failure is not None

    @property
    def is_cut(self) -> bool:
        """Whether rows were left out, as far as is known yet."""
        return self.tail is not None and self.tail.cut

    async def open(self) -> None:
        """Wait until the answer begins.

        Raises:
            KgError: there is none; the kind of error says why.
        """
        while not self._is_open:
            if self._failure is not None:
                raise self._failure
            await self._wait()

    async def complete(self) -> bytes:
        """All bytes, which stay here for whoever takes the answer; only for one whose end is on its way.

        Raises:
            KgError: the rest will not come.
        """
        while self.tail is None:
            if self._failure is not None:
                raise self._failure
            await self._wait()
        return b"".join(self._blocks)

    async def blocks(self) -> AsyncIterator[bytes]:
        """The bytes, block by block.

        Raises:
            KgError: the rest will not come.
        """
        while True:
            while self._blocks:
                yield self._next()
            if self._failure is not None:
                raise self._failure
            if self.tail is not None:
                return
            await self._wait()

    async def collected(
        self, file: IO[bytes], most: int, count: Callable[[int], object] = lambda _: None
    ) -> int:
        """Write all bytes to a file; how many there are.

        An answer that is sent on only when it is whole is never broken off, and whoever fetches it slowly
        keeps no reader waiting.

        Args:
            file: Where to, best one on disk.
            most: Bytes that it may have.
            count: Told of each block's bytes before they are written; may raise.

        Raises:
            QueryTooCostlyError: it has more.
            KgError: the rest will not come.
        """
        size = 0
        async for block in self.blocks():
            count(len(block))
            size += file.write(block)
            if size > most:
                raise QueryTooCostlyError(
                    f"the answer has more than {most} bytes; ask for fewer rows at a time"
                )
        file.seek(0)
        return size

    async def body(self) -> bytes:
        """All bytes at once.

        Raises:
            KgError: the rest will not come.
        """
        return b"".join([block async for block in self.blocks()])

    def close(self) -> None:
        """Let go of an answer, whether it is over or not."""
        if not self.is_over:
            self._source.abandon()

    def take(self, kind: int, payload: bytes) -> None:
        """Take in a frame from the reader."""
        if kind == protocol.DATA:
            self._blocks.append(payload)
            self._size += len(payload)
            if self._size > _HIGH and not self._is_paused:
                self._is_paused = True
                self._source.pause()
        elif kind == protocol.HEAD:
            self.head, self._is_open = protocol.Head(*json.loads(payload)), True
        elif kind == protocol.END:
            self.tail = protocol.Tail(*json.loads(payload))
        else:
            self._failure = _ERRORS[(told := protocol.Failure(*json.loads(payload))).problem](told)
        self._wake()

    def fail(self, error: KgError) -> None:
        """Note that no more will come, and why."""
        if not self.is_over:
            self._failure = error
            self._wake()

    def _next(self) -> bytes:
        block = self._blocks.popleft()
        self._size -= len(block)
        if self._is_paused and self._size < _LOW:
            self._is_paused = False
            self._source.resume()
        return block

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _syntax(told: protocol.Failure) -> KgError:
    return QuerySyntaxError(told.text, told.line, told.column)


def _unacceptable(told: protocol.Failure) -> KgError:
    return NotAcceptableError(told.text, known=())


_ERRORS: dict[str, Callable[[protocol.Failure], KgError]] = {
    "syntax": _syntax,
    "acceptable": _unacceptable,
    "forbidden": lambda told: ForbiddenError(told.text),
    "query": lambda told: QueryError(told.text),
    "store": lambda told: StoreError(told.text),
}
