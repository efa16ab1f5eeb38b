"""A store as it would be if nothing had been rejected by reviews: for whoever asks for `reviews=all`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kg.errors import StoreError
from kg.store import BoundQuery, Result, Store

__all__ = ["WithRejected"]


class WithRejected(Store):
    """Another store for reading, whose union also holds what reviews reject."""

    def __init__(self, store: Store) -> None:
        """Show all that `store` holds."""
        self._store = store

    def query(
        self,
        query: str | BoundQuery,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        base: str | None = None,
        prefixes: Mapping[str, str] | None = None,
        rejected: bool = True,  # noqa: ARG002  # that is what this store is for
    ) -> Result:
        """Answer a query, what is rejected taken into account."""
        return self._store.query(
            query,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            base=base,
            prefixes=prefixes,
            rejected=True,
        )

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        return self._store.graphs()

    def lines(self, graph: str | None = None) -> Iterator[bytes]:
        """The triples of a graph as N-Triples lines."""
        return self._store.lines(graph)

    @property
    def version(self) -> str | None:
        """Changes when what the store holds does."""
        return self._store.version

    @property
    def size(self) -> int:
        """Number of triples in the union."""
        return self._store.size

    def replace_graphs(self, graphs: Mapping[str, bytes]) -> bool:  # noqa: ARG002  # refused whatever they are
        """Refused.

        Raises:
            StoreError: always.
        """
        raise _read_only()

    def bulk_load(self, quads: Path) -> None:  # noqa: ARG002  # refused whatever they are
        """Refused.

        Raises:
            StoreError: always.
        """
        raise _read_only()

    def mend_union(self, missing: Iterable[bytes], stray: Iterable[bytes]) -> None:  # noqa: ARG002
        """Refused.

        Raises:
            StoreError: always.
        """
        raise _read_only()

    def checkpoint(self) -> None:
        """Nothing to do: nothing is written here."""

    def refresh(self) -> bool:
        """Move the other store to its newest checkpoint."""
        return self._store.refresh()

    def close(self) -> None:
        """Nothing to do: the other store is closed by whoever opened it."""


def _read_only() -> StoreError:
    return StoreError("what reviews reject can be read here and not written")
