"""Stores documents, each whole or not at all, and removes them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as Choice

from kg import graph, read
from kg.errors import NotFoundError, TakenError
from kg.identity import document_iri
from kg.ingest.document_origin import other_document, remember
from kg.ingest.joining import joined
from kg.ingest.pipeline import Pipeline, Prepared
from kg.ingest.workers import prepared
from kg.model import Document
from kg.resolution import Decisions
from kg.resources import vocabulary
from kg.review import Reviews, digest
from kg.store import Store
from kg.terms import KG, ONTOLOGY, ONTOLOGY_GRAPH, document_graph
from kg.validate import Report

Status = Choice["stored", "unchanged", "refused", "unreadable", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document, or of a file that holds none.

    Attributes:
        source: The file.
        status: `stored`, `unchanged`, `refused` by a check, `unreadable`, `failed` by a mistake of ours, or
            `skipped`.
        document: Its identifier; `None` if the file could not be read.
        triples: Triples that the document states, inferred ones left out.
        report: What the shapes and the citation check found.
        problem: Why it was not stored, in one line.
        notes: What of it was not used or not read, and why.
    """

    source: str
    status: Status
    document: str | None = None
    triples: int = 0
    report: Report | None = None
    problem: str | None = None
    notes: tuple[str, ...] = ()


def load(
    paths: Iterable[Path],
    store: Store,
    pipeline: Pipeline,
    *,
    max_bytes: int,
    workers: int = 1,
    replace: bool = False,
) -> Iterator[Outcome]:
    """Read and store the documents of files; one that fails harms no other, whatever happens over it.

    A document takes the place of one of the same identifier if it is that document, edited; see
    `document_origin.other_document`.

    Args:
        paths: Files of a format of `kg.read`.
        store: Where to, open for writing.
        pipeline: The steps.
        max_bytes: Largest file that is read.
        workers: Processes that read; the store is written by this one.
        replace: Whether a document also takes the place of another one of the same identifier.

    Yields:
        One outcome a document, and one for each file that could not be read, in their order.
    """
    waiting = _waiting(paths, store, pipeline, max_bytes, replace)
    for item in prepared(waiting, pipeline, workers=workers):
        outcome = put(item, store) if isinstance(item, Prepared) else item
        if outcome.document and outcome.status in ("stored", "unchanged"):
            remember(outcome.document, outcome.source, store)
        yield outcome


def load_document(
    document: Document,
    store: Store,
    pipeline: Pipeline,
    *,
    prepare: Callable[[Document], Prepared] | None = None,
    replace: bool = False,
) -> Outcome:
    """Store one document, unless the store already holds just this, or a check refuses it.

    It takes the place of one of the same identifier if it is that document, edited; see
    `document_origin.other_document`.

    Args:
        document: The document.
        store: Where to, open for writing.
        pipeline: The steps.
        prepare: Does them in place of the pipeline, such as in a process of its own.
        replace: Whether it also takes the place of another document of the same identifier.

    Raises:
        TakenError: the identifier is that of another document.
    """
    document = Reviews.of(store).on(document)
    if _is_current(document, store, pipeline):
        return Outcome(document.source, "unchanged", document.id)
    if not replace and (other := other_document(document, store)):
        raise TakenError(f"the id {document.id!r} is that of another document, {other}")
    made = next(pipeline.prepare([document])) if prepare is None else prepare(document)
    return put(made, store)


def put_ontology(store: Store, pipeline: Pipeline) -> None:
    """Put the closed ontology and reference data into the store, unless it holds these already."""
    mark = f"<{ONTOLOGY}> <{KG.vocabularyDigest}> {json.dumps(vocabulary().digest)}"
    if store.query(f"ASK {{ GRAPH <{ONTOLOGY_GRAPH}> {{ {mark} }} }}"):
        return
    closed = pipeline.reasoner.closure_lines
    store.replace_graphs({str(ONTOLOGY_GRAPH): closed + f"{mark} .\n".encode()})


