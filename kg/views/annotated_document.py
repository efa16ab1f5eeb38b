"""One document: its text, and what each passage of it supports."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.errors import NotFoundError
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE
from kg.views.document_list import DocumentSummary, document_summary
from kg.views.rows import local, rows
from kg.views.statements import StatementSummary, select_statements

__all__ = ["AnnotatedDocument", "annotated_document"]


@dataclass(frozen=True)
class AnnotatedDocument:
    """A document as it was read.

    Attributes:
        summary: What lists show of it.
        kind: Local name of its class, if it has one below `kg:Document`.
        body: Its text.
        language: Tag of the language of its text.
        digest: SHA-256 of the text.
        extractor: What read it.
        statements: All that it says.
        notes: How it was read: where its day came from, what gave nothing and why.
    """

    summary: DocumentSummary
    kind: str
    body: str
    language: str
    digest: str
    extractor: str
    statements: tuple[StatementSummary, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def by_span(self) -> Mapping[tuple[int, int], tuple[StatementSummary, ...]]:
        """The statements that each passage supports, in order of the text."""
        found: defaultdict[tuple[int, int], list[StatementSummary]] = defaultdict(list)
        for it in self.statements:
            for quote in it.quotes:
                found[quote.start, quote.end].append(it)
        return {span: tuple(found[span]) for span in sorted(found)}


def annotated_document(store: Store, document: str) -> AnnotatedDocument:
    """A document with all that it says.

    Raises:
        NotFoundError: the store has no such document.
    """
    found = document_summary(store, document)
    if found is None:
        raise NotFoundError(f"the store has no document {document.rsplit('/', 1)[-1]!r}")
    node = NamedNode(document)
    query = f"""SELECT ?body ?language ?digest ?extractor WHERE {{ {node} kg:body ?body ; kg:digest ?digest .
      OPTIONAL {{ {node} dcterms:language ?language }} OPTIONAL {{ {node} kg:extractor ?extractor }} }}"""
    [(body, language, digest, extractor)] = rows(store, query)
    kinds = sorted(kind for (kind,) in rows(store, f"SELECT ?kind WHERE {{ {node} a ?kind }}"))
    ours = [local(kind) for kind in kinds if kind.startswith(f"{BASE}ontology#")]
    kind = next((name for name in ours if name != "Document"), "Document")
    statements = tuple(select_statements(store, "?statement kg:reportedIn {document}", document=document))
    notes = tuple(
        sorted(note for (note,) in rows(store, f"SELECT ?note WHERE {{ {node} kg:readingNote ?note }}"))
    )
    return AnnotatedDocument(found, kind, body, language or "en", digest, extractor, statements, notes)
