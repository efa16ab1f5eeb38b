"""What pages and REST keep between requests, as long as the store does not change."""

import gc
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock, Thread
from typing import TypeVar

from fastapi import FastAPI, Request

from kg.entities import counts
from kg.lexicon import Lexicon
from kg.queries import catalogue
from kg.questions import Answerer, Phrases, Select, TextSearch, caveat_of_rows
from kg.search import Search
from kg.store import Store
from kg.store.with_rejected import WithRejected
from kg.views.claim_index import ClaimIndex
from kg.views.differences import Difference, differences
from kg.views.event_index import EventIndex
from kg.views.name_search import NameSearch
from kg.views.reconciliation import Reconciler

__all__ = ["SnapshotCache", "snapshots", "snapshots_of", "snapshots_with_rejected"]

Value = TypeVar("Value")
_KEPT = 256
_AT_ONCE = 2_000  # documents and events of a store whose event index a reader waits for: a third of a second
_TRUSTED = 10.0  # seconds for which the event index of a store counts as fresh that does not tell its state


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """An event index, of which state of the store it is, and when it had been read.

    What is made of the event index is kept with it by name.
    """

    event_index: EventIndex
    version: str | None
    read_at: float
    made: dict[str, object] = field(default_factory=dict)

    @property
    def is_small(self) -> bool:
        """Whether a reader waits for a fresh one: it is read soon, and from a store of our own."""
        size = len(self.event_index.documents) + len(self.event_index.events)
        return self.version is not None and size <= _AT_ONCE