def remove(document_id: str, store: Store) -> None:
    """Remove a document and all that only it says.

    Raises:
        NotFoundError: the store has no such document.
    """
    was_there = put_together((), store, removed=(document_id,))
    store.origins.remove(document_id)
    if not was_there:
        raise NotFoundError(f"the store holds no document {document_id!r}; `kg documents` lists them")


def _waiting(
    paths: Iterable[Path], store: Store, pipeline: Pipeline, max_bytes: int, replace: bool
) -> Iterator[Document | Outcome]:
    """The documents that are to be stored, and the outcome of what is not."""
    first_by_id: dict[str, str] = {}
    made = Reviews.of(store)
    for path in paths:
        for found in read.each(path, max_bytes=max_bytes):
            if isinstance(found, read.Unreadable):
                yield Outcome(str(path), "unreadable", problem=str(found))
                continue
            document = made.on(found)
            first = first_by_id.setdefault(document.id, document.source)
            if first != document.source:
                problem = f"its id {document.id!r} is also that of {first}; give one an `id:`"
                yield _refused(document, problem)
            elif _is_current(document, store, pipeline):
                yield Outcome(document.source, "unchanged", document.id, notes=document.notes)
            elif not replace and (other := other_document(document, store)):
                problem = (
                    f"its id {document.id!r} is that of another document, {other}; give it an `id:` of its "
                    "own or rename the file, or say --replace to put it in the other's place"
                )
                yield _refused(document, problem)
            else:
                yield document


def _refused(document: Document, problem: str) -> Outcome:
    return Outcome(document.source, "refused", document.id, problem=problem, notes=document.notes)


def _is_current(document: Document, store: Store, pipeline: Pipeline) -> bool:
    made = pipeline.provenance
    wanted = {
        KG.inputDigest: graph.input_digest(document),
        KG.extractor: made.extractor,
        KG.ontologyVersion: made.ontology_version,
        KG.vocabularyDigest: made.vocabulary_digest,
    }
    if reviews := digest(document):
        wanted[KG.reviewDigest] = reviews
    pairs = " ; ".join(f"<{name}> {json.dumps(value)}" for name, value in wanted.items())
    node = f"<{document_iri(document.id)}>"
    others = "" if reviews else f"FILTER NOT EXISTS {{ {node} <{KG.reviewDigest}> ?digest }}"
    return bool(store.query(f"ASK {{ GRAPH <{document_graph(document.id)}> {{ {node} {pairs} {others} }} }}"))


def put(made: Prepared, store: Store, *, also: Mapping[str, bytes] | None = None) -> Outcome:
    """Store what was prepared, unless a check refused it.

    Args:
        made: The document.
        store: Where to, open for writing.
        also: By IRI, other graphs to replace in the same transaction, as N-Triples.
    """
    if made.problem:
        status: Status = "failed" if made.failed else "refused"
        return Outcome(
            made.source, status, made.document, report=made.report, problem=made.problem, notes=made.notes
        )
    put_together((made,), store, also=also)
    return Outcome(made.source, "stored", made.document, made.triples, made.report, notes=made.notes)


def put_together(
    documents: Iterable[Prepared],
    store: Store,
    *,
    removed: Iterable[str] = (),
    also: Mapping[str, bytes] | None = None,
    decisions: Decisions | None = None,
) -> bool:
    """Store and remove documents in one transaction; whether anything changed.

    What they tell of events is joined with what others tell in the same transaction, so that the graphs of
    others may change too.

    Args:
        documents: None of which a check refused.
        store: Where to, open for writing.
        removed: Identifiers of documents that shall go.
        also: By IRI, other graphs to replace in the same transaction, as N-Triples.
        decisions: What people decided on events, if that changes.
    """
    with joined({made.document: made for made in documents}, store, removed, decisions) as graphs:
        return store.replace_graphs({**graphs, **(also or {})})
