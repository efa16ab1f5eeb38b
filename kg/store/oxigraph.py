"""The embedded store: Oxigraph on disk (`oxigraph:PATH`) or in memory (`memory:`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import TypeAlias, TypeVar

import pyoxigraph as ox

from kg.errors import InputError, QueryError, RdfSyntaxError, StoreError
from kg.store import Store
from kg.store.place import Lease, Place
from kg.store.results import Result, Rows, Triples, Verdict

_SPOOL = 4_000_000  # bytes of one graph that are kept in memory while they are handed out
_UNION = ox.DefaultGraph()
_TripleSet: TypeAlias = set[ox.Triple]
Node = TypeVar("Node")


def open_memory(place: str, write: bool) -> Store:  # noqa: ARG001  # one signature for all openers
    """A store that lives as long as the process; it can always be written.

    Raises:
        InputError: the URL goes on after `memory:`.
    """
    if place:
        raise InputError(f"store 'memory:{place}': a store in memory has no place; write memory:")
    return OxigraphStore()


def open_disk(place: str, write: bool) -> Store:
    """A store in a folder, for writing or on its newest checkpoint.

    Raises:
        InputError: the URL names no folder.
        StoreError: the folder cannot be opened as a store.
    """
    if not place:
        raise InputError("store 'oxigraph:': the folder is missing; write oxigraph:PATH")
    where = Place(Path(place))
    return Writer(where) if write else Reader(where)


class OxigraphStore(Store):
    """A store in memory, and what the ones on disk share with it."""

    def __init__(self) -> None:
        self._open: ox.Store | None = ox.Store()
        self._keep: object = None
        self._writing = Lock()  # a change is computed from what is there, so changes come one by one

    @property
    def _engine(self) -> ox.Store:
        if self._open is None:
            raise StoreError("the store is closed")
        return self._open

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:
        """Make each graph hold exactly these triples, in one transaction."""
        wanted = {ox.NamedNode(iri): _triples(iri, data) for iri, data in graphs.items()}
        with self._writing:
            change = _change(self._engine, wanted)
            if change.is_empty:
                return False
            self._apply(change)
            return True

    def _apply(self, change: "_Change") -> None:
        try:
            if change.removed:
                self._engine.update(change.sparql())
            else:
                self._engine.extend(change.added)
        except OSError as error:
            raise StoreError(f"the store cannot be written: {error}") from error

    def query(
        self,
        text: str,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
    ) -> Result:
        """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE."""
        keep = self._keep  # before the engine: after a refresh in between, too much is kept, not too little
        try:
            answer = self._engine.query(
                text,
                default_graph=None if default_graphs is None else [*map(ox.NamedNode, default_graphs)],
                named_graphs=None if named_graphs is None else [*map(ox.NamedNode, named_graphs)],
            )
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(f"the query cannot be run: {' '.join(str(error).split())}") from error
        except OSError as error:
            raise StoreError(f"the store cannot be read: {error}") from error
        if isinstance(answer, ox.QuerySolutions):
            return Rows(answer, keep=keep)
        return Verdict(answer) if isinstance(answer, ox.QueryBoolean) else Triples(answer, keep=keep)

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self._engine.named_graphs())

    def lines(self, graph: str | None = None) -> Iterator[bytes]:
        """The triples of a graph as N-Triples lines."""
        name = _UNION if graph is None else ox.NamedNode(graph)
        with SpooledTemporaryFile(_SPOOL) as file:
            self._engine.dump(file, ox.RdfFormat.N_TRIPLES, from_graph=name)
            file.seek(0)
            yield from file

    @property
    def size(self) -> int:
        """Number of triples in the union."""
        count = self.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").serialize("csv")
        return int(count.split()[1])

    def checkpoint(self) -> None:
        """Nothing to do: no other process can read this store."""

    def refresh(self) -> bool:
        """Never anything newer: what was written is seen at once."""
        return False

    def close(self) -> None:
        """Forget the engine; in memory, what it held is gone."""
        self._open = None
        self._keep = None


class Writer(OxigraphStore):
    """The one writer of a store on disk; what it writes is seen by readers after a checkpoint."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self._lease: Lease = place.claim()
        try:
            self._open = _open_live(place)
        except StoreError:
            self._lease.release()
            raise

    def _apply(self, change: "_Change") -> None:
        self._place.mark_dirty()
        super()._apply(change)

    def checkpoint(self) -> None:
        """Freeze a copy of what is there and make it the one that readers open."""
        with self._writing, self._place.explained("cannot make a checkpoint of the store"):
            if self._place.is_dirty or self._place.newest() is None:
                copy = self._place.next_checkpoint()
                self._engine.backup(copy)
                self._place.publish(copy)

    def close(self) -> None:
        """Make a checkpoint if anything was written, and let the next writer in."""
        if self._open is None:
            return
        try:
            self.checkpoint()
        finally:
            super().close()
            self._lease.release()


