"""Events in which several documents meet: why they do, and what a person decided to keep apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import NotFoundError
from kg.identity import document_iri, kind_slug
from kg.model import Passage
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE, DECISIONS_GRAPH, KG

Decisions = Mapping[str, frozenset[str]]
_PREFIXES = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@dataclass(frozen=True, slots=True)
class Telling:
    """What one document gives for a field, with the passages that say so."""

    document: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A part of an event's identity.

    Attributes:
        name: `kind`, `date` or `principal`.
        value: The class, the day, or the IRI of an agent.
        label: What to call the value.
        tellings: By whom it is given, in order of the documents.
    """

    name: str
    value: str
    label: str
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Why documents meet in an event.

    Attributes:
        event: Its IRI.
        is_shared: Whether another document that gives the same fields would meet there too.
        documents: Identifiers of those that tell of it.
        fields: What its identity is made of; every document gives all of them.
        apart: Identifiers of documents that a person decided to keep out of it.
    """

    event: str
    is_shared: bool
    documents: tuple[str, ...]
    fields: tuple[Field, ...]
    apart: tuple[str, ...]


def explain(event: str, store: Store) -> Merge:
    """Why documents meet in an event, and in which fields.

    Raises:
        NotFoundError: no document tells of such an event.
    """
    rows = [*_facts(event, store)]
    apart = tuple(sorted(document for document, events in decisions(store).items() if event in events))
    documents = tuple(sorted({document for document, *_ in rows}))
    if not documents and not apart:
        raise NotFoundError(f"no document tells of {_short(event)!r} as an event; give its path or IRI")
    is_shared = not any(_slug(event).startswith(f"{document}.") for document in documents)
    return Merge(event, is_shared, documents, tuple(_fields(event, rows)), apart)


def decisions(store: Store) -> Decisions:
    """By identifier of a document, the shared events that it is kept out of."""
    rows = store.select(f"""{_PREFIXES}
        SELECT ?document ?event WHERE {{ GRAPH <{DECISIONS_GRAPH}> {{ ?document kg:keepsApart ?event }} }}""")
    found: dict[str, set[str]] = {}
    for document, event in rows.texts():
        if document and event:
            found.setdefault(document.removeprefix(document_iri("")), set()).add(event)
    return {document: frozenset(events) for document, events in found.items()}


def decision_triples(made: Decisions) -> bytes:
    """The graph of decisions as sorted N-Triples."""
    lines = (f"{NamedNode(document_iri(document))} {NamedNode(str(KG.keepsApart))} {NamedNode(event)} .\n"
             for document, events in made.items() for event in events)  # fmt: skip
    return "".join(sorted(lines)).encode()


_Row = tuple[str, str, str, str, Passage]


def _facts(event: str, store: Store) -> Iterator[_Row]:
    """Document, property, value, caption and passage of the facts that name an event."""
    rows = store.select(f"""{_PREFIXES}
        SELECT DISTINCT ?document ?property ?value ?label ?start ?end ?exact WHERE {{
          ?fact rdf:subject {NamedNode(event)} ; rdf:predicate ?property ; rdf:object ?value ;
                kg:polarity kg:Affirmed ; kg:reportedIn ?document ; kg:evidence ?passage .
          ?passage oa:start ?start ; oa:end ?end ; oa:exact ?exact .
          OPTIONAL {{ ?value skos:prefLabel ?label FILTER(LANG(?label) = "en") }}
        }} ORDER BY ?document ?property ?value ?start ?end""")
    for document, name, value, label, start, end, exact in rows.texts():
        passage = Passage(int(start or 0), int(end or 0), exact or "")
        yield (document or "").removeprefix(document_iri("")), name or "", value or "", label or "", passage


def _fields(event: str, rows: list[_Row]) -> Iterator[Field]:
    """The kind, the date and the principals: what the IRI of an event is minted from."""
    found: dict[tuple[str, str, str], dict[str, dict[Passage, None]]] = {}
    for document, name, value, label, passage in rows:
        part = _part(event, name, value)
        if part is not None:
            tellings = found.setdefault((part, value, label or _caption(value)), {})
            tellings.setdefault(document, {})[passage] = None
    for name, value, label in sorted(found):
        tellings = found[name, value, label]
        yield Field(name, value, label, tuple(Telling(d, (*tellings[d],)) for d in sorted(tellings)))


def _part(event: str, name: str, value: str) -> str | None:
    """Which part of an event's IRI a value is; `None` if it plays no part in it."""
    folder, named = event.removeprefix(f"{BASE}id/").split("/")[0], f"-{_slug(event)}-"
    if name.endswith("#type") and kind_slug(_caption(value)) == folder:
        return "kind"
    if name == str(KG.date) and f"-{value}-" in named:
        return "date"
    return "principal" if value.startswith(f"{BASE}id/") and f"-{_slug(value)}-" in named else None


def _caption(value: str) -> str:
    return value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _slug(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def _short(iri: str) -> str:
    return iri.removeprefix(f"{BASE}id/")
