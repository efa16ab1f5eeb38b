"""The graphs of a SPARQL server: how they are asked for, added to and handed out."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.change import TripleSet, canonical
from kg.store.dialects import DIALECTS, Dialect, form
from kg.store.http_client import ROWS, TRIPLES, HttpClient, ServerAccess
from kg.store.results import BooleanResult, Result, Rows, Triples
from kg.terms import ON_RECORD

__all__ = ["RemoteGraphs"]

_ASKED_AT_ONCE = 500  # triples in one question of who holds them
_QUADS = "application/n-quads"
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_SHOWN = " ".join(f'FILTER(!STRSTARTS(STR(?g), "{start}"))' for start in ON_RECORD)


class RemoteGraphs:
    """What is said to one server, with its addresses; the union is the graph without a name.

    Attributes:
        dialect: What is peculiar to its kind.
        query_at: Where it answers queries.
    """

    def __init__(self, access: ServerAccess) -> None:
        self.dialect = _dialect(access)
        located = self.dialect.located(access)
        self.query_at = located.query or access.address
        self._update_at = located.update or access.address
        self._graphs_at = located.graphs or access.address
        self._server: HttpClient | None = HttpClient(access, digest=self.dialect.digest)

    @property
    def _connection(self) -> HttpClient:
        if self._server is None:
            raise StoreError("the store is closed")
        return self._server

    def ask(
        self,
        text: str,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Result:
        """The answer to a query.

        Raises:
            QueryError: the server does not take it.
            StoreError: what it answers is not sound.
        """
        asked, params = self.dialect.query(text, default_graphs, named_graphs)
        gives_triples = form(text) in ("CONSTRUCT", "DESCRIBE")
        accept = TRIPLES if gives_triples else ROWS
        answer = self._connection.ask(self.query_at, asked, params, accept)
        try:
            return self._triples(answer.body) if gives_triples else _rows(self.dialect.rows(text, answer))
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self.query_at} gave no sound answer: {error}") from error

    def _triples(self, body: IO[bytes]) -> Triples:
        kept = ox.Store()  # its answers are the type that `Triples` streams from
        kept.bulk_load(self.dialect.decode(body.read()), ox.RdfFormat.N_TRIPLES)
        answer = kept.query(_ALL)
        assert isinstance(answer, ox.QueryTriples)
        return Triples(answer)

    def update(self, text: str) -> None:
        """Run an update."""
        self._connection.update(self._update_at, text)

    def add_quads(self, data: bytes) -> None:
        """Add N-Quads, on a server that takes them."""
        self._connection.post(self._graphs_at, {}, data, _QUADS)

    def add(self, graph: str | None, triples: list[bytes]) -> None:
        """Add triples to a graph or, without one, to the union."""
        short = [line for line in triples if len(line) <= self.dialect.longest_line]
        if short:
            self._connection.post(self._graphs_at, self.dialect.place(graph), b"".join(short), TRIPLES)
        where = self.dialect.pattern(graph)
        for line in triples:
            if len(line) > self.dialect.longest_line:
                self.update(f"INSERT DATA {{ {where} {{ {line.decode()} }} }}")

    def lines(self, graph: str | None = None) -> Iterator[bytes]:
        """The triples of a graph as N-Triples lines."""
        number = 0
        with self._connection.get(self._graphs_at, self.dialect.place(graph)) as body:
            for line in body:
                for quad in ox.parse(self.dialect.decode(line), ox.RdfFormat.N_TRIPLES):
                    number += 1
                    yield f"{quad.triple} .\n".encode()
        if self.dialect.fewest_cut is not None and number >= self.dialect.fewest_cut:
            self._check_whole(graph, number)

    def _check_whole(self, graph: str | None, number: int) -> None:
        pattern = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        if number < (count := self.count(pattern)):
            raise StoreError(
                f"{self._graphs_at} gives {number} of the {count} triples of {graph or 'the union'}; "
                "raise its ResultSetMaxRows"
            )

    def count(self, pattern: str) -> int:
        """Number of solutions of a pattern."""
        [(count,)] = self._select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}").texts()
        return int(count or 0)

    def held(self, graph: str) -> TripleSet:
        """The triples of a named graph."""
        return canonical(graph, b"".join(self.lines(graph)))

    def held_elsewhere(self, triples: TripleSet, graphs: Mapping[ox.NamedNode, object]) -> TripleSet:
        """Of some triples, those that another named graph holds."""
        condition = f"FILTER(?g NOT IN ({', '.join(map(str, graphs))})) {_SHOWN}"
        long = {it for it in triples if len(str(it)) > self.dialect.longest_line}
        waiting, held = iter(triples - long), {it for it in long if self._is_held(it, condition)}
        while batch := [*islice(waiting, _ASKED_AT_ONCE)]:
            values = " ".join(f"({it.subject} {it.predicate} {it.object})" for it in batch)
            answer = self.ask(
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?p ?o) {{ {values} }} "
                f"GRAPH ?g {{ ?s ?p ?o }} {condition} }}"
            )
            assert isinstance(answer, Triples)
            held.update(answer)
        return held

    def _is_held(self, triple: ox.Triple, condition: str) -> bool:
        """Whether a graph holds a triple that is too long for a query."""
        pattern = f"GRAPH ?g {{ {triple.subject} {triple.predicate} ?o }} {condition}"
        rows = self._select(f"SELECT ?g WHERE {{ {pattern} }} GROUP BY ?g")
        return any(triple in self.held(graph) for (graph,) in rows.texts() if graph)

    def _select(self, text: str) -> Rows:
        answer = self.ask(text)
        assert isinstance(answer, Rows)
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._server is not None:
            self._server.close()
            self._server = None


def _rows(body: IO[bytes]) -> Rows | BooleanResult:
    found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    return BooleanResult(found) if isinstance(found, ox.QueryBoolean) else Rows(found, keep=body)


def _dialect(access: ServerAccess) -> Dialect:
    """The dialect that is named, or that fits what the server calls itself."""
    if access.dialect != "auto":
        return DIALECTS[access.dialect]()
    connection = HttpClient(access)
    try:
        server = connection.server(access.address)
    finally:
        connection.close()
    return next((kind() for name, kind in DIALECTS.items() if name in server), Dialect())
