"""A store on another machine: any server that speaks SPARQL 1.1 (`sparql+http://HOST:PORT/PATH`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import IO

import pyoxigraph as ox

from kg.errors import InputError, QueryError, QueryTimeoutError, StoreError
from kg.settings import Settings, settings
from kg.store import BoundQuery, Store, change_journal
from kg.store.bulk import by_graph, is_shown, portions, triple
from kg.store.change import UNION, Change, TripleSet, canonical, difference
from kg.store.dialects import DIALECTS, Dialect, form
from kg.store.http_client import ROWS, TRIPLES, HttpClient, ServerAccess
from kg.store.results import BooleanResult, Result, Rows, Triples
from kg.terms import BASE, ON_RECORD, is_in_union, rejected_graph

__all__ = ["RemoteStore", "open_http", "open_https"]

_JOURNAL = f"{BASE}graph/journal"
_ASKED_AT_ONCE = 500  # triples in one question of who holds them
_AT_ONCE = 20_000_000  # bytes of N-Quads in one bulk request
_QUADS = "application/n-quads"
_GRAPHS = "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"  # Virtuoso hangs on DISTINCT ?g
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def open_http(place: str, write: bool) -> Store:
    """The store at `http:` and `place`, with what the settings say of how to get there."""
    return RemoteStore(access_from(f"http:{place}", settings()), write=write)


def open_https(place: str, write: bool) -> Store:
    """The store at `https:` and `place`, with what the settings say of how to get there."""
    return RemoteStore(access_from(f"https:{place}", settings()), write=write)


def access_from(address: str, chosen: Settings) -> ServerAccess:
    """How to get at the server of an address.

    Raises:
        InputError: the address names no server.
    """
    if not address.partition("://")[2]:
        raise InputError(
            f"store 'sparql+{address}': the server is missing; write sparql+http://HOST:PORT/PATH"
        )
    return ServerAccess(
        address,
        chosen.store_dialect,
        query=chosen.store_query,
        update=chosen.store_update,
        graphs=chosen.store_graphs,
        user=chosen.store_user,
        password=chosen.store_password.get_secret_value() if chosen.store_password else "",
        token=chosen.store_token.get_secret_value() if chosen.store_token else None,
        timeout=chosen.store_timeout,
        retries=chosen.store_retries,
    )


_SHOWN = " ".join(f'FILTER(!STRSTARTS(STR(?g), "{start}"))' for start in ON_RECORD)


class RemoteStore(Store):
    """A SPARQL server that keeps the graphs; what is peculiar to its kind is left to the dialect."""

    def __init__(self, access: ServerAccess, *, write: bool) -> None:
        self._dialect = _dialect(access)
        located = self._dialect.located(access)
        self._query_at = located.query or access.address
        self._update_at = located.update or access.address
        self._graphs_at = located.graphs or access.address
        self._server: HttpClient | None = HttpClient(access, digest=self._dialect.digest)
        self._may_write = write
        self._written: set[str] = set()
        self._writing = Lock()  # a change is computed from what is there, so changes come one by one
        if write:
            self._finish_what_was_begun()

    @property
    def folder(self) -> Path | None:
        """A folder on this machine, by the server's address."""
        return settings().search_index / sha256(self._query_at.encode()).hexdigest()[:16]

    @property
    def written(self) -> frozenset[str]:
        """The graphs that were written through this."""
        return frozenset(self._written)

    @property
    def _connection(self) -> HttpClient:
        if self._server is None:
            raise StoreError("the store is closed")
        return self._server

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:
        """Make each graph hold exactly these triples; in one transaction if the server has such."""
        self._check_writable()
        with self._writing:
            change = self._change({ox.NamedNode(iri): canonical(iri, data) for iri, data in graphs.items()})
            if change.is_empty:
                return False
            self.writes += 1
            if self._dialect.is_atomic:
                self._connection.update(self._update_at, change.sparql())
            else:
                self._note(graphs)
                self._make(change)
                self._forget()
            self._written.update(graphs)
            return True

    def _check_writable(self) -> None:
        if not self._may_write:
            raise StoreError("the store was opened for reading; open it with write=True")

    def _change(self, wanted: Mapping[ox.NamedNode, TripleSet]) -> Change:
        def held_elsewhere(triples: TripleSet) -> TripleSet:
            return self._held_elsewhere(triples, wanted)

        return difference({graph: self._held(graph.value) for graph in wanted}, wanted, held_elsewhere)

    def _make(self, change: Change) -> None:
        """Make a change step by step, in an order in which the union never holds what no graph holds."""
        for graph, triples in sorted(change.added.items(), key=lambda item: item[0] == UNION):
            name = graph.value if isinstance(graph, ox.NamedNode) else None
            self._add(name, [self._dialect.encode(f"{triple} .\n".encode()) for triple in triples])
        for update in self._dialect.removals(change):
            self._connection.update(self._update_at, update)

    def _note(self, graphs: Mapping[str, bytes]) -> None:
        """Write down what shall be, so that a change that breaks off is finished by the next writer."""
        self._add(_JOURNAL, [*change_journal.written(graphs)])
        self._add(_JOURNAL, [change_journal.COMPLETE])

    def _forget(self) -> None:
        self._connection.update(self._update_at, f"CLEAR SILENT GRAPH <{_JOURNAL}>")

    def _finish_what_was_begun(self) -> None:
        """Make a change that broke off anew; its graphs are emptied first, as the union may lack triples."""
        if self._dialect.is_atomic:
            return
        noted = change_journal.read(self.lines(_JOURNAL))
        if noted is None:
            return
        wanted = {ox.NamedNode(iri): canonical(iri, data) for iri, data in noted.items()}
        self._make(self._change({graph: TripleSet() for graph in wanted}))
        self._make(self._change(wanted))
        self._forget()

    def bulk_load(self, quads: Path) -> None:
        """Add the graphs of an N-Quads file with few large requests."""
        self._check_writable()
        with self._writing, quads.open("rb") as lines:
            self.writes += 1
            for batch in portions(map(self._dialect.encode, lines), _AT_ONCE):
                if self._dialect.takes_quads:
                    data = b"".join([*batch, *set(map(triple, filter(is_shown, batch)))])
                    self._connection.post(self._graphs_at, {}, data, _QUADS)
                else:
                    self._add_by_graph(batch)

    def _add_by_graph(self, batch: list[bytes]) -> None:
        """Add to the union first: what breaks off is then loaded anew, not taken for loaded."""
        self._add(None, sorted({*map(triple, filter(is_shown, batch))}))
        for graph, triples in by_graph(batch).items():
            self._add(graph, triples)

    def mend_union(self, missing: Iterable[bytes], stray: Iterable[bytes]) -> None:
        """Put triples into the union alone, and take others out of it."""
        self._check_writable()
        with self._writing:
            if lines := [*missing]:
                self._add(None, [*map(self._dialect.encode, lines)])
            gone = {quad.triple for quad in ox.parse(b"".join(stray), ox.RdfFormat.N_TRIPLES)}
            if gone:
                for update in self._dialect.removals(Change({UNION: gone}, {}, [])):
                    self._connection.update(self._update_at, update)

    def _add(self, graph: str | None, triples: list[bytes]) -> None:
        """Add triples to a graph or, without one, to the union."""
        short = [line for line in triples if len(line) <= self._dialect.longest_line]
        if short:
            self._connection.post(self._graphs_at, self._dialect.place(graph), b"".join(short), TRIPLES)
        where = self._dialect.pattern(graph)
        for line in triples:
            if len(line) > self._dialect.longest_line:
                self._connection.update(self._update_at, f"INSERT DATA {{ {where} {{ {line.decode()} }} }}")

    def query(
        self,
        query: str | BoundQuery,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        base: str | None = None,
        prefixes: Mapping[str, str] | None = None,
        rejected: bool = False,
    ) -> Result:
        """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE; ours with lateral joins if it knows them."""
        if rejected and default_graphs is None and (whole := self._with_rejected()):
            return self.query(
                query, default_graphs=whole, named_graphs=named_graphs, base=base, prefixes=prefixes
            )
        if isinstance(query, BoundQuery) and self._dialect.has_lateral:
            try:
                return self._ask(query.lateral, default_graphs, named_graphs)
            except QueryTimeoutError:
                raise
            except QueryError:  # an older release, which has no lateral joins
                pass
        text = query.text if isinstance(query, BoundQuery) else query
        given = [f"PREFIX {name}: <{iri}>" for name, iri in (prefixes or {}).items()]
        prologue = [f"BASE <{base}>", *given] if base else given
        return self._ask("\n".join([*prologue, text]), default_graphs, named_graphs)

    def _with_rejected(self) -> list[str]:
        """All graphs of the union and those of what reviews reject; none if nothing is rejected."""
        graphs, start = self.graphs(), str(rejected_graph(""))
        there = [it for it in graphs if it.startswith(start)]
        return [*filter(is_in_union, graphs), *there] if there else []

    def _ask(
        self, text: str, default_graphs: Sequence[str] | None, named_graphs: Sequence[str] | None
    ) -> Result:
        asked, params = self._dialect.query(text, default_graphs, named_graphs)
        gives_triples = form(text) in ("CONSTRUCT", "DESCRIBE")
        accept = TRIPLES if gives_triples else ROWS
        answer = self._connection.ask(self._query_at, asked, params, accept)
        try:
            return self._triples(answer.body) if gives_triples else _rows(self._dialect.rows(text, answer))
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self._query_at} gave no sound answer: {error}") from error

    def _triples(self, body: IO[bytes]) -> Triples:
        kept = ox.Store()  # its answers are the type that `Triples` streams from
        kept.bulk_load(self._dialect.decode(body.read()), ox.RdfFormat.N_TRIPLES)
        answer = kept.query(_ALL)
        assert isinstance(answer, ox.QueryTriples)
        return Triples(answer)

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        own = (graph for (graph,) in self.select(_GRAPHS).texts() if graph)
        return sorted(graph for graph in own if self._dialect.is_ours(graph))

    def lines(self, graph: str | None = None) -> Iterator[bytes]:
        """The triples of a graph as N-Triples lines."""
        number = 0
        with self._connection.get(self._graphs_at, self._dialect.place(graph)) as body:
            for line in body:
                for quad in ox.parse(self._dialect.decode(line), ox.RdfFormat.N_TRIPLES):
                    number += 1
                    yield f"{quad.triple} .\n".encode()
        if self._dialect.fewest_cut is not None and number >= self._dialect.fewest_cut:
            self._check_whole(graph, number)

    def _check_whole(self, graph: str | None, number: int) -> None:
        pattern = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        if number < (count := self._count(pattern)):
            raise StoreError(
                f"{self._graphs_at} gives {number} of the {count} triples of {graph or 'the union'}; "
                "raise its ResultSetMaxRows"
            )

    @property
    def size(self) -> int:
        """Number of triples in the union."""
        return self._count("?s ?p ?o")

    def _count(self, pattern: str) -> int:
        [(count,)] = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}").texts()
        return int(count or 0)

    def checkpoint(self) -> None:
        """Nothing to do: readers ask the same server."""

    def refresh(self) -> bool:
        """Never anything newer: what was written is seen at once."""
        return False

    def close(self) -> None:
        """Hang up."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _held(self, graph: str) -> TripleSet:
        return canonical(graph, b"".join(self.lines(graph)))

    def _held_elsewhere(self, triples: TripleSet, graphs: Mapping[ox.NamedNode, object]) -> TripleSet:
        """Of some triples, those that another named graph holds."""
        condition = f"FILTER(?g NOT IN ({', '.join(map(str, graphs))})) {_SHOWN}"
        long = {it for it in triples if len(str(it)) > self._dialect.longest_line}
        waiting, held = iter(triples - long), {it for it in long if self._is_held(it, condition)}
        while batch := [*islice(waiting, _ASKED_AT_ONCE)]:
            values = " ".join(f"({it.subject} {it.predicate} {it.object})" for it in batch)
            answer = self.query(
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?p ?o) {{ {values} }} "
                f"GRAPH ?g {{ ?s ?p ?o }} {condition} }}"
            )
            assert isinstance(answer, Triples)
            held.update(answer)
        return held

    def _is_held(self, triple: ox.Triple, condition: str) -> bool:
        """Whether a graph holds a triple that is too long for a query."""
        pattern = f"GRAPH ?g {{ {triple.subject} {triple.predicate} ?o }} {condition}"
        rows = self.select(f"SELECT ?g WHERE {{ {pattern} }} GROUP BY ?g")
        return any(triple in self._held(graph) for (graph,) in rows.texts() if graph)


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
