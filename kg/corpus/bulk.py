"""Loads the parts that `kg read` wrote into a store, at the engine's own bulk speed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pyoxigraph as ox

from kg.conflicts import denying, link
from kg.corpus.checking import Checked, Checker
from kg.corpus.output import FORMATS, Folder, graph_of
from kg.corpus.reviewed import ReviewedDocuments
from kg.corpus.run import done_from
from kg.errors import InputError, NonConformingError
from kg.identity import document_iri, is_document_id
from kg.ingest import Pipeline, other_document, refuse_nodes_of_others, remember
from kg.model import Document
from kg.store import Store
from kg.store.bulk import quad, triple
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
        refused: Why others were not, each in one line.
    """

    key: str
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    refused: tuple[str, ...] = ()


def bulk_load(
    url: str, store: Store, pipeline: Pipeline, *, replace: bool = False, workers: int = 1
) -> Iterator[Loaded]:
    """Load a folder of parts; documents that the store has already are replaced one by one.

    Each document passes the gate whoever wrote the part, and what follows from it is found anew.
    Contradictions between documents are not linked; `link_conflicts` does that for all at once.

    Args:
        url: Folder that `kg read` wrote; a path, or a URL that fsspec knows.
        store: Open for writing; the ontology should be in it.
        pipeline: The checks.
        replace: Whether a document also takes the place of another one of the same identifier.
        workers: Processes that check; the store is written by this one.

    Raises:
        InputError: the folder holds no parts.
    """
    folder = _folder(url)
    there = {*store.graphs()}
    with TemporaryDirectory() as scratch, Checker(pipeline, workers) as checker:
        new, waiting = Path(scratch) / "new.nq", [*folder.keys()]
        reviewed = ReviewedDocuments(store, pipeline)
        while waiting:
            owners: dict[str, str] = {}
            with new.open("wb") as stream:
                while waiting and stream.tell() < _AT_ONCE:
                    part = _Part(folder, waiting.pop(0), store, owners)
                    yield part.load(there, stream, checker, reviewed, replace=replace)
            if new.stat().st_size:
                store.bulk_load(new)
                there |= {*store.graphs()}


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


class _Part:
    """One part on its way into the store."""

    def __init__(self, folder: Folder, key: str, store: Store, owners: dict[str, str]) -> None:
        """Prepare.

        Args:
            folder: Where it is.
            key: Of the part.
            store: Where to.
            owners: By node, the document of those not yet in the store to which it belongs.
        """
        self.folder, self.key, self.store, self.owners = folder, key, store, owners
        self.done = done_from(folder.manifest(key))

    def load(
        self, there: set[str], new: BinaryIO, checker: Checker, reviewed: ReviewedDocuments, *, replace: bool
    ) -> Loaded:
        """Write what is new for the bulk loader, and replace what the store has or people reviewed."""
        added = replaced = unchanged = 0
        refused: list[str] = []
        ids = self.done.documents.keys() - {*self.done.without}
        for id in sorted(ids):
            if not is_document_id(id):
                refused.append(f"{self.done.documents[id][0]}: {id!r} is no identifier of a document")
                ids.remove(id)
        stated = self._stated(ids, refused)
        waiting = ((id, b"".join(stated.pop(id))) for id in sorted(stated))
        for made in checker.check(waiting):
            is_known = str(document_graph(made.id)) in there
            if problem := self._problem(made, is_known=is_known, replace=replace):
                refused.append(problem)
                continue
            graphs = {str(document_graph(made.id)): made.stated, str(inferred_graph(made.id)): made.inferred}
            if made.id in reviewed:
                try:
                    is_changed = reviewed.put(made)
                except NonConformingError as error:
                    refused.append(f"{self.done.documents[made.id][0]}: {error}")
                    continue
                added += not is_known
                replaced += is_known and is_changed
                unchanged += is_known and not is_changed
            elif not is_known:
                for graph, triples in graphs.items():
                    new.writelines(quad(line, graph) for line in triples.splitlines(keepends=True))
                added += 1
            elif self.store.replace(made.id, graphs):
                replaced += 1
            else:
                unchanged += 1
            remember(made.id, self.done.documents[made.id][0], self.store)
        return Loaded(self.key, added, replaced, unchanged, tuple(refused))

    def _stated(self, ids: Collection[str], refused: list[str]) -> dict[str, list[bytes]]:
        """What each document states, as the part has it; what is in no graph of its documents is refused."""
        found: dict[str, list[bytes]] = {id: [] for id in ids}
        document_of = {str(document_graph(id)): id for id in ids}
        derived = {str(inferred_graph(id)) for id in ids}
        for number, line in enumerate(self.folder.lines(self.key), 1):
            try:
                graph = graph_of(line)
            except ValueError:
                refused.append(f"part {self.key}, line {number}: is no N-Quad with a graph")
                continue
            if graph in document_of:
                found[document_of[graph]].append(triple(line))
            elif graph not in derived:
                refused.append(
                    f"part {self.key}, line {number}: {graph} is no graph of a document of the manifest"
                )
        return found

    def _problem(self, made: Checked, *, is_known: bool, replace: bool) -> str | None:
        """Why a document is refused; `None` if it is not."""
        source = self.done.documents[made.id][0]
        if made.problem is not None:
            return f"{source}: {made.problem}"
        for node in made.belongings:
            if self.owners.get(node, made.id) != made.id:
                return f"{source}: {node} belongs to document {self.owners[node]!r}"
        name = str(document_graph(made.id))
        try:
            refuse_nodes_of_others(made.belongings, name, self.store)
        except NonConformingError as error:
            return f"{source}: {error}"
        if is_known and not replace and (other := self._other(made)):
            return (
                f"{source}: its id {made.id!r} is that of another document, {other}; say --replace to put it "
                "in the other's place"
            )
        self.owners.update(dict.fromkeys(made.belongings, made.id))
        return None

    def _other(self, made: Checked) -> str | None:
        """The name of the stored document that one of the part would replace and that is another."""
        source, digest = self.done.documents[made.id]
        if self.store.query(f'ASK {{ <{document_iri(made.id)}> <{KG.inputDigest}> "{digest}" }}'):
            return None
        node = f"<{document_iri(made.id)}> ".encode()
        own = [line for line in made.stated.splitlines(keepends=True) if line.startswith(node)]
        triples = (it.triple for it in ox.parse(b"".join(own), ox.RdfFormat.N_TRIPLES))
        said = {it.predicate.value: it.object.value for it in triples if not isinstance(it.object, ox.Triple)}
        found = Document(made.id, said.get(str(KG.body), ""), url=said.get(_ADDRESS), source=source)
        return other_document(found, self.store)
