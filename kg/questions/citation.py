"""A passage that an answer rests on."""

from collections.abc import Iterator
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


def cited(store: Store, document: str, exact: str) -> Iterator[Citation]:
    """The passage of a document with some words: where a statement rests on them, or else where they stand.

    Args:
        store: Where the document is.
        document: Its IRI.
        exact: The words.
    """
    query = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?start ?title ?issued ?publisher ?body WHERE {{
  VALUES ?document {{ {NamedNode(document)} }}
  ?document kg:body ?body .
  OPTIONAL {{ ?passage oa:exact {Literal(exact)} ; kg:inDocument ?document ; oa:start ?start }}
  OPTIONAL {{ ?document dcterms:title ?title }}
  OPTIONAL {{ ?document dcterms:issued ?issued }}
  OPTIONAL {{ ?document dcterms:publisher/skos:prefLabel ?publisher FILTER(LANG(?publisher) = "en") }}
}} ORDER BY ?start LIMIT 1"""
    for row in store.select(query).texts():
        start, title, issued, publisher, body = (value or "" for value in row)
        first = int(start) if start else body.find(exact)
        if first >= 0:
            last = first + len(exact)
            yield Citation(
                document, title or document.rsplit("/", 1)[-1], publisher, issued, first, last, exact,
                body[max(0, first - _AROUND) : first], body[last : last + _AROUND],
            )  # fmt: skip
