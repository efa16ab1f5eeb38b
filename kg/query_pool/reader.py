"""The work of a reader process: answers questions one by one until it is told to go, or killed."""

import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.errors import ForbiddenError, KgError, QuerySyntaxError, StoreError
from kg.queries import PREFIXES
from kg.query_pool import protocol, sandbox
from kg.query_pool.result_writer import ClientGoneError, ResultWriter, send
from kg.query_pool.serialization import serialize
from kg.query_pool.static_checks import refuse_outside_calls
from kg.store import Result, Store, Triples, open_store
from kg.store.error_messages import explained

__all__ = ["ReaderLimits", "work"]

_LEFT_BEHIND = 64_000_000  # bytes that a query may leave in memory; with more, the process had better go
_LOOK_AFTER = 0.02  # seconds; a quicker query leaves nothing, and looking costs as much as it does


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What readers work under.

    Attributes:
        url: The store, as for `open_store`.
        rows: Rows or triples of one answer.
        memory: Bytes that one query may use.
        share: Bytes of them that it has from the start.
        network: Whether queries may reach out.
        hosts: That SERVICE may ask.
    """

    url: str
    rows: int
    memory: int
    share: int
    network: bool
    hosts: Sequence[str] = ()


def work(channel: socket.socket, limits: ReaderLimits) -> None:
    """Answer the questions that come through `channel` until it is closed."""
    sandbox.end_with_parent()
    if not limits.network:
        sandbox.forbid_network()
    reader = _Reader(channel, limits)
    try:
        for question in _questions(channel):
            if not reader.answer(question):
                return
            if question is None:
                send(channel, protocol.frame(protocol.READY, b""))
    except ClientGoneError:
        return


def _questions(channel: socket.socket) -> Iterator[protocol.QueryRequest | None]:
    """The questions that come in; `None` is a reminder to look for a newer state of the store."""
    buffer = bytearray()
    while data := channel.recv(1 << 20):
        buffer += data
        for _, payload in protocol.frames(buffer):
            yield protocol.QueryRequest.unpacked(payload) if payload else None


class _Reader:
    """One reader at work."""

    def __init__(self, channel: socket.socket, limits: ReaderLimits) -> None:
        self._channel, self._limits = channel, limits
        self._store: Store | None = None
        self._at_rest = 0

    def answer(self, question: protocol.QueryRequest | None) -> bool:
        """Answer one question; whether this process is fit for another."""
        try:
            store = self._refreshed()
            return question is None or self._answer(store, question)
        except (KgError, RuntimeError, OSError) as error:
            if question is not None:
                self._fail(_failure(error))
            return True
        except MemoryError:
            return False  # as if it had died of it

    def _refreshed(self) -> Store:
        if self._store is None:
            self._store = open_store(self._limits.url)
            self._at_rest = sandbox.memory_in_use()
            sandbox.limit_memory(self._limits.share, self._limits.memory)
        else:
            self._store.refresh()
        return self._store

    def _answer(self, store: Store, question: protocol.QueryRequest) -> bool:
        started = time.monotonic()
        refuse_outside_calls(question.text, self._limits.hosts)
        result = store.query(
            question.query,
            default_graphs=question.default_graphs,
            named_graphs=question.named_graphs,
            base=question.base,
            prefixes=PREFIXES if question.prefixed else None,
            rejected=question.rejected,
        )
        format = question.triples if isinstance(result, Triples) else question.rows
        if format is None:
            self._fail(protocol.Failure("acceptable", _kind(result)))
            return True
        writer = ResultWriter(self._channel, format, gzip=question.gzip)
        is_cut = serialize(result, format, writer, self._limits.rows)
        leaves = time.monotonic() - started > _LOOK_AFTER and self._is_swollen()
        writer.finish(cut=is_cut, leaves=leaves)
        return not leaves

    def _is_swollen(self) -> bool:
        return sandbox.memory_in_use() - self._at_rest > _LEFT_BEHIND

    def _fail(self, failure: protocol.Failure) -> None:
        send(self._channel, protocol.frame(protocol.FAIL, failure))


def _kind(result: Result) -> str:
    return "triples" if isinstance(result, Triples) else "rows"


def _failure(error: Exception) -> protocol.Failure:
    if isinstance(error, RuntimeError):  # of the engine, over what is stored
        error = explained(error)
    if isinstance(error, StoreError):
        return protocol.Failure("store", str(error))
    if isinstance(error, ForbiddenError):
        return protocol.Failure("forbidden", str(error))
    if isinstance(error, QuerySyntaxError):
        return protocol.Failure("syntax", error.problem, error.line, error.column)
    return protocol.Failure("query", str(error))
