"""The connection to one reader process, and the clocks of the query that it works on."""

import asyncio
import signal
from collections.abc import Callable
from typing import Protocol

from kg.errors import BusyError, KgError, NoMemoryFreeError, QueryTimeoutError, QueryTooCostlyError
from kg.query_pool import protocol
from kg.query_pool.answer import Answer
from kg.query_pool.forkserver import Forkserver
from kg.query_pool.sandbox import time_worked

__all__ = ["QUICK", "Owner", "ReaderConnection"]

QUICK = 0.04  # seconds; a query that works longer counts as a long one
_LONG = 0.3  # seconds after which a long one stands back, also if no other competes with it
_SURELY = 2.0  # seconds after which a query is a long one, even if it had to wait for a processor
_PATIENCE = 10  # times the deadline that a client may take to fetch what is there
_OVERFLOW = -signal.SIGSEGV  # the stack is full


class Owner(Protocol):
    """Who is told what becomes of a connection."""

    def on_idle(self, connection: "ReaderConnection") -> None:
        """The connection can take another question."""

    def on_long_query(self, connection: "ReaderConnection") -> None:
        """Its query is not a quick one."""

    def on_exit(self, connection: "ReaderConnection") -> None:
        """Its process is no more."""


class _PausableTimer:
    """Calls back after a number of seconds, of which only those count while it runs."""

    def __init__(self, seconds: float, callback: Callable[[], None]) -> None:
        self._left, self._callback = seconds, callback
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0

    def run(self) -> None:
        self._since = self._loop.time()
        self._timer = self._loop.call_later(max(self._left, 0), self._callback)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._left -= self._loop.time() - self._since


class ReaderConnection(asyncio.Protocol):
    """One reader process, and at most one answer that it works on.

    Attributes:
        process: Its number.
        is_long: Whether the query that it works on is a long one.
        client: For whom it works.
        lent: Bytes of memory that it has been lent besides its share.
        is_short: Whether its query had less than one may have, at first or at all.
        ready: Whether it has opened the store; known when that is done, or when it has ended before.
        stands_back: Whether it has given up its share of the processors, which it cannot get back.
    """

    _transport: asyncio.Transport

    def __init__(self, process: int, forkserver: Forkserver, owner: Owner) -> None:
        self.process = process
        self.is_long = False
        self.client: str | None = None
        self.lent = 0
        self.is_short = False
        self.stands_back = self._is_idle = False
        self._forkserver, self._owner = forkserver, owner
        self._buffer = bytearray()
        self._answer: Answer | None = None
        self._is_ended = False
        self._working: _PausableTimer | None = None
        self._waiting: _PausableTimer | None = None
        self._quick: asyncio.TimerHandle | None = None
        self._worked: float | None = None
        self._asked = 0.0
        self.ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Have the store opened before anybody asks."""
        self._transport = transport  # type: ignore[assignment]  # of a socket, so it is a two-way one
        self.remind()

    def remind(self) -> None:
        """Have the reader look for a newer state of the store."""
        self._transport.write(protocol.frame(protocol.ASK, b""))

    def ask(self, question: protocol.QueryRequest, seconds: float) -> Answer:
        """Send a question; the answer has to be there after a number of seconds."""
        answer = self._answer = Answer(self)
        self._transport.write(question.packed())
        loop = asyncio.get_running_loop()
        self._asked, self._worked = loop.time(), None
        self._quick = loop.call_later(QUICK, self._mark_long)
        self._working = _PausableTimer(seconds, lambda: self.end(QueryTimeoutError(seconds)))
        self._waiting = _PausableTimer(seconds * _PATIENCE, self.abandon)
        self._working.run()
        return answer

    def stand_back(self, *, idle: bool = False) -> None:
        """Leave this reader a small share of the processors, or with `idle` what nobody else wants."""
        if not self.stands_back or idle > self._is_idle:
            self.stands_back, self._is_idle = True, idle
            self._forkserver.stand_back(self.process, idle=idle)

    def end(self, error: KgError | None = None) -> None:
        """Kill the process; whoever waits for its answer gets the error."""
        if self._is_ended:
            return
        self._is_ended = True
        self._settle(is_ready=False)
        self._stop()
        if self._answer is not None:
            self._answer.fail(error or BusyError("the server is stopping"))
            self._answer = None
        self._forkserver.kill(self.process)
        self._forkserver.forget(self.process)
        self._transport.abort()
        self._owner.on_exit(self)

    def pause(self) -> None:
        """Take no more for now; the time of the query stands still meanwhile."""
        self._transport.pause_reading()
        if self._working is not None and self._waiting is not None:
            self._working.stop()
            self._waiting.run()

    def resume(self) -> None:
        """Take more."""
        if self._is_ended or self._answer is None:
            return
        self._transport.resume_reading()
        if self._working is not None and self._waiting is not None:
            self._waiting.stop()
            self._working.run()

    def abandon(self) -> None:
        """Nobody wants the rest of the answer."""
        self.end(QueryTimeoutError(0))

    def data_received(self, data: bytes) -> None:
        """Pass on what the reader sends."""
        self._buffer += data
        for kind, payload in protocol.frames(self._buffer):
            if kind == protocol.READY:
                self._settle(is_ready=True)
            elif self._answer is not None:
                self._answer.take(kind, payload)
                if self._answer.is_over:
                    self._finish(self._answer)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """The process is gone; find out why, if somebody waits for it."""
        if self._is_ended:
            return
        if self._answer is None:
            return self.end()
        self._stop()
        self._explaining = asyncio.get_running_loop().create_task(self._explain())

    async def _explain(self) -> None:
        code = await self._forkserver.exit_code(self.process)
        if code == -signal.SIGKILL:
            return self.end(BusyError("the process was ended from outside; try again in a moment"))
        if code == _OVERFLOW:
            return self.end(QueryTooCostlyError("the query is nested too deeply"))
        if self.is_short:
            return self.end(NoMemoryFreeError())
        self.end(QueryTooCostlyError("the query needs more memory than it may have"))

    def _settle(self, *, is_ready: bool) -> None:
        if not self.ready.done():
            self.ready.set_result(is_ready)

    def _finish(self, answer: Answer) -> None:
        self._stop()
        self._answer = None
        if (answer.tail is not None and answer.tail.leaves) or self.stands_back:
            return self.end()
        self._owner.on_idle(self)

    def _mark_long(self) -> None:
        """Tell a long query from a quick one that waits for a processor on a machine under load."""
        loop, worked = asyncio.get_running_loop(), time_worked(self.process)
        if self._worked is None:
            self._worked = worked
        is_early = loop.time() - self._asked < _SURELY
        if is_early and worked is not None and self._worked is not None and worked - self._worked < QUICK / 2:
            self._quick = loop.call_later(QUICK / 2, self._mark_long)
            return
        self._quick = loop.call_later(_LONG - QUICK, self.stand_back)
        self._owner.on_long_query(self)

    def _stop(self) -> None:
        if self._quick is not None:
            self._quick.cancel()
        for clock in (self._working, self._waiting):
            if clock is not None:
                clock.stop()
        self._quick = self._working = self._waiting = None
