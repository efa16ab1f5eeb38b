"""Loads the parts that `kg read` wrote into a store, at the engine's own bulk speed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pyoxigraph as ox

from kg.conflicts import denying, link
from kg.corpus.output import FORMATS, Folder, graph_of
from kg.corpus.run import done_from
from kg.corpus.worker import PartDone
from kg.errors import InputError
from kg.identity import document_iri
from kg.ingest import other_document, remember
from kg.model import Document
from kg.store import Store
from kg.store.bulk import triple
from kg.terms import KG, document_graph, inferred_graph

__all__ = ["Loaded", "bulk_load", "link_conflicts"]

_ADDRESS = "http://purl.org/dc/terms/source"
_AT_ONCE = 256_000_000  # bytes: an engine's loader is slow with many small files


@dataclass(frozen=True, slots=True)
class Loaded:
    """What becomes of a part.

    Attributes:
        key: Of the part.
        added: Documents that the store did not have, to be added with those of other parts.
        replaced: Documents that it had in another state.
        unchanged: Documents that it had just so.
        refused: Why others were not, each in one line: their identifiers are those of other documents.
    """

    key: str
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    refused: tuple[str, ...] = ()


def bulk_load(url: str, store: Store, *, replace: bool = False) -> Iterator[Loaded]:
    """Load a folder of parts; documents that the store has already are replaced one by one.

    Contradictions between documents are not linked; `link_conflicts` does that for all at once.

    Args:
        url: Folder that `kg read` wrote; a path, or a URL that fsspec knows.
        store: Open for writing; the ontology should be in it.
        replace: Whether a document also takes the place of another one of the same identifier.

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
                    yield _sort(folder, waiting.pop(0), store, there, stream, replace)
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


def _sort(folder: Folder, key: str, store: Store, there: set[str], new: BinaryIO, replace: bool) -> Loaded:
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
    others = {} if replace else {id: other for id in known if (other := _other(id, done, kept, store))}
    for id in ids - others.keys():
        remember(id, done.documents[id][0], store)
    replaced = sum(_replace(id, kept, store) for id in sorted(known - others.keys()))
    refused = tuple(
        f"{done.documents[id][0]}: its id {id!r} is that of another document, {other}; say --replace to put "
        "it in the other's place"
        for id, other in sorted(others.items())
    )
    unchanged = len(known) - len(others) - replaced
    return Loaded(key, len(ids) - len(known), replaced, unchanged, refused)


def _other(id: str, done: PartDone, kept: Mapping[str, list[bytes]], store: Store) -> str | None:
    """The name of the stored document that one of a part would replace and that is another."""
    source, digest = done.documents[id]
    if store.query(f'ASK {{ <{document_iri(id)}> <{KG.inputDigest}> "{digest}" }}'):
        return None
    node = f"<{document_iri(id)}> ".encode()
    own = [line for line in kept[str(document_graph(id))] if line.startswith(node)]
    triples = (quad.triple for quad in ox.parse(b"".join(own), ox.RdfFormat.N_TRIPLES))
    said = {it.predicate.value: it.object.value for it in triples if not isinstance(it.object, ox.Triple)}
    found = Document(id, said.get(str(KG.body), ""), url=said.get(_ADDRESS), source=source)
    return other_document(found, store)


def _replace(id: str, triples: Mapping[str, list[bytes]], store: Store) -> bool:
    graphs = (str(document_graph(id)), str(inferred_graph(id)))
    return store.replace(id, {graph: b"".join(triples[graph]) for graph in graphs})
