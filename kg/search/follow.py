"""Keeps the index in step with its store, whoever writes that, from however many processes."""

import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from time import monotonic

from kg.errors import StoreError
from kg.search.index import FILE, Changes, Index
from kg.search.source import Source
from kg.settings import settings
from kg.store import Store
from kg.terms import DECISIONS_GRAPH, document_graph, inferred_graph

__all__ = ["Follower"]

_FEW = 20  # documents that whoever searches waits for; for more a thread sees to it
_TRUSTED = 10.0  # seconds for which the index of a store counts as fresh that does not tell its state
_OF_DOCUMENTS = (str(document_graph("")), str(inferred_graph("")))


class Follower:
    """The index of one store.

    Attributes:
        index: It.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._thread: Thread | None = None
        self._scratch: TemporaryDirectory[str] | None = None
        self._looked_at = -_TRUSTED
        self._known: str | None = None
        self.index = self._open()

    def follow(self, *, wait: bool = False, graphs: Iterable[str] = ()) -> bool:
        """Index what was written since the index was last in step.

        Args:
            wait: Whether to wait however much it is.
            graphs: Graphs that may have changed without the store telling.

        Returns:
            Whether the index is in step now; if not, a thread is at work on it.
        """
        asked = frozenset(graphs)
        if not asked and self._is_trusted():
            return True
        if not self._lock.acquire(blocking=wait):
            return False  # somebody is at it
        try:
            return self._catch_up(asked, wait=wait)
        finally:
            self._lock.release()
