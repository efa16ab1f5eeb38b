"""Loads documents on which people decided: what they found holds in the edition that a part brings."""

from functools import cached_property

from kg.corpus.checking import Checked
from kg.errors import NonConformingError
from kg.ingest import (
    Pipeline,
    Prepared,
    as_loaded,
    is_read,
    keep_reviews,
    put_ontology,
    put_together,
    stored_document,
)
from kg.review import Reviews
from kg.store import Store, open_store
from kg.terms import document_graph
from kg.validate import parse_rdf

__all__ = ["ReviewedDocuments"]


class ReviewedDocuments:
    """The documents of which a store holds reviews, whether or not it holds them yet."""

    def __init__(self, store: Store, pipeline: Pipeline) -> None:
        """Look up of which they are.

        Args:
            store: Open for writing.
            pipeline: Reads them again.
        """
        self._store, self._pipeline = store, pipeline
        self._reviews = Reviews.of(store)

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._reviews.by_document

    @cached_property
    def _aside(self) -> Store:
        """A store for editions that are not let in yet, with the names of the reference data."""
        opened = open_store("memory:", write=True)
        put_ontology(opened, self._pipeline)
        return opened

    def put(self, made: Checked) -> bool:
        """Store an edition of a document as it is with its reviews; whether anything changed.

        Raises:
            NonConformingError: a check refuses it.
        """
        prepared = self._prepared(made)
        if prepared.problem is not None:
            raise NonConformingError(prepared.problem, "")
        return put_together((prepared,), self._store)

    def _prepared(self, made: Checked) -> Prepared:
        name = str(document_graph(made.id))
        self._aside.replace(made.id, {name: made.stated})
        if not is_read(made.id, self._aside, self._pipeline):
            graph = parse_rdf(made.stated, ".nt", where=made.id, base=name)
            edition = self._pipeline.accept_graph(made.id, graph, made.stated)
            return keep_reviews(edition, self._store) if edition.problem is None else edition
        document = self._reviews.on(stored_document(made.id, self._aside))
        [prepared] = self._pipeline.prepare_each([document])
        return as_loaded(prepared, self._aside)
