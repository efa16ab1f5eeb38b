"""A knowledge graph of U.S.–China relations: cited facts, attributed claims, both accounts."""

from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.notebook import Graph

__version__ = version("uschina-kg")
__all__ = ["__version__", "open"]


def open(store: str | None = None) -> "Graph":  # `kg.open()`, as in gzip.open
    """The graph of a store for a notebook: `kg.open().ask("Who took part in the June 5 call?")`.

    Args:
        store: `oxigraph:PATH` or another URL; without it that of the settings.

    Raises:
        StoreError: it cannot be opened.
    """
    from kg.notebook import open_graph  # only here, so that `import kg` stays quick

    return open_graph(store)
