"""Keeps the graphs: one small interface, chosen by URL, with an engine behind it.

Triples cross the border as N-Triples in UTF-8, in (`bytes`) and out (lines), so that neither side needs
the other's RDF library; answers of queries are the types of `kg.store.results`.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from kg.errors import InputError, QueryError
from kg.settings import store_url
from kg.store.bound_query import BoundQuery
from kg.store.results import BooleanResult, Result, Rows, Term, Triples
from kg.store.source_paths import SourcePaths
from kg.terms import document_graph, inferred_graph

__all__ = ["BooleanResult", "BoundQuery", "Result", "Rows", "Store", "Term", "Triples", "open_store"]

Opener = Callable[[str, bool], "Store"]
OPENERS = {
    "memory": "kg.store.oxigraph:open_memory",
    "oxigraph": "kg.store.oxigraph:open_disk",
    "sparql+http": "kg.store.remote:open_http",
    "sparql+https": "kg.store.remote:open_https",
}


class Store(Protocol):
    """Named graphs, and in the default graph their union without duplicates.

    Reviews and what they reject stand in named graphs that are no part of the union.

    The union is kept in the same transaction that changes a graph: a triple leaves it when the last named
    graph that holds it lets go. A graph without triples does not exist. Blank nodes become IRIs of their
    graph (`GRAPH#c14n0`), numbered by RDFC-1.0, so that the same triples always get the same names.
    """

    writes: int = 0  # how often it was changed through this object

    @abstractmethod
    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:
        """Make each graph hold exactly these triples, in one transaction.

        Args:
            graphs: N-Triples by IRI of the graph; no triples removes the graph.

        Returns:
            Whether anything changed. If not, nothing was written.

        Raises:
            RdfSyntaxError: the N-Triples do not parse; nothing was written.
            StoreError: the store cannot be written; it is as it was.
        """

    @abstractmethod
    def bulk_load(self, quads: Path) -> None:
        """Add the graphs of an N-Quads file, and their triples to the union, at the engine's own bulk speed.

        A store on disk finishes a load that broke off when it is next opened. Elsewhere what was added stays,
        and the same call may be repeated.

        Args:
            quads: Lines as `kg read` and `kg dump` write them, without blank nodes. The store must not hold
                their graphs yet, but for what an earlier attempt left of them.

        Raises:
            RdfSyntaxError: the file does not parse.
            StoreError: the store cannot be written.
        """

    @abstractmethod
    def mend_union(self, missing: Iterable[bytes], stray: Iterable[bytes]) -> None:
        """Put triples that graphs hold into the union, and take out those that none holds.

        Args:
            missing: N-Triples lines to put in.
            stray: N-Triples lines to take out.

        Raises:
            StoreError: the store cannot be written.
        """

    @abstractmethod
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
        """Answer a SELECT (`Rows`), ASK (`BooleanResult`), CONSTRUCT or DESCRIBE (`Triples`).

        Args:
            query: SPARQL 1.1, which runs as it stands; or a question of the catalogue with its values, which
                may be written otherwise for the engine and answered from what is kept.
            default_graphs: Graphs to merge into the default graph instead of the whole union.
            named_graphs: Graphs that `GRAPH` may see, instead of all.
            base: What relative IRIs in the text are relative to; without it they are errors.
            prefixes: Namespaces by prefix that the text need not declare.
            rejected: Whether the default graph also holds what reviews reject.

        Raises:
            QueryError: the query does not parse or cannot be run.
        """

    @abstractmethod
    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""

    @abstractmethod
    def lines(self, graph: str | None = None) -> Iterator[bytes]:
        """The triples of a graph as N-Triples lines, each with its line feed, in no particular order.

        Args:
            graph: A named graph; `None` is the union of all. One that does not exist has no lines.
        """

    @property
    @abstractmethod
    def size(self) -> int:
        """Number of triples in the union; counts them all, so not for a hot path."""

    @property
    def version(self) -> str | None:
        """Names the state that queries see, and changes with it; `None` if nobody can tell."""
        return None

    @property
    def folder(self) -> Path | None:
        """Where what follows from the graphs may be kept beside them; `None` if there is no such place."""
        return None

    @property
    def revision(self) -> str | None:
        """Names the last write that queries see; later ones sort after it. `None` if nobody can tell."""
        return None

    def changed_since(self, revision: str) -> frozenset[str] | None:  # noqa: ARG002  # others know
        """The graphs that writes may have changed since a revision; `None` if that is not known."""
        return None

    @property
    def written(self) -> frozenset[str]:
        """The graphs that were written through this, of a store that has no revisions."""
        return frozenset()

    def keep(self, text: str, rows: bytes) -> None:  # noqa: ARG002  # others need them
        """Keep the answer to a question that sums up, for whoever asks the same of the same state.

        Args:
            text: That of the bound question, or of a part of one.
            rows: The answer as SPARQL results in TSV, which are read three times as fast as JSON.
        """
        return  # most stores have nowhere to

    def kept_answer(self, text: str) -> bytes | None:  # noqa: ARG002  # others have some
        """The answer to a query that is kept, as it lies there; `None` if there is none."""
        return None

    def forget(self, text: str) -> None:  # noqa: ARG002  # most stores keep none
        """Remove the answer to a query that is kept."""
        return

    @cached_property
    def origins(self) -> SourcePaths:
        """Which file each document was loaded from; a store on disk remembers it."""
        return SourcePaths()

    @abstractmethod
    def checkpoint(self) -> None:
        """Show what was written so far to readers in other processes; closing does the same."""

    @abstractmethod
    def refresh(self) -> bool:
        """Move a reader to the newest checkpoint; whether there was one. Answers under way are not hurt."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the store; a second call does nothing."""

    def replace(self, document_id: str, graphs: Mapping[str, bytes]) -> bool:
        """Make a document's two graphs hold exactly these triples; one that is not given is removed.

        Raises:
            ValueError: a graph belongs to something else.
        """
        own = _document_graphs(document_id)
        if foreign := sorted(graphs.keys() - own.keys()):
            raise ValueError(f"not a graph of document {document_id!r}: {foreign[0]}")
        return self.replace_graphs({**own, **graphs})

    def delete(self, document_id: str) -> bool:
        """Remove a document's two graphs; whether there was anything to remove."""
        return self.replace_graphs(_document_graphs(document_id))

    def select(self, query: str | BoundQuery, *, prefixes: Mapping[str, str] | None = None) -> Rows:
        """The rows of a SELECT; the arguments are those of `query`.

        Raises:
            QueryError: as in `query`, or it is another kind of query.
        """
        result = self.query(query, prefixes=prefixes)
        if not isinstance(result, Rows):
            raise QueryError("the query gives no rows; write a SELECT")
        return result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(url: str, *, write: bool = False) -> Store:
    """Open the store that `url` names: `oxigraph:PATH`, `memory:` or `sparql+http://HOST:PORT/PATH`.

    Args:
        url: Kind of store, a colon, and where it is; a path alone is a store on disk.
        write: Whether graphs will be replaced. One process at a time may write; any number may read, and
            they see the newest checkpoint. A SPARQL server cannot see to that, so its users must.

    Raises:
        InputError: there is no such kind of store.
        StoreError: the store cannot be opened.
    """
    kind, _, place = store_url(url).partition(":")
    if kind not in OPENERS:
        raise InputError(
            f"store {url!r}: no such kind of store; write oxigraph:PATH or memory: or sparql+http://…"
        )
    module, function = OPENERS[kind].split(":")
    opener: Opener = getattr(import_module(module), function)
    return opener(place, write)


def _document_graphs(document_id: str) -> dict[str, bytes]:
    return {str(document_graph(document_id)): b"", str(inferred_graph(document_id)): b""}
