"""The embedded store: Oxigraph on disk (`oxigraph:PATH`) or in memory (`memory:`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import Lock

import pyoxigraph as ox

from kg.errors import InputError, NoSpaceError, RdfSyntaxError, StoreError
from kg.store import BoundQuery, Store
from kg.store.answer_cache import AnswerCache
from kg.store.bulk import load_quads
from kg.store.change import UNION, Change, TripleSet, canonical, difference, held, is_held_elsewhere
from kg.store.directory import Lease, StoreDirectory, revision
from kg.store.error_messages import explained, reading
from kg.store.history import History, revision_of
from kg.store.results import BooleanResult, Result, Rows, Triples
from kg.store.source_paths import SourcePaths
from kg.store.syntax_errors import syntax_error
from kg.terms import rejected_graph

_PATIENCE = 1.0  # seconds that a writer waits for the one before to end
_SPOOL = 4_000_000  # bytes of one graph that are kept in memory while they are handed out


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
    where = StoreDirectory(Path(place))
    return Writer(where, patience=_PATIENCE) if write else Reader(where)


class OxigraphStore(Store):
    """A store in memory, and what the ones on disk share with it."""

    def __init__(self) -> None:
        self._open: ox.Store | None = ox.Store()
        self._keep: object = None
        self._writing = Lock()  # a change is computed from what is there, so changes come one by one
        self._history = History()
        self._writes = 0

    @property
    def revision(self) -> str | None:
        """The number of writes that queries see."""
        return revision_of(self._writes)

    def changed_since(self, revision: str) -> frozenset[str] | None:
        """The graphs that changed since a revision, if that is known."""
        return self._history.between(revision, revision_of(self._writes))

    def _note(self, graphs: Iterable[str] | None) -> None:
        """Note what a write changed."""
        self._history.note(revision_of(self._writes), revision_of(self._writes + 1), graphs)
        self._writes += 1

    @property
    def _engine(self) -> ox.Store:
        if self._open is None:
            raise StoreError("the store is closed")
        return self._open

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:
        """Make each graph hold exactly these triples, in one transaction."""
        wanted = {ox.NamedNode(iri): canonical(iri, data) for iri, data in graphs.items()}
        with self._writing, reading():
            change = self._change(wanted)
            if change.is_empty:
                return False
            self._apply(change)
            self._note(graphs)
            return True

    def _change(self, wanted: Mapping[ox.NamedNode, TripleSet]) -> Change:
        def held_elsewhere(triples: TripleSet) -> TripleSet:
            return {triple for triple in triples if is_held_elsewhere(self._engine, triple, wanted)}

        return difference({graph: held(self._engine, graph) for graph in wanted}, wanted, held_elsewhere)

    def _apply(self, change: Change) -> None:
        self.writes += 1
        if any(change.removed.values()):
            self._engine.update(change.sparql())
        else:
            self._engine.extend(change.quads)

    def mend_union(self, missing: Iterable[bytes], stray: Iterable[bytes]) -> None:
        """Put triples into the union alone, and take others out of it, in one transaction."""
        added, removed = (_triples(b"".join(lines)) for lines in (missing, stray))
        with self._writing, reading():
            self._apply(Change({UNION: removed}, {UNION: added}, []))
            self._note(None)

    def bulk_load(self, quads: Path) -> None:
        """Add the graphs of an N-Quads file: once as they are, once as part of the union."""
        with self._writing, reading():
            self.writes += 1
            load_quads(self._engine, quads)
            self._note(None)

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
        """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE; a question of ours from what is known."""
        keep = self._keep  # before the engine: after a refresh in between, too much is kept, not too little
        whole = self._with_rejected() if rejected and default_graphs is None else None
        # the union alone is what answers are known of
        is_union = default_graphs is None and named_graphs is None and whole is None
        find = self._known if is_union else _nothing_known
        if isinstance(query, BoundQuery) and query.sums_up and (known := find(query.text)) is not None:
            return Rows(known)
        try:
            ask = partial(
                self._engine.query,
                base_iri=base,
                prefixes=None if prefixes is None else dict(prefixes),
                default_graph=whole if default_graphs is None else [*map(ox.NamedNode, default_graphs)],
                named_graphs=None if named_graphs is None else [*map(ox.NamedNode, named_graphs)],
            )
            answer = ask(query.with_tables(find) if isinstance(query, BoundQuery) else query)
        except SyntaxError as error:
            text = query.text if isinstance(query, BoundQuery) else query
            raise syntax_error(str(error.msg), text, prefixes or ()) from error
        except (ValueError, RuntimeError, OSError) as error:
            raise explained(error, what="the query cannot be run") from error
        if isinstance(answer, ox.QuerySolutions):
            return Rows(answer, keep=keep)
        return BooleanResult(answer) if isinstance(answer, ox.QueryBoolean) else Triples(answer, keep=keep)

    def _with_rejected(self) -> list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]:
        """The union, and the graphs of what reviews reject."""
        start = str(rejected_graph(""))
        return [UNION, *(ox.NamedNode(it) for it in self.graphs() if it.startswith(start))]

    def _known(self, text: str) -> ox.QuerySolutions | None:  # noqa: ARG002  # others look for it
        """The answer to a query, if it was found before."""
        return None

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        with reading():
            return sorted(graph.value for graph in self._engine.named_graphs())

    def lines(self, graph: str | None = None) -> Iterator[bytes]:
        """The triples of a graph as N-Triples lines."""
        name = UNION if graph is None else ox.NamedNode(graph)
        with SpooledTemporaryFile(_SPOOL) as file, reading():
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

    def __init__(self, place: StoreDirectory, *, patience: float = 0) -> None:
        super().__init__()
        self._place = place
        self._lease: Lease = place.claim(patience)
        self._changed: set[str] | None = None if place.is_dirty else set()
        try:
            self._open = _open_live(place)
            self._finish_loading()
        except StoreError:
            self._open = None
            self._lease.release()
            raise

    @property
    def revision(self) -> str | None:
        """Not known: what is written has no name before a checkpoint."""
        return None

    def _note(self, graphs: Iterable[str] | None) -> None:
        if graphs is None:
            self._changed = None
        elif self._changed is not None:
            self._changed.update(graphs)

    def _apply(self, change: Change) -> None:
        self._place.mark_dirty()
        super()._apply(change)

    def bulk_load(self, quads: Path) -> None:
        """Add the graphs of an N-Quads file; if the process ends meanwhile, the next writer goes on."""
        self._place.mark_dirty()
        with self._place.explained("cannot write the store"):
            self._place.note_loading(quads)
        try:
            super().bulk_load(self._place.loading)
        except RdfSyntaxError as error:
            self._place.loading.unlink()
            raise RdfSyntaxError(str(quads), str(error.__cause__)) from error
        self._place.loading.unlink()

    def _finish_loading(self) -> None:
        """Load what a killed writer was loading once more: it may have loaded graphs and not their union."""
        if self._place.loading.exists():
            with reading():
                load_quads(self._engine, self._place.loading)
            self._place.loading.unlink()

    @cached_property
    def origins(self) -> SourcePaths:
        """Which file each document was loaded from, kept beside the graphs."""
        return SourcePaths(self._place.path / "origins.sqlite")

    def checkpoint(self) -> None:
        """Freeze a copy of what is there and make it the one that readers open."""
        with self._writing, self._place.explained("cannot make a checkpoint of the store"):
            if self._place.is_dirty or self._place.newest() is None:
                copy = self._place.next_checkpoint()
                self._engine.backup(copy)
                self._place.publish(copy, self._changed)
                self._changed = set()

    def close(self) -> None:
        """Make a checkpoint if anything was written, and let the next writer in."""
        if self._open is None:
            return
        try:
            self.checkpoint()
        finally:
            if "origins" in self.__dict__:
                self.origins.close()
            super().close()
            self._lease.release()


class Reader(OxigraphStore):
    """One of many readers of a store on disk: sees a checkpoint until it asks for a newer one."""

    def __init__(self, place: StoreDirectory) -> None:
        super().__init__()
        self._place = place
        self._stamp = place.stamp()  # before the checkpoint is opened, so that it is never too new
        self._path = self._move()

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:  # noqa: ARG002  # refused whatever they are
        """Refused.

        Raises:
            StoreError: always.
        """
        raise self._read_only()

    def bulk_load(self, quads: Path) -> None:  # noqa: ARG002  # refused whatever they are
        """Refused.

        Raises:
            StoreError: always.
        """
        raise self._read_only()

    def mend_union(self, missing: Iterable[bytes], stray: Iterable[bytes]) -> None:  # noqa: ARG002
        """Refused.

        Raises:
            StoreError: always.
        """
        raise self._read_only()

    def kept_answer(self, text: str) -> bytes | None:
        """The answer to a query that lies beside the checkpoint, as it lies there."""
        return self._kept.read(text)

    def forget(self, text: str) -> None:
        """Remove the answer to a query that lies beside the checkpoint."""
        self._kept.forget(text)

    def _known(self, text: str) -> ox.QuerySolutions | None:
        return self._kept.find(text)

    def keep(self, text: str, rows: bytes) -> None:
        """Keep the answer to a SELECT that sums up, beside the checkpoint that this reader sees."""
        self._kept.keep(text, rows)

    @property
    def folder(self) -> Path | None:
        """That of the store."""
        return self._place.path

    @property
    def revision(self) -> str | None:
        """When the checkpoint that queries see was made."""
        return self._revision

    def changed_since(self, revision: str) -> frozenset[str] | None:
        """The graphs that changed since a revision, if that is known."""
        return self._place.history.between(revision, self._revision)

    def _read_only(self) -> StoreError:
        return StoreError(f"the store at {self._place.path} was opened for reading; open it with write=True")

    @property
    def version(self) -> str | None:
        """The number of the checkpoint, and when it was made: a store laid anew counts from 1 again."""
        return self._version

    def refresh(self) -> bool:
        """Move to the newest checkpoint; whether there was a newer one."""
        stamp = self._place.stamp()
        if stamp is not None and stamp == self._stamp:
            return False
        self._stamp = stamp
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
            raise self._place.unusable(error) from error
        self._open, self._keep = engine, checkpoint.lease
        self._kept = AnswerCache(checkpoint.path / "answers")
        self._revision = revision(checkpoint.path)
        self._version = f"{checkpoint.path.name}-{(checkpoint.path / 'readers').stat().st_mtime_ns:x}"
        return checkpoint.path


def _triples(lines: bytes) -> TripleSet:
    return {quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)}


def _nothing_known(text: str) -> ox.QuerySolutions | None:  # noqa: ARG001  # others look for it
    return None


def _open_live(place: StoreDirectory) -> ox.Store:
    place.finish_laying_anew()
    try:
        return ox.Store(place.live)
    except (OSError, RuntimeError) as error:
        raise place.unusable(error) from error


def _rescue(place: StoreDirectory) -> None:
    """Make the checkpoint that a killed writer could not make; not our task while a writer lives."""
    if not place.is_dirty:
        return
    try:
        Writer(place).close()
    except NoSpaceError:
        if place.newest() is None:
            raise
    except StoreError:
        return  # being written, or not writable for us: the checkpoint that is there is whole
