"""How the server and its reader processes talk: frames over a socket.

A frame is one byte for its kind, four for the length of what follows, and that. A small answer is
`HEAD DATA END` in one piece; a long one has many `DATA`; `FAIL` stands in for whatever is left of an answer.
A question is an `ASK`; an empty one only has the reader look for a newer state of the store, after which it
is `READY` for questions.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Literal as Choice
from typing import NamedTuple

from kg.store.bound_query import BoundQuery

__all__ = ["ASK", "DATA", "END", "FAIL", "HEAD", "READY", "Failure", "Head", "QueryRequest", "Tail", "edge",
           "frame", "frames", "whole_graph"]  # fmt: skip

ASK, HEAD, DATA, END, FAIL, READY = range(1, 7)
PREFIX = struct.Struct("!BI")
Problem = Choice["syntax", "query", "forbidden", "acceptable", "store"]


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query and how its answer shall look.

    Attributes:
        query: SPARQL 1.1, a query rather than an update; or a question of the catalogue with its values.
        rows: Format of the answer of a SELECT or ASK; `None` if the client takes none that there is.
        triples: Format of the answer of a CONSTRUCT or DESCRIBE, likewise.
        default_graphs: Graphs to merge into the default graph; `None` for the union of all.
        named_graphs: Graphs that `GRAPH` may see; `None` for all.
        gzip: Whether the answer may come compressed.
        base: What relative IRIs are relative to; without it they are errors.
        prefixed: Whether it need not declare the prefixes of the project.
        rejected: Whether the default graph also holds what reviews reject.
    """

    query: str | BoundQuery
    rows: str | None = "json"
    triples: str | None = "turtle"
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    gzip: bool = False
    base: str | None = None
    prefixed: bool = False
    rejected: bool = False

    @property
    def text(self) -> str:
        """The SPARQL of it."""
        return self.query.text if isinstance(self.query, BoundQuery) else self.query

    def packed(self) -> bytes:
        """The question as a frame."""
        return frame(ASK, astuple(self))

    @classmethod
    def unpacked(cls, payload: bytes) -> "QueryRequest":
        """The question of a frame."""
        query, rows, triples, default_graphs, named_graphs, *rest = json.loads(payload)
        if not isinstance(query, str):
            text, lateral, parts, sums_up = query
            query = BoundQuery(text, lateral, tuple((part, alone) for part, alone in parts), sums_up)
        default_graphs = None if default_graphs is None else tuple(default_graphs)
        named_graphs = None if named_graphs is None else tuple(named_graphs)
        return cls(query, rows, triples, default_graphs, named_graphs, *rest)


def whole_graph(graph: str | None, format: str, *, gzip: bool = False) -> QueryRequest:
    """The question for all triples of a graph; `None` is the union of all."""
    default = None if graph is None else (graph,)
    named = None if graph is None else ()
    query = "CONSTRUCT WHERE { ?s ?p ?o }"
    return QueryRequest(query, None, format, default_graphs=default, named_graphs=named, gzip=gzip)


class Head(NamedTuple):
    """What is known before the first byte of an answer.

    Attributes:
        format: Name of the format, a key of `kg.store.results`.
        gzip: Whether the bytes are compressed.
        cut: Whether rows or triples are left out; `None` while that is not known.
    """

    format: str
    gzip: bool
    cut: bool | None


class Tail(NamedTuple):
    """What is known after the last byte: whether rows were left out, and whether the reader now goes."""

    cut: bool
    leaves: bool


class Failure(NamedTuple):
    """Why there is no answer, or no more of it."""

    problem: Problem
    text: str
    line: int | None = None
    column: int | None = None


def frame(kind: int, payload: bytes | tuple[object, ...]) -> bytes:
    """One frame."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return PREFIX.pack(kind, len(data)) + data


@lru_cache
def edge(kind: int, payload: Head | Tail) -> bytes:
    """The frame of a beginning or an end, of which there are few different ones."""
    return frame(kind, payload)


def frames(buffer: bytearray) -> Iterator[tuple[int, bytes]]:
    """The whole frames at the start of `buffer`, which are taken out of it."""
    start = 0
    while len(buffer) - start >= PREFIX.size:
        kind, length = PREFIX.unpack_from(buffer, start)
        end = start + PREFIX.size + length
        if len(buffer) < end:
            break
        yield kind, bytes(buffer[start + PREFIX.size : end])
        start = end
    del buffer[:start]
