"""One document: its text, and what each passage of it supports."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.errors import NotFoundError
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE
from kg.views.papers import Paper, paper
from kg.views.rows import local, rows
from kg.views.told import Told, told

__all__ = ["Reading", "reading"]


@dataclass(frozen=True)
class Reading:
    """A document as it was read.

    Attributes:
        paper: What lists show of it.
        kind: Local name of its class, if it has one below `kg:Document`.
        body: Its text.
        language: Tag of the language of its text.
        digest: SHA-256 of the text.
        extractor: What read it.
        statements: All that it says.
        notes: How it was read: where its day came from, what gave nothing and why.
    """

    paper: Paper
    kind: str
    body: str
    language: str
    digest: str
    extractor: str
    statements: tuple[Told, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def by_span(self) -> Mapping[tuple[int, int], tuple[Told, ...]]:
        """The statements that each passage supports, in order of the text."""
        found: defaultdict[tuple[int, int], list[Told]] = defaultdict(list)
        for it in self.statements:
            for quote in it.quotes:
                found[quote.start, quote.end].append(it)
        return {span: tuple(found[span]) for span in sorted(found)}


def reading(store: Store, document: str) -> Reading:
    """A document with all that it says.

    Raises:
        NotFoundError: the store has no such document.
    """
    found = paper(store, document)
    if found is None:
        raise NotFoundError(f"the store has no document {document.rsplit('/', 1)[-1]!r}")
    node = NamedNode(document)
    query = f"""SELECT ?body ?language ?digest ?extractor WHERE {{ {node} kg:body ?body ; kg:digest ?digest .
      OPTIONAL {{ {node} dcterms:language ?language }} OPTIONAL {{ {node} kg:extractor ?extractor }} }}"""
    [(body, language, digest, extractor)] = rows(store, query)
    kinds = sorted(kind for (kind,) in rows(store, f"SELECT ?kind WHERE {{ {node} a ?kind }}"))
    ours = [local(kind) for kind in kinds if kind.startswith(f"{BASE}ontology#")]
    kind = next((name for name in ours if name != "Document"), "Document")
    statements = tuple(told(store, "?statement kg:reportedIn {document}", document=document))
    notes = tuple(
        sorted(note for (note,) in rows(store, f"SELECT ?note WHERE {{ {node} kg:readingNote ?note }}"))
    )
    return Reading(found, kind, body, language or "en", digest, extractor, statements, notes)
