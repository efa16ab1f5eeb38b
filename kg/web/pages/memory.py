"""What pages remember between requests, as long as the store does not change."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property
from threading import Lock
from typing import TypeVar

from fastapi import Request

from kg.entities import counts
from kg.lexicon import Lexicon
from kg.queries import catalogue
from kg.questions import Answerer
from kg.store import Store
from kg.views.almanac import Almanac
from kg.views.finder import Finder

__all__ = ["Memory", "memory"]

Value = TypeVar("Value")
_KEPT = 256
_PATIENCE = 20  # the almanac is read again after so many times what the reading took


class Memory:
    """Views of one store, each made once for each state of it.

    The almanac, and what is made of it, may lag behind while documents are being loaded one after the
    other: reading it again for each of them would leave no time for anything else.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._views: OrderedDict[Hashable, object] = OrderedDict()
        self._almanac: Almanac | None = None
        self._almanac_version: str | None = None
        self._almanac_due = 0.0
        self._figures: tuple[Almanac, dict[str, int]] | None = None
        self._finder: tuple[Almanac, Finder] | None = None
        self._answerer: tuple[Almanac, Answerer] | None = None

    def almanac(self) -> Almanac:
        """All events at a glance."""
        with self._lock:
            version = self._store.version
            is_current = version is not None and version == self._almanac_version
            if self._almanac is None or (not is_current and time.monotonic() >= self._almanac_due):
                began = time.monotonic()
                self._almanac, self._almanac_version = Almanac(self._store), version
                ended = time.monotonic()
                self._almanac_due = ended + _PATIENCE * (ended - began)
            return self._almanac

    def finder(self) -> Finder:
        """All that can be found by name."""
        almanac = self.almanac()
        with self._lock:
            if self._finder is None or self._finder[0] is not almanac:
                self._finder = almanac, Finder(almanac)
            return self._finder[1]

    def figures(self) -> dict[str, int]:
        """How much the store knows."""
        almanac = self.almanac()
        with self._lock:
            if self._figures is None or self._figures[0] is not almanac:
                self._figures = almanac, counts(self._store)
            return self._figures[1]

    def answerer(self) -> Answerer:
        """What answers questions in plain words."""
        almanac = self.almanac()
        with self._lock:
            if self._answerer is None or self._answerer[0] is not almanac:
                self._answerer = almanac, Answerer(self._store, catalogue(), self._lexicon)
            return self._answerer[1]

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon.load()

    def view(self, make: Callable[..., Value], *arguments: Hashable) -> Value:
        """What `make(store, *arguments)` gives, from memory if the store is as it was."""
        version = self._store.version
        if version is None:
            return make(self._store, *arguments)
        key = (version, make.__module__, make.__qualname__, arguments)
        with self._lock:
            if key in self._views:
                self._views.move_to_end(key)
                return self._views[key]  # type: ignore[return-value]  # `make` gave it
        made = make(self._store, *arguments)
        with self._lock:
            self._views[key] = made
            if len(self._views) > _KEPT:
                self._views.popitem(last=False)
        return made


def memory(request: Request) -> Memory:
    """The memory of the application that a request is for."""
    state = request.app.state
    if not hasattr(state, "memory"):
        state.memory = Memory(state.store)
    found: Memory = state.memory
    return found
