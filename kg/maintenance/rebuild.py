"""Brings stored documents up to date: reads their texts again under the present ontology and rules."""

from collections.abc import Iterable, Iterator

from kg.identity import document_iri
from kg.ingest import (
    Outcome,
    Pipeline,
    Prepared,
    as_loaded,
    prepared,
    put,
    put_ontology,
    stored_document,
)
from kg.review import Reviews
from kg.store import Store
from kg.terms import KG

__all__ = ["read_again", "rebuild", "stale"]


def stale(store: Store, pipeline: Pipeline, *, every: bool = False) -> list[str]:
    """The documents that this extractor read under another ontology, other reference data or other rules.

    Args:
        store: Where they are.
        pipeline: The steps of now.
        every: Whether to give those that are up to date as well.
    """
    made, start = pipeline.provenance, document_iri("")
    rows = store.select(
        f"SELECT ?document ?extractor ?version ?vocabulary WHERE {{ ?document <{KG.extractor}> ?extractor ; "
        f"<{KG.ontologyVersion}> ?version ; <{KG.vocabularyDigest}> ?vocabulary }}"
    )
    now = (made.extractor, made.ontology_version, made.vocabulary_digest)
    return sorted(
        (document or "").removeprefix(start)
        for document, *read in rows.texts()
        if (every or tuple(read) != now) and (read[0] or "").split(" ")[0] == pipeline.extractor.name
    )


def rebuild(ids: Iterable[str], store: Store, pipeline: Pipeline, *, workers: int = 1) -> Iterator[Outcome]:
    """Read the texts of stored documents again, each replaced whole or left as it is.

    Args:
        ids: The documents.
        store: Open for writing.
        pipeline: The steps.
        workers: Processes that read.

    Yields:
        One outcome a document; of those that a check refuses now, the earlier state stays.
    """
    put_ontology(store, pipeline)
    made = Reviews.of(store)
    documents = (made.on(stored_document(id, store)) for id in ids)
    for item in prepared(documents, pipeline, workers=workers):
        assert isinstance(item, Prepared)
        yield put(as_loaded(item, store), store)


def read_again(id: str, held: Store, pipeline: Pipeline, *, decided: Store) -> Prepared:
    """A document read by the present rules, with what people found of it.

    Args:
        id: The document.
        held: The store that holds its text.
        pipeline: The steps.
        decided: The store that holds what people decided.

    Raises:
        NotFoundError: there is no such document, or it has no text.
    """
    [made] = pipeline.prepare_each([Reviews.of(decided).on(stored_document(id, held))])
    return as_loaded(made, held)
