"""Lines of N-Quads on their way into a store that keeps a union beside its graphs.

Only for lines as serialisers write them: one space between terms, each in a named graph, no comment.
"""

from collections.abc import Iterable, Iterator
from io import BufferedReader, RawIOBase
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox
from typing_extensions import Buffer

from kg.errors import RdfSyntaxError
from kg.terms import is_in_union

__all__ = ["as_file", "by_graph", "canonical_quads", "is_shown", "load_quads", "portions", "quad", "triple"]

_BUFFER = 1 << 20
_LINES_AT_ONCE = 5_000


def triple(line: bytes) -> bytes:
    """An N-Quads line as an N-Triples line."""
    return line[: line.rindex(b" <")] + b" .\n"


def quad(line: bytes, graph: str) -> bytes:
    """An N-Triples line as an N-Quads line of a graph."""
    return line[: line.rindex(b".")] + f"<{graph}> .\n".encode()


def is_shown(line: bytes) -> bool:
    """Whether the graph of an N-Quads line is part of the union."""
    return is_in_union(line[line.rindex(b" <") + 2 : line.rindex(b">")].decode())


def by_graph(lines: Iterable[bytes]) -> dict[str, list[bytes]]:
    """The N-Triples lines of each graph."""
    triples: dict[str, list[bytes]] = {}
    for line in lines:
        start = line.rindex(b" <")
        graph = line[start + 2 : line.rindex(b">")].decode()
        triples.setdefault(graph, []).append(line[:start] + b" .\n")
    return triples


def portions(lines: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """The lines in lists of about `size` bytes."""
    batch: list[bytes] = []
    room = size
    for line in lines:
        batch.append(line)
        room -= len(line)
        if room <= 0:
            yield batch
            batch, room = [], size
    if batch:
        yield batch


def canonical_quads(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """The graph and N-Triples line of each quad of any N-Quads file; blank nodes keep their labels.

    Raises:
        RdfSyntaxError: it does not parse, or holds a triple outside all graphs.
    """
    try:
        for quad in ox.parse(path=path, format=ox.RdfFormat.N_QUADS):
            if not isinstance(quad.graph_name, ox.NamedNode):
                raise RdfSyntaxError(name, f"a triple stands in no named graph: {quad.triple}"[:300])
            yield quad.graph_name.value, f"{quad.triple} .\n".encode()
    except SyntaxError as error:
        place = name if error.lineno is None else f"{name}:{error.lineno}"
        raise RdfSyntaxError(place, " ".join(str(error.msg).split())) from error


def as_file(lines: Iterable[bytes]) -> BinaryIO:
    """Lines as a file, for a parser that reads from one."""
    return BufferedReader(_Lines(lines), _BUFFER)


class _Lines(RawIOBase):
    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        if not self._rest:
            self._rest = memoryview(b"".join(islice(self._lines, _LINES_AT_ONCE)))
        target = memoryview(buffer)
        size = min(len(target), len(self._rest))
        target[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def load_quads(engine: ox.Store, quads: Path) -> None:
    """Add the graphs of an N-Quads file to an engine, and their triples to the union."""
    with quads.open("rb") as lines:
        try:
            engine.bulk_load(path=quads, format=ox.RdfFormat.N_QUADS)
            engine.bulk_load(as_file(map(triple, filter(is_shown, lines))), ox.RdfFormat.N_TRIPLES)
        except SyntaxError as error:
            raise RdfSyntaxError(str(quads), str(error)) from error
