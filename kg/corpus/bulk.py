"""Loads the parts that `kg read` wrote into a store, at the engine's own bulk speed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from kg.conflicts import denying, link
from kg.corpus.output import FORMATS, Folder, graph_of
from kg.corpus.run import done_from
from kg.errors import InputError
from kg.store import Store
from kg.store.bulk import triple
from kg.terms import document_graph, inferred_graph

__all__ = ["Loaded", "bulk_load", "link_conflicts"]

_AT_ONCE = 256_000_000  # bytes: an engine's loader is slow with many small files


@dataclass(frozen=True, slots=True)
class Loaded:
    """What becomes of a part.

    Attributes:
        key: Of the part.
        added: Documents that the store did not have, to be added with those of other parts.
        replaced: Documents that it had in another state.
        unchanged: Documents that it had just so.
    """

    key: str
    added: int = 0
    replaced: int = 0
    unchanged: int = 0


def bulk_load(url: str, store: Store) -> Iterator[Loaded]:
    """Load a folder of parts; documents that the store has already are replaced one by one.

    Contradictions between documents are not linked; `link_conflicts` does that for all at once.

    Args:
        url: Folder that `kg read` wrote; a path, or a URL that fsspec knows.
        store: Open for writing; the ontology should be in it.

    Raises:
        InputError: the folder holds no parts.
    """
    folder = _folder(url)
    there = {*store.graphs()}
    with TemporaryDirectory() as scratch:
        new, waiting = Path(scratch) / "new.nq", [*folder.keys()]
        while waiting:
            with new.open("wb") as stream:
                while waiting and stream.tell() < _AT_ONCE:
                    yield _sort(folder, waiting.pop(0), store, there, stream)
            if new.stat().st_size:
                store.bulk_load(new)


def link_conflicts(store: Store) -> int:
    """Link facts of different documents that contradict each other; how many documents had new links."""
    return sum(link(document_id, store) for document_id in denying(store))


def _folder(url: str) -> Folder:
    for format in FORMATS:
        folder = Folder(url, format)
        keys = folder.keys()
        if keys and folder.holds(keys[0]):
            return folder
    raise InputError(f"{url} holds no parts; write some with: kg read CORPUS --out {url}")


def _sort(folder: Folder, key: str, store: Store, there: set[str], new: BinaryIO) -> Loaded:
    """Write what is new for the bulk loader, and replace what the store has."""
    done = done_from(folder.manifest(key))
    ids = done.documents.keys() - {*done.without}
    known = {id for id in ids if str(document_graph(id)) in there}
    kept: dict[str, list[bytes]] = {
        str(name(id)): [] for id in known for name in (document_graph, inferred_graph)
    }
    for line in folder.lines(key):
        if (triples := kept.get(graph_of(line))) is None:
            new.write(line)
        else:
            triples.append(triple(line))
    replaced = sum(_replace(id, kept, store) for id in sorted(known))
    return Loaded(key, len(ids) - len(known), replaced, len(known) - replaced)


def _replace(id: str, triples: Mapping[str, list[bytes]], store: Store) -> bool:
    graphs = (str(document_graph(id)), str(inferred_graph(id)))
    return store.replace(id, {graph: b"".join(triples[graph]) for graph in graphs})
