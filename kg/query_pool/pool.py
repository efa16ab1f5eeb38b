"""Lets strangers ask: each query in a process of its own, with bounds on time, memory, rows and number.

Quick queries never wait for long ones. A query that has worked for some `QUICK` seconds counts as long; when
it goes on it has to stand back, and when there are as many as processors, they get what nobody else wants. Of
all processes `RESERVED` are never left to long ones: a query that would take the last of them is told to come
back. Of what is not known to be long, one client has few at once: the rest waits, so that many queries of one
hold up nobody else.
Whoever has sent a long one lately leaves the last readers that are ready to others, and waits for more.

All queries share one budget of memory: each begins with a share of it, a long one is lent more while there is
some, and one that began with its share and died of it is tried once more with what can be lent.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from kg.errors import BusyError, KgError, NoMemoryFreeError, StoreError, TooLargeError
from kg.query_pool import protocol
from kg.query_pool.answer import Answer
from kg.query_pool.cache import AnswerCache
from kg.query_pool.connection import ReaderConnection
from kg.query_pool.fair_queue import CLIENT, FairQueue
from kg.query_pool.forkserver import Forkserver
from kg.query_pool.memory_budget import MemoryBudget
from kg.query_pool.reader import ReaderLimits
from kg.query_pool.reader_memory import ReaderMemory
from kg.query_pool.slow_clients import SlowClients
from kg.settings import Settings
from kg.store.bound_query import BoundQuery
from kg.store.results import Rows, parsed

__all__ = ["RESERVED", "Occupancy", "QueryPool"]

RESERVED = 2
_AT_REST = 3  # readers that are kept when nobody asks
_SPARE = 2  # readers that are ready for the next who asks, as long as there may be more
_ROUND = 5.0  # seconds between two looks after the idle readers
_LOCAL = ("oxigraph:", "memory:")


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How many readers answer, how many of them long queries, how many are idle, how many queries wait."""

    busy: int
    long: int
    idle: int
    waiting: int