class SnapshotCache:
    """Views of one store, each made once for each state of it.

    Reading the event index of a large store takes seconds. When the store changes, a thread reads it again
    while pages go on showing the last one; a small store is read at once, so that what was loaded is seen.
    """

    def __init__(self, store: Store, select: Select | None = None) -> None:
        """Remember what a store says; questions of strangers are run by `select`."""
        self._store, self._select = store, select
        self._lock = Lock()
        self._views: OrderedDict[Hashable, object] = OrderedDict()
        self._views_version: str | None = None
        self._edition: _Snapshot | None = None
        self._next: Thread | None = None
        self._makers: dict[str, Callable[[EventIndex], object]] = {}
        self._making: defaultdict[str, Lock] = defaultdict(Lock)

    def event_index(self) -> EventIndex:
        """All events at a glance."""
        return self._current().event_index

    def _current(self) -> _Snapshot:
        edition = self._edition
        if edition is not None and self._is_current(edition):
            return edition
        if edition is None or edition.is_small:
            with self._lock:
                if self._edition is edition:
                    self._edition = self._read()
                assert self._edition is not None
                return self._edition
        self._renew()
        return edition

    def warm(self) -> None:
        """Read what the first pages will need."""
        self.name_search()
        self.figures()
        self.claim_index()
        self.answerer()
        self.full_text.warm()

    def close(self) -> None:
        """Wait until nothing is being read any more."""
        if self._next is not None:
            self._next.join()
        if "text_search" in self.__dict__:
            self.text_search.close()

    def _is_current(self, edition: _Snapshot) -> bool:
        if edition.version is None:  # nobody can tell
            return time.monotonic() < edition.read_at + _TRUSTED
        return edition.version == self._store.version

    def _renew(self) -> None:
        with self._lock:
            if self._next is None or not self._next.is_alive():
                self._next = Thread(target=self._replace, name="event_index")
                self._next.start()

    def _replace(self) -> None:
        """Read a new event index, and make of it what was made of the last, before anybody has to wait."""
        edition = self._read()
        for name, make in [*self._makers.items()]:
            edition.made[name] = make(edition.event_index)
        _set_aside()
        self._edition = edition

    def _read(self) -> _Snapshot:
        version = self._store.version
        made = EventIndex(self._store)
        made.warm()
        _set_aside()
        return _Snapshot(made, version, time.monotonic())

    @property
    def is_fresh(self) -> bool:
        """Whether the event index is that of the store as it is now."""
        return self._edition is not None and self._is_current(self._edition)

    def name_search(self) -> NameSearch:
        """All that can be found by name."""
        return self._derived("name_search", NameSearch)

    def claim_index(self) -> ClaimIndex:
        """All claims at a glance."""
        return self._derived("claim_index", self._claim_index)

    def _claim_index(self, event_index: EventIndex) -> ClaimIndex:
        made = ClaimIndex(self._store, event_index)
        made.warm()
        return made

    def reconciler(self) -> Reconciler:
        """What names may mean, also with slips."""
        return self._derived("reconciler", Reconciler)

    def figures(self) -> dict[str, int]:
        """How much the store knows."""
        return self._derived("figures", lambda _: counts(self._store))

    def differences(self) -> tuple[Difference, ...]:
        """The exchanges that the two sides tell differently."""
        return self._derived("differences", lambda event_index: differences(event_index, self._store))

    def answerer(self) -> Answerer:
        """What answers questions in plain words."""
        return self._derived(
            "answerer",
            lambda _: Answerer(
                self._store, catalogue(), self._lexicon, select=self._select, search=self.text_search
            ),
        )

    def undecided(self, columns: Sequence[str], rows: Iterable[Sequence[str]], asked: str) -> str:
        """What the answer to a question of the catalogue must say while events may be one; empty if nothing.

        Args:
            columns: Names of its columns.
            rows: Its rows.
            asked: The query, with the events that it asks about.
        """
        return caveat_of_rows(self.answerer().events, Phrases(self._lexicon), columns, rows, asked).strip()

    @cached_property
    def text_search(self) -> TextSearch:
        """What searches the texts."""
        return TextSearch(self._store, self._lexicon)

    def _derived(self, name: str, make: Callable[[EventIndex], Value]) -> Value:
        """What is made once for each event index; who asks while it is being made waits for it."""
        edition = self._current()
        if name not in edition.made:
            with self._making[name]:
                if name not in edition.made:
                    self._makers[name] = make
                    edition.made[name] = make(edition.event_index)
                    _set_aside()
        return edition.made[name]  # type: ignore[return-value]  # `make` gave it

    @property
    def full_text(self) -> Search:
        """What searches the texts; it follows the store by itself.

        Raises:
            StoreError: there is no place for its index.
        """
        return self.text_search.opened

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon.load()

    def view(self, make: Callable[..., Value], *arguments: Hashable) -> Value:
        """What `make(store, *arguments)` gives, from memory if the store is as it was."""
        version = self._store.version
        if version is None:
            return make(self._store, *arguments)
        key = (make.__module__, make.__qualname__, arguments)
        with self._lock:
            if version != self._views_version:
                self._views.clear()
                self._views_version = version
            if key in self._views:
                self._views.move_to_end(key)
                return self._views[key]  # type: ignore[return-value]  # `make` gave it
        made = make(self._store, *arguments)
        with self._lock:
            if version == self._views_version:
                self._views[key] = made
            if len(self._views) > _KEPT:
                self._views.popitem(last=False)
        return made


def _set_aside() -> None:
    """Spare what stays from being looked through for garbage: of a large store that takes seconds each time.

    What is replaced goes all the same, as nothing in it refers back.
    """
    gc.freeze()


def snapshots(request: Request) -> SnapshotCache:
    """The memory of the application that a request is for."""
    return snapshots_of(request.app)


def snapshots_of(app: FastAPI) -> SnapshotCache:
    """The memory of an application, made when it is first needed."""
    if not hasattr(app.state, "snapshots"):
        app.state.snapshots = SnapshotCache(app.state.store, app.state.pool.select)
    found: SnapshotCache = app.state.snapshots
    return found


def snapshots_with_rejected(request: Request) -> SnapshotCache:
    """The same for its store as it would be if reviews had rejected nothing."""
    state = request.app.state
    if not hasattr(state, "snapshots_with_rejected"):
        state.snapshots_with_rejected = SnapshotCache(WithRejected(state.store), state.pool.select)
    found: SnapshotCache = state.snapshots_with_rejected
    return found
