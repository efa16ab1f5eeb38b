"""Stores that are open for writing, with the index of their texts in step when they are closed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from kg.errors import StoreError
from kg.search.follow import Follower
from kg.store import Store, open_store

__all__ = ["catch_up", "open_indexed", "problems", "rebuild"]


@contextmanager
def open_indexed(url: str) -> Iterator[Store]:
    """Open a store for writing, and index what was written once it is closed.

    An index that cannot be written harms no write: searching tries again.

    Raises:
        KgError: as for `open_store`.
    """
    written: Iterable[str] = ()
    try:
        with open_store(url, write=True) as store:
            yield store
            written = store.written
    finally:
        with suppress(StoreError):
            catch_up(url, written)


def catch_up(url: str, graphs: Iterable[str] = ()) -> None:
    """Bring the index of a store in step.

    Args:
        url: The store.
        graphs: Graphs that changed without the store being able to tell.

    Raises:
        StoreError: the store cannot be read, or the index not be written.
    """
    if not url.startswith("memory:"):
        with open_store(url) as store, _following(store) as follower:
            follower.follow(wait=True, graphs=graphs)


def rebuild(url: str) -> int:
    """Make the index of a store anew; how many documents it holds.

    Raises:
        StoreError: the store cannot be read, or the index not be written.
    """
    with open_store(url) as store, _following(store) as follower:
        return follower.rebuild()


def problems(url: str) -> Iterator[str | None]:
    """What is wrong with the index of a store, in a line each; `None` for what is sound.

    Raises:
        StoreError: the store cannot be read.
    """
    with open_store(url) as store, _following(store) as follower:
        yield from follower.problems()


@contextmanager
def _following(store: Store) -> Iterator[Follower]:
    follower = Follower(store)
    try:
        yield follower
    finally:
        follower.close()
