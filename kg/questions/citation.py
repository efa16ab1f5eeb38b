"""A passage that an answer rests on."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.store import Store
from kg.store.results import Literal, NamedNode
from kg.terms import BASE

__all__ = ["Citation", "cited"]

_AROUND = 90  # characters of the document before and after a passage


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that an answer rests on.

    Attributes:
        document: IRI of the document.
        title: Its title.
        publisher: Who published it; empty if nobody says.
        issued: Day of publication; empty likewise.
        start: Offset of the passage in the body.
        end: Offset after it.
        exact: Its words.
        before: Words of the document before it.
        after: Words after it.
    """

    document: str
    title: str
    publisher: str
    issued: str
    start: int
    end: int
    exact: str
    before: str = ""
    after: str = ""


def cited(store: Store, wanted: Iterable[tuple[str, str]]) -> tuple[Citation, ...]:
    """The passages of some words in documents: where a statement rests on them, or else where they stand.

    Args:
        store: Where the documents are.
        wanted: IRIs of documents, each with words.
    """
    listed = [*wanted]
    named = " ".join(str(NamedNode(iri)) for iri in dict.fromkeys(document for document, _ in listed))
    query = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?document ?title ?issued ?publisher ?body WHERE {{
  VALUES ?document {{ {named} }}
  ?document kg:body ?body .
  OPTIONAL {{ ?document dcterms:title ?title }}
  OPTIONAL {{ ?document dcterms:issued ?issued }}
  OPTIONAL {{ ?document dcterms:publisher/skos:prefLabel ?publisher FILTER(LANG(?publisher) = "en") }}
}} ORDER BY ?document ?title ?issued ?publisher"""
    told: dict[str, tuple[str, ...]] = {}
    for row in store.select(query).texts() if listed else ():
        told.setdefault(row[0] or "", tuple(value or "" for value in row[1:]))
    found = []
    for document, exact in listed:
        title, issued, publisher, body = told.get(document, ("", "", "", ""))
        first = body.find(exact) if exact else -1
        if first >= 0 and body.find(exact, first + 1) >= 0:
            first = _start(store, document, exact, first)
        if first >= 0:
            last = first + len(exact)
            found.append(
                Citation(
                    document, title or document.rsplit("/", 1)[-1], publisher, issued, first, last, exact,
                    body[max(0, first - _AROUND) : first], body[last : last + _AROUND],
                )
            )  # fmt: skip
    return tuple(found)


def _start(store: Store, document: str, exact: str, otherwise: int) -> int:
    """Where words that stand in a document several times are cited."""
    query = f"""PREFIX kg: <{BASE}ontology#> PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?start WHERE {{
  {{ SELECT ?passage WHERE {{ ?passage kg:inDocument {NamedNode(document)} }} }}
  ?passage oa:exact ?words ; oa:start ?start . FILTER(?words = {Literal(exact)}) }} ORDER BY ?start LIMIT 1"""
    return next((int(row[0]) for row in store.select(query).texts() if row[0]), otherwise)
