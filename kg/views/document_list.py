"""Documents as lists show them."""

from dataclasses import dataclass

from kg.store import Store
from kg.store.results import NamedNode
from kg.views.rows import rows

__all__ = ["DocumentSummary", "document_summaries", "document_summary"]

_SHOWN = "?title ?issued ?publisher ?source"
_TOLD = """?document kg:digest ?digest .
  OPTIONAL { ?document dcterms:title ?title } OPTIONAL { ?document dcterms:issued ?issued }
  OPTIONAL { ?document dcterms:publisher ?publisher } OPTIONAL { ?document dcterms:source ?source }"""


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One document.

    Attributes:
        iri: Its identifier.
        title: Its heading; the end of its identifier if it has none.
        issued: Day of publication.
        publisher: IRI of who published it; empty if nobody says.
        source: Where it was published; empty likewise.
    """

    iri: str
    title: str
    issued: str = ""
    publisher: str = ""
    source: str = ""


def document_summaries(store: Store) -> dict[str, DocumentSummary]:
    """All documents by IRI, the newest first."""
    found: dict[str, DocumentSummary] = {}
    for iri, *told in rows(store, f"SELECT ?document {_SHOWN} WHERE {{ {_TOLD} }}"):
        found.setdefault(iri, _document(iri, *told))
    return {it.iri: it for it in sorted(found.values(), key=lambda it: (it.issued, it.iri), reverse=True)}


def document_summary(store: Store, iri: str) -> DocumentSummary | None:
    """One document; `None` if the store has no such document."""
    told = _TOLD.replace("?document", str(NamedNode(iri)))
    return next((_document(iri, *row) for row in rows(store, f"SELECT {_SHOWN} WHERE {{ {told} }}")), None)


def _document(iri: str, title: str, issued: str, publisher: str, source: str) -> DocumentSummary:
    return DocumentSummary(iri, title or iri.rsplit("/", 1)[-1], issued, publisher, source)