class Reader(OxigraphStore):
    """One of many readers of a store on disk: sees a checkpoint until it asks for a newer one."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self._path = self._move()

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:  # noqa: ARG002  # refused whatever they are
        """Refused.

        Raises:
            StoreError: always.
        """
        raise StoreError(f"the store at {self._place.path} was opened for reading; open it with write=True")

    def refresh(self) -> bool:
        """Move to the newest checkpoint; whether there was a newer one."""
        _rescue(self._place)
        if self._place.newest() == self._path:
            return False
        self._path = self._move()
        return True

    def _move(self) -> Path:
        _rescue(self._place)
        with self._place.explained("cannot read the store"):
            checkpoint = self._place.take()
        try:
            engine = ox.Store.read_only(str(checkpoint.path))
        except (OSError, RuntimeError) as error:
            raise self._place.damaged(error) from error
        self._open, self._keep = engine, checkpoint.lease
        return checkpoint.path


def _open_live(place: Place) -> ox.Store:
    try:
        return ox.Store(place.live)
    except (OSError, RuntimeError) as error:
        raise place.damaged(error) from error


def _rescue(place: Place) -> None:
    """Make the checkpoint that a killed writer could not make; not our task while a writer lives."""
    if not place.is_dirty:
        return
    try:
        writer = Writer(place)
    except StoreError:
        return  # being written, or not writable for us: the checkpoint that is there is whole
    writer.close()


@dataclass(frozen=True, slots=True)
class _Change:
    """What one transaction takes out and puts in.

    Attributes:
        removed: Quads to take out, the union's included.
        added: Quads to put in, the union's included.
        emptied: Graphs that are left without a triple.
    """

    removed: list[ox.Quad]
    added: list[ox.Quad]
    emptied: list[ox.NamedNode]

    @property
    def is_empty(self) -> bool:
        return not (self.removed or self.added)

    def sparql(self) -> str:
        """One update, which the engine runs as one transaction."""
        steps = [f"DELETE DATA {{ {_data(self.removed)} }}"]
        steps += [f"DROP SILENT GRAPH {graph}" for graph in self.emptied]
        steps += [f"INSERT DATA {{ {_data(self.added)} }}"]
        return " ;\n".join(steps)


def _change(engine: ox.Store, wanted: Mapping[ox.NamedNode, _TripleSet]) -> _Change:
    present = {graph: _held(engine, graph) for graph in wanted}
    before, after = _TripleSet().union(*present.values()), _TripleSet().union(*wanted.values())
    removed = _quads(
        (triple for triple in before - after if not _held_elsewhere(engine, triple, wanted)), _UNION
    )
    added = _quads(after - before, _UNION)
    for graph, triples in wanted.items():
        removed += _quads(present[graph] - triples, graph)
        added += _quads(triples - present[graph], graph)
    return _Change(removed, added, [graph for graph in wanted if present[graph] and not wanted[graph]])


def _quads(triples: Iterable[ox.Triple], graph: ox.NamedNode | ox.DefaultGraph) -> list[ox.Quad]:
    return [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


def _held(engine: ox.Store, graph: ox.NamedNode) -> _TripleSet:
    return {quad.triple for quad in engine.quads_for_pattern(None, None, None, graph)}


def _held_elsewhere(engine: ox.Store, triple: ox.Triple, graphs: Mapping[ox.NamedNode, object]) -> bool:
    holders = engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(quad.graph_name != _UNION and quad.graph_name not in graphs for quad in holders)


def _triples(graph: str, data: bytes) -> _TripleSet:
    """The triples as the engine will hold them, so that what is there can be compared with what comes.

    It keeps values rather than spellings (`"PT90M"^^xsd:duration` becomes `PT1H30M`), so they pass through
    an engine first.
    """
    scratch = ox.Store()
    try:
        scratch.load(data, ox.RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        raise RdfSyntaxError(graph, str(error)) from error
    triples = {quad.triple for quad in scratch}
    if any(isinstance(term, ox.BlankNode) for triple in triples for term in triple):
        return _with_iris(graph, scratch)
    return triples


def _with_iris(graph: str, quads: Iterable[ox.Quad]) -> _TripleSet:
    """The triples with each blank node named by an IRI of its graph, which depends on the triples alone."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {
        ox.Triple(_named(graph, quad.subject), quad.predicate, _named(graph, quad.object)) for quad in dataset
    }


def _named(graph: str, term: Node) -> Node | ox.NamedNode:
    return ox.NamedNode(f"{graph}#{term.value}") if isinstance(term, ox.BlankNode) else term


def _data(quads: Iterable[ox.Quad]) -> str:
    triples_by_graph: dict[object, list[str]] = {}
    for quad in quads:
        triples_by_graph.setdefault(quad.graph_name, []).append(f"{quad.triple} .")
    blocks = {graph: "\n".join(triples) for graph, triples in triples_by_graph.items()}
    return "\n".join(
        block if graph == _UNION else f"GRAPH {graph} {{ {block} }}" for graph, block in blocks.items()
    )
