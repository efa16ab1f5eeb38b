"""A store on another machine: any server that speaks SPARQL 1.1 (`sparql+http://HOST:PORT/PATH`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock

import pyoxigraph as ox

from kg.errors import InputError, QueryError, QueryTimeoutError, StoreError
from kg.settings import Settings, settings
from kg.store import BoundQuery, Store, change_journal
from kg.store.bulk import by_graph, is_shown, portions, triple
from kg.store.change import UNION, Change, TripleSet, canonical, difference
from kg.store.http_client import ServerAccess
from kg.store.remote_graphs import RemoteGraphs
from kg.store.results import Result
from kg.terms import BASE, is_in_union, rejected_graph

__all__ = ["RemoteStore", "open_http", "open_https"]

_JOURNAL = f"{BASE}graph/journal"
_AT_ONCE = 20_000_000  # bytes of N-Quads in one bulk request
_GRAPHS = "SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"  # Virtuoso hangs on DISTINCT ?g


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


class RemoteStore(Store):
    """A SPARQL server that keeps the graphs; what is peculiar to its kind is left to the dialect."""

    def __init__(self, access: ServerAccess, *, write: bool) -> None:
        self._server = RemoteGraphs(access)
        self._may_write = write
        self._written: set[str] = set()
        self._writing = Lock()  # a change is computed from what is there, so changes come one by one
        if write:
            self._finish_what_was_begun()

    @property
    def folder(self) -> Path | None:
        """A folder on this machine, by the server's address."""
        return settings().search_index / sha256(self._server.query_at.encode()).hexdigest()[:16]

    @property
    def written(self) -> frozenset[str]:
        """The graphs that were written through this."""
        return frozenset(self._written)

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:
        """Make each graph hold exactly these triples; in one transaction if the server has such."""
        self._check_writable()
        with self._writing:
            change = self._change({ox.NamedNode(iri): canonical(iri, data) for iri, data in graphs.items()})
            if change.is_empty:
                return False
            self.writes += 1
            if self._server.dialect.is_atomic:
                self._server.update(change.sparql())
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
            return self._server.held_elsewhere(triples, wanted)

        return difference({graph: self._server.held(graph.value) for graph in wanted}, wanted, held_elsewhere)

    def _make(self, change: Change) -> None:
        """Make a change step by step, in an order in which the union never holds what no graph holds."""
        dialect = self._server.dialect
        for graph, triples in sorted(change.added.items(), key=lambda item: item[0] == UNION):
            name = graph.value if isinstance(graph, ox.NamedNode) else None
            self._server.add(name, [dialect.encode(f"{triple} .\n".encode()) for triple in triples])
        for update in dialect.removals(change):
            self._server.update(update)

    def _note(self, graphs: Mapping[str, bytes]) -> None:
        """Write down what shall be, so that a change that breaks off is finished by the next writer."""
        self._server.add(_JOURNAL, [*change_journal.written(graphs)])
        self._server.add(_JOURNAL, [change_journal.COMPLETE])

    def _forget(self) -> None:
        self._server.update(f"CLEAR SILENT GRAPH <{_JOURNAL}>")

    def _finish_what_was_begun(self) -> None:
        """Make a change that broke off anew; its graphs are emptied first, as the union may lack triples."""
        if self._server.dialect.is_atomic:
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
            for batch in portions(map(self._server.dialect.encode, lines), _AT_ONCE):
                if self._server.dialect.takes_quads:
                    data = b"".join([*batch, *set(map(triple, filter(is_shown, batch)))])
                    self._server.add_quads(data)
                else:
                    self._add_by_graph(batch)

    def _add_by_graph(self, batch: list[bytes]) -> None:
        """Add to the union first: what breaks off is then loaded anew, not taken for loaded."""
        self._server.add(None, sorted({*map(triple, filter(is_shown, batch))}))
        for graph, triples in by_graph(batch).items():
            self._server.add(graph, triples)

    def mend_union(self, missing: Iterable[bytes], stray: Iterable[bytes]) -> None:
        """Put triples into the union alone, and take others out of it."""
        self._check_writable()
        with self._writing:
            if lines := [*missing]:
                self._server.add(None, [*map(self._server.dialect.encode, lines)])
            gone = {quad.triple for quad in ox.parse(b"".join(stray), ox.RdfFormat.N_TRIPLES)}
            if gone:
                for update in self._server.dialect.removals(Change({UNION: gone}, {}, [])):
                    self._server.update(update)

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
        if isinstance(query, BoundQuery) and self._server.dialect.has_lateral:
            try:
                return self._server.ask(query.lateral, default_graphs, named_graphs)
            except QueryTimeoutError:
                raise
            except QueryError:  # an older release, which has no lateral joins
                pass
        text = query.text if isinstance(query, BoundQuery) else query
        given = [f"PREFIX {name}: <{iri}>" for name, iri in (prefixes or {}).items()]
        prologue = [f"BASE <{base}>", *given] if base else given
        return self._server.ask("\n".join([*prologue, text]), default_graphs, named_graphs)

    def _with_rejected(self) -> list[str]:
        """All graphs of the union and those of what reviews reject; none if nothing is rejected."""
        graphs, start = self.graphs(), str(rejected_graph(""))
        there = [it for it in graphs if it.startswith(start)]
        return [*filter(is_in_union, graphs), *there] if there else []

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        own = (graph for (graph,) in self.select(_GRAPHS).texts() if graph)
        return sorted(graph for graph in own if self._server.dialect.is_ours(graph))

    def lines(self, graph: str | None = None) -> Iterator[bytes]:
        """The triples of a graph as N-Triples lines."""
        return self._server.lines(graph)

    @property
    def size(self) -> int:
        """Number of triples in the union."""
        return self._server.count("?s ?p ?o")

    def checkpoint(self) -> None:
        """Nothing to do: readers ask the same server."""

    def refresh(self) -> bool:
        """Never anything newer: what was written is seen at once."""
        return False

    def close(self) -> None:
        """Hang up."""
        self._server.close()
