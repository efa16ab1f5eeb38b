"""Keeps the index in step with its store, whoever writes that, from however many processes."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from time import monotonic, time_ns

from kg.errors import StoreError
from kg.search.index import FILE, Changes, Index
from kg.search.source import Source
from kg.store import Store
from kg.terms import DECISIONS_GRAPH, GRAPH, document_graph, inferred_graph

__all__ = ["Follower"]

_FEW = 20  # documents that whoever searches waits for; for more, a thread sees to it
_MANY = 500  # documents after which the words are laid together anew
_TRUSTED = 10.0  # seconds for which the index of a store counts as fresh that does not tell its revision
_PARTS = (str(document_graph("")), str(inferred_graph("")), str(GRAPH["review/"]))


class Follower:
    """The index of one store, which it follows when asked to.

    Attributes:
        index: The index.
    """

    def __init__(self, store: Store) -> None:
        """Open the index of a store, or make it.

        Raises:
            StoreError: there is no place for it.
        """
        self._store = store
        self._lock = Lock()
        self._thread: Thread | None = None
        self._scratch: TemporaryDirectory[str] | None = None
        self._reached: str | None = None  # revision that the index is known to have
        self._compared = -_TRUSTED  # when all was compared last
        self.index = self._open()

    def follow(self, *, wait: bool = False, graphs: Iterable[str] = ()) -> bool:
        """Index what was written since the index was last in step.

        Args:
            wait: Whether to wait however much that is.
            graphs: Graphs that may have changed without the store telling.

        Returns:
            Whether the index is in step now; if not, somebody is at work on it.
        """
        asked = frozenset(graphs)
        if not asked and self._is_in_step():
            return True
        if not self._lock.acquire(blocking=wait):
            return False
        try:
            revision, changed = self._to_do(asked)
            if changed is not None and not changed:
                return True
            if wait or (len(changed) <= _FEW if changed is not None else self._is_small()):
                self._update(revision, changed)
                return True
            self._start()
            return False
        finally:
            self._lock.release()

    def rebuild(self) -> int:
        """Make the index anew; how many documents it holds."""
        with self._lock:
            self.index.clear()
            self._update(self._store.revision, None)
            with self.index.writing() as changes:
                return len(changes.documents())

    def problems(self) -> Iterator[str | None]:
        """What is wrong with the index, in a line each; `None` for each document of which nothing is.

        An index that is behind the store is sound; what it says of documents that it has as they are now must
        be what they say.
        """
        yield from self.index.problems()
        if self._store.revision is None or self._store.revision == self.index.meta("revision"):
            source = Source(self._store)
            indexed, now = self.index.contents(), source.stamps()
            for record in source.records(sorted(now)):
                is_same = indexed.pop(record.name, None) == record.content
                yield None if is_same else f"{record.name} is not indexed as it is stored"
            for name in sorted(indexed):
                yield f"{name} is indexed, and not stored"

    def close(self) -> None:
        """Let go of the index."""
        if self._thread is not None:
            self._thread.join()
        self.index.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    def _open(self) -> Index:
        if (folder := self._store.folder) is not None:
            with suppress(StoreError, OSError):  # it may be only readable for us
                folder.mkdir(parents=True, exist_ok=True)
                return Index(folder / FILE)
        self._scratch = TemporaryDirectory(prefix="kg-search-")
        return Index(Path(self._scratch.name) / FILE)

    def _is_in_step(self) -> bool:
        revision = self._store.revision
        if revision is None:
            return monotonic() < self._compared + _TRUSTED
        return self._reached is not None and self._reached >= revision

    def _to_do(self, asked: frozenset[str]) -> tuple[str | None, frozenset[str] | None]:
        """The revision to reach, and the documents that may have changed; `None` if all may have."""
        revision, reached = self._store.revision, self.index.meta("revision")
        if revision is None:
            return None, self._by_stamps(asked)
        if reached is not None and reached >= revision and not asked:
            self._reached = reached
            return revision, frozenset()
        graphs = None if reached is None else self._store.changed_since(reached)
        return revision, None if graphs is None else _documents(graphs | asked)

    def _by_stamps(self, asked: frozenset[str]) -> frozenset[str] | None:
        source, documents = Source(self._store), _documents(asked)
        if documents is None or source.vocabulary() != self.index.meta("vocabulary"):
            return None
        now, known = source.stamps(), self.index.stamps()
        self._compared = monotonic()
        return documents | {name for name in now.keys() | known.keys() if now.get(name) != known.get(name)}

    def _is_small(self) -> bool:
        start = _PARTS[0]
        return sum(graph.startswith(start) for graph in self._store.graphs()) <= _FEW

    def _start(self) -> None:
        """Have a thread see to it, unless one does already."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._catch_up, name="search index", daemon=True)
            self._thread.start()

    def _catch_up(self) -> None:
        with suppress(StoreError):  # the next search tries again, and says so
            self.follow(wait=True)

    def _update(self, revision: str | None, changed: frozenset[str] | None) -> None:
        source = Source(self._store)
        with self.index.writing() as changes:
            reached = changes.meta("revision")
            if revision is not None and reached is not None and reached >= revision and changed is None:
                self._reached = reached  # another process has been at it
                return
            known = changes.documents()
            now = source.stamps() if revision is None or changed is None else {}
            names = sorted(known.keys() | now.keys() if changed is None else changed)
            number = _brought_in_step(changes, source, names, known, now)
            if number:
                changes.note("edition", str(time_ns()))
            if number > _MANY:
                changes.tidy()
            changes.note("vocabulary", source.vocabulary())
            if revision is not None:
                changes.note("revision", max(revision, reached or ""))
        self._reached, self._compared = revision, monotonic()


def _brought_in_step(
    changes: Changes,
    source: Source,
    names: list[str],
    known: dict[str, tuple[str, str]],
    now: dict[str, str],
) -> int:
    """Index documents as they are now; how many were not indexed so."""
    number, there = 0, set()
    for record in source.records(names):
        there.add(record.name)
        content, stamp = known.get(record.name, ("", ""))
        if content != record.content:
            changes.put(record, now.get(record.name, ""))
            number += 1
        elif stamp != now.get(record.name, ""):
            changes.stamp(record.name, now.get(record.name, ""))
    for name in names:
        if name in known and name not in there:
            changes.remove(name)
            number += 1
    return number


def _documents(graphs: Iterable[str]) -> frozenset[str] | None:
    """The documents that graphs belong to; `None` if one may touch them all."""
    found = set()
    for graph in graphs:
        part = next((it for it in _PARTS if graph.startswith(it)), None)
        if part is not None:
            found.add(graph.removeprefix(part))
        elif graph != str(DECISIONS_GRAPH):
            return None
    return frozenset(found)
