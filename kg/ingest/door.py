"""Stores documents, each whole or not at all, and removes them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as Choice

from kg import graph, read
from kg.conflicts import crossing
from kg.errors import InputError, NotFoundError
from kg.identity import document_iri
from kg.ingest.pipeline import Pipeline, Prepared
from kg.ingest.workers import prepared
from kg.merges import Decisions
from kg.model import Document
from kg.resources import vocabulary
from kg.store import Store
from kg.terms import KG, ONTOLOGY, ONTOLOGY_GRAPH, document_graph, inferred_graph
from kg.validate import Report

Status = Choice["stored", "unchanged", "refused", "unreadable"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document, or of a file that holds none.

    Attributes:
        source: The file.
        status: `stored`, `unchanged`, `refused` by a check, or `unreadable`.
        document: Its identifier; `None` if the file could not be read.
        triples: Triples that the document states, inferred ones left out.
        report: What the shapes and the citation check found.
        problem: Why it was not stored, in one line.
    """

    source: str
    status: Status
    document: str | None = None
    triples: int = 0
    report: Report | None = None
    problem: str | None = None


def load(
    paths: Iterable[Path], store: Store, pipeline: Pipeline, *, max_bytes: int, workers: int = 1
) -> Iterator[Outcome]:
    """Read and store the documents of files; one that fails harms no other.

    Args:
        paths: Files of a format of `kg.read`.
        store: Where to, open for writing.
        pipeline: The steps.
        max_bytes: Largest file that is read.
        workers: Processes that read; the store is written by this one.

    Yields:
        One outcome a document, and one for each file that could not be read, in their order.
    """
    waiting = _waiting(paths, store, pipeline, max_bytes)
    for item in prepared(waiting, pipeline, workers=workers):
        yield put(item, store) if isinstance(item, Prepared) else item


def load_document(document: Document, store: Store, pipeline: Pipeline) -> Outcome:
    """Store one document, unless the store already holds just this, or a check refuses it."""
    document = Decisions.of(store).on(document)
    if _is_current(document, store, pipeline):
        return Outcome(document.source, "unchanged", document.id)
    [made] = pipeline.prepare([document])
    return put(made, store)


def put_ontology(store: Store, pipeline: Pipeline) -> None:
    """Put the closed ontology and reference data into the store, unless it holds these already."""
    mark = f"<{ONTOLOGY}> <{KG.vocabularyDigest}> {json.dumps(vocabulary().digest)}"
    if store.query(f"ASK {{ GRAPH <{ONTOLOGY_GRAPH}> {{ {mark} }} }}"):
        return
    closed = pipeline.reasoner.closure.serialize(format="nt", encoding="utf-8")
    store.replace_graphs({str(ONTOLOGY_GRAPH): closed + f"{mark} .\n".encode()})


def remove(document_id: str, store: Store) -> None:
    """Remove a document and all that only it says.

    Raises:
        NotFoundError: the store has no such document.
    """
    if not put_together((), store, removed=(document_id,)):
        raise NotFoundError(f"the store holds no document {document_id!r}; `kg documents` lists them")


def _waiting(
    paths: Iterable[Path], store: Store, pipeline: Pipeline, max_bytes: int
) -> Iterator[Document | Outcome]:
    """The documents that are to be stored, and the outcome of what is not."""
    first_by_id: dict[str, str] = {}
    made = Decisions.of(store)
    for path in paths:
        try:
            for found in read.read(path, max_bytes=max_bytes):
                document = made.on(found)
                first = first_by_id.setdefault(document.id, document.source)
                if first != document.source:
                    problem = f"its id {document.id!r} is also that of {first}; give one an `id:`"
                    yield Outcome(document.source, "refused", document.id, problem=problem)
                elif _is_current(document, store, pipeline):
                    yield Outcome(document.source, "unchanged", document.id)
                else:
                    yield document
        except InputError as error:
            yield Outcome(str(path), "unreadable", problem=str(error))


def _is_current(document: Document, store: Store, pipeline: Pipeline) -> bool:
    made = pipeline.provenance
    wanted = {
        KG.inputDigest: graph.input_digest(document),
        KG.extractor: made.extractor,
        KG.ontologyVersion: made.ontology_version,
        KG.vocabularyDigest: made.vocabulary_digest,
    }
    pairs = " ; ".join(f"<{name}> {json.dumps(value)}" for name, value in wanted.items())
    node = f"<{document_iri(document.id)}>"
    return bool(store.query(f"ASK {{ GRAPH <{document_graph(document.id)}> {{ {node} {pairs} }} }}"))


def put(made: Prepared, store: Store, *, also: Mapping[str, bytes] | None = None) -> Outcome:
    """Store what was prepared, unless a check refused it.

    Args:
        made: The document.
        store: Where to, open for writing.
        also: By IRI, other graphs to replace in the same transaction, as N-Triples.
    """
    if made.problem:
        return Outcome(made.source, "refused", made.document, report=made.report, problem=made.problem)
    put_together((made,), store, also=also)
    return Outcome(made.source, "stored", made.document, made.triples, made.report)


def put_together(
    documents: Iterable[Prepared],
    store: Store,
    *,
    removed: Iterable[str] = (),
    also: Mapping[str, bytes] | None = None,
) -> bool:
    """Store and remove documents in one transaction; whether anything changed.

    Args:
        documents: None of which a check refused.
        store: Where to, open for writing.
        removed: Identifiers of documents that shall go.
        also: By IRI, other graphs to replace in the same transaction, as N-Triples.
    """
    coming = {made.document: made for made in documents}
    met = crossing({id: made.facts for id, made in coming.items()} | dict.fromkeys(removed, ()), store)
    graphs: dict[str, bytes] = {}
    for id, links in met.own.items():
        lines = "".join(f"{' '.join(term.n3() for term in link)} .\n" for link in sorted(links))
        made = coming.get(id)
        graphs[str(document_graph(id))] = made.stated if made else b""
        graphs[str(inferred_graph(id))] = (made.inferred if made else b"") + lines.encode()
    return store.replace_graphs({**graphs, **met.others, **(also or {})})