class QueryPool:
    """Answers queries from outside. Belongs to the event loop in which it is first used.

    Attributes:
        ended: How many queries were ended or turned away, by the name of the error.
        cache: Short answers that need no reader.
    """

    def __init__(self, options: Settings, *, version: Callable[[], str | None] = lambda: None) -> None:
        """QueryPool a store by the settings; `version` tells its state, so that answers can be kept."""
        self._options = options
        self.cache = AnswerCache(options.query_cache, version)
        network = bool(options.service_hosts) or not options.store.startswith(_LOCAL)
        hosts = options.service_hosts
        budget = MemoryBudget(options)
        self._forkserver = Forkserver(
            ReaderLimits(options.store, options.query_rows, budget.most, budget.share, network, hosts)
        )
        self._memory = ReaderMemory(budget, self._forkserver)
        self._share = max(2, min(options.query_readers // 2, (os.cpu_count() or 1) + 1))
        self._kept_ready = min(_SPARE, options.query_readers - RESERVED)  # for who sends no long queries
        self._idle: list[ReaderConnection] = []
        self._busy: set[ReaderConnection] = set()
        self._waiters: FairQueue[ReaderConnection] = FairQueue(options.query_queue)
        self._starting: set[asyncio.Task[None]] = set()
        self._slow = SlowClients()
        self._rounds: asyncio.Task[None] | None = None
        self.ended: Counter[str] = Counter()

    async def start(self) -> None:
        """Have the first readers ready."""
        if self._rounds is None:
            self._rounds = asyncio.get_running_loop().create_task(self._look_after())
            await asyncio.gather(*(self._spawn() for _ in range(_AT_REST)))

    async def close(self) -> None:
        """End all readers, and the queries that they work on."""
        if self._rounds is not None:
            self._rounds.cancel()
            self._rounds = None
        starting = [*self._starting]
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        for connection in [*self._busy, *self._idle]:
            connection.end()
        self._forkserver.close()
        await asyncio.sleep(0)  # transports close themselves in the next round of the loop

    @property
    def occupancy(self) -> Occupancy:
        """Who does what now."""
        return Occupancy(len(self._busy), self._long, len(self._idle), len(self._waiters))

    @property
    def trouble(self) -> str | None:
        """Why queries cannot be answered now; `None` while they can, as far as is known."""
        return self._forkserver.trouble

    @property
    def _long(self) -> int:
        return sum(connection.is_long for connection in self._busy)

    async def ask(self, question: protocol.QueryRequest, *, timeout: float | None = None) -> Answer:
        """The answer to a query, open; whoever gets it must close it.

        Args:
            question: What to ask.
            timeout: Seconds; the settings say how many at most.

        Raises:
            QuerySyntaxError: the query does not parse.
            QueryError: it cannot be run.
            ForbiddenError: it would ask another server.
            TooLargeError: its text is too long.
            NotAcceptableError: the question names no format for this kind of query.
            QueryTimeoutError: it ran into its deadline.
            QueryTooCostlyError: it needs too much memory.
            BusyError: there is no room for it now.
            StoreError: the store cannot be read.
        """
        if len(question.text.encode()) > self._options.query_bytes:
            raise TooLargeError("the query", self._options.query_bytes)
        state = self.cache.state
        if (kept := self.cache.find(question)) is not None:
            return kept
        seconds = min(timeout or self._options.query_timeout, self._options.query_timeout)
        end = asyncio.get_running_loop().time() + seconds
        try:
            try:
                return await self._asked(question, state, seconds)
            except NoMemoryFreeError:
                left = max(end - asyncio.get_running_loop().time(), 0)
                return await self._asked(question, state, left, needs_more=True)
        except KgError as error:
            self.ended[type(error).__name__] += 1
            raise

    async def _asked(
        self, question: protocol.QueryRequest, state: str | None, seconds: float, *, needs_more: bool = False
    ) -> Answer:
        connection = await self._free_line(seconds)
        if needs_more and not self._memory.lend(connection, is_at_work=False):
            self.on_idle(connection)
            raise NoMemoryFreeError
        answer = connection.ask(question, seconds)
        try:
            await answer.open()
            await self.cache.keep(question, answer, state)
        except asyncio.CancelledError:
            answer.close()
            raise
        return answer

    def select(self, query: str | BoundQuery) -> Rows:
        """The rows of a SELECT, for a thread that can wait, and reads them itself; the same bounds hold.

        Raises:
            KgError: as for `ask`; not from the event loop itself, which would wait for itself.
        """
        if self._rounds is None:
            raise StoreError("nobody is there to answer queries yet; try again in a moment")
        asked = self._rows(protocol.QueryRequest(query, rows="tsv", triples=None))
        return Rows(parsed(asyncio.run_coroutine_threadsafe(asked, self._rounds.get_loop()).result()))

    async def _rows(self, question: protocol.QueryRequest) -> bytes:
        answer = await self.ask(question)
        try:
            return await answer.body()
        finally:
            answer.close()

    async def _free_line(self, seconds: float) -> ReaderConnection:
        if self._rounds is None:
            await self.start()
        client = CLIENT.get()
        if self._idle and self._may_have_one(client):
            connection = self._idle.pop()
            self._take(connection, client)
            if len(self._idle) < _SPARE:
                self._grow()
            return connection
        return await self._wait(client, seconds)

    def _left_of_share(self, client: str) -> int:
        """How many more queries a client may have begun before it is known that they are long."""
        return self._share - sum(not it.is_long and it.client == client for it in self._busy)

    def _may_have_one(self, client: str) -> bool:
        """Whether a client may have one of the idle readers."""
        if self._left_of_share(client) <= 0:
            return False
        return len(self._idle) > self._kept_ready or client not in self._slow

    def _take(self, connection: ReaderConnection, client: str) -> None:
        connection.client = client
        self._busy.add(connection)

    async def _wait(self, client: str, seconds: float) -> ReaderConnection:
        try:
            waiter = self._waiters.join(client)
            try:
                self._grow()
                async with asyncio.timeout(seconds):
                    return await waiter
            except (asyncio.CancelledError, TimeoutError) as error:
                if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                    self.on_idle(waiter.result())  # it was given away at the same time
                if isinstance(error, asyncio.CancelledError):
                    raise
                raise BusyError(f"no process was free for {seconds:g} s; try again in a moment") from error
            finally:
                self._waiters.leave(client, waiter)
        except BusyError:
            self.ended["BusyError"] += 1
            raise

    def _grow(self) -> None:
        """Start more readers for those who wait and the next ones, if there may be more."""
        number = len(self._busy) + len(self._idle) + len(self._starting)
        waiting = self._waiters.places().items()
        needed = sum(max(min(places, self._left_of_share(client)), 0) for client, places in waiting)
        wanted = needed + max(_SPARE - len(self._idle), 0) - len(self._starting)
        for _ in range(min(wanted, self._options.query_readers - number)):
            task = asyncio.get_running_loop().create_task(self._spawn())
            self._starting.add(task)
            task.add_done_callback(self._started)

    def _started(self, task: asyncio.Task[None]) -> None:
        self._starting.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), StoreError):
            self._waiters.fail(error)

    async def _spawn(self) -> None:
        process, channel = await self._forkserver.spawn()
        connection = ReaderConnection(process, self._forkserver, self)
        self._memory.take_back(connection)
        await asyncio.get_running_loop().create_unix_connection(lambda: connection, sock=channel)
        try:
            is_ready = await connection.ready
        except asyncio.CancelledError:
            connection.end()
            raise
        if not is_ready:
            raise StoreError("the process that was to read the store has ended; try again in a moment")
        self._idle.insert(0, connection)  # those that have answered before are a little quicker
        self._serve()

    def on_idle(self, connection: ReaderConnection) -> None:
        """Give a connection to whose turn it is."""
        connection.is_long = False
        if connection.lent:
            self._memory.take_back(connection)
            self._forkserver.limit_memory(connection.process, self._memory.share)
        self._busy.discard(connection)
        self._idle.append(connection)
        self._serve()

    def _serve(self) -> None:
        """Give the idle connections to those who wait and may have one."""
        while self._idle:
            client = self._waiters.give(self._idle[-1], self._may_have_one)
            if client is None:
                return
            self._take(self._idle.pop(), client)

    def on_long_query(self, connection: ReaderConnection) -> None:
        """Make a long query stand back, or end it if long ones have all that they may have."""
        if self._long >= self._options.query_readers - RESERVED:
            return connection.end(BusyError("too many long queries are running; try again in a moment"))
        connection.is_long = True
        self._memory.lend(connection, is_at_work=True)
        self._slow.note(connection.client or "")
        if self._long >= (os.cpu_count() or 1):
            for other in self._busy:
                if other.is_long:
                    other.stand_back(idle=True)
        self._serve()
        self._grow()

    def on_exit(self, connection: ReaderConnection) -> None:
        """Replace a reader, if somebody waits for one or none is left."""
        self._memory.take_back(connection)
        self._busy.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        if self._rounds is not None:
            self._serve()
            self._grow()

    async def _look_after(self) -> None:
        """Let go of readers that nobody needs; move the others to the newest state of the store."""
        while True:
            await asyncio.sleep(_ROUND)
            for connection in self._idle[:-_AT_REST]:
                connection.end()
            for connection in self._idle:
                connection.remind()
            if not (self._idle or self._busy or self._starting):
                self._grow()
