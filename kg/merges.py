"""Events in which several documents meet: why they do, and what a person decided on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kg.errors import NotFoundError
from kg.identity import document_iri, kind_slug, owner
from kg.model import Document, Passage
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE, DECISIONS_GRAPH, KG

_SAME = "http://www.w3.org/2002/07/owl#sameAs"
_NEWS = timedelta(days=3)  # a text that gives no day tells of something as fresh as this
_PREFIXES = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided on events; kept in a graph of its own.

    Attributes:
        apart: Pairs of a document's identifier and a shared event that it does not tell of.
        ties: Pairs of an event of one document alone and the event that it is.
    """

    apart: frozenset[tuple[str, str]] = frozenset()
    ties: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, store: Store) -> "Decisions":
        """Those of a store."""
        rows = store.select(
            f"SELECT ?one ?said ?other WHERE {{ GRAPH <{DECISIONS_GRAPH}> {{ ?one ?said ?other }} }}"
        )
        found = [(one or "", said, other or "") for one, said, other in rows.texts()]
        documents = document_iri("")
        return cls(
            frozenset((o.removeprefix(documents), e) for o, said, e in found if said == str(KG.keepsApart)),
            frozenset((own, event) for own, said, event in found if said == _SAME),
        )

    def triples(self) -> bytes:
        """The graph of decisions as sorted N-Triples."""
        said = [(document_iri(document), str(KG.keepsApart), event) for document, event in self.apart]
        said += [(own, _SAME, event) for own, event in self.ties]
        lines = (" ".join(str(NamedNode(iri)) for iri in triple) + " .\n" for triple in said)
        return "".join(sorted(lines)).encode()

    def on(self, document: Document) -> Document:
        """A document with what was decided on it."""
        apart = sorted(event for name, event in self.apart if name == document.id)
        ties = sorted((own, event) for own, event in self.ties if owner(own) == document.id)
        return replace(document, apart=tuple(apart), ties=tuple(ties))


@dataclass(frozen=True, slots=True)
class FieldSource:
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
    tellings: tuple[FieldSource, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Why documents meet in an event.

    Attributes:
        event: Its IRI.
        is_shared: Whether another document that gives the same fields would meet there too.
        documents: Identifiers of those that tell of it.
        fields: What its identity is made of; every document that nobody tied to it gives all of them.
        apart: Identifiers of documents that a person decided to keep out of it.
        tied: IRIs of events of single documents that are this one by decision of a person.
        may_be: IRIs of undated events of other documents that it may be, for a person to decide: kind and
            principals are the same, and the document came out within three days.
    """

    event: str
    is_shared: bool
    documents: tuple[str, ...]
    fields: tuple[Field, ...]
    apart: tuple[str, ...]
    tied: tuple[str, ...]
    may_be: tuple[str, ...]


def explain(event: str, store: Store) -> Merge:
    """Why documents meet in an event, and in which fields.

    Raises:
        NotFoundError: no document tells of such an event.
    """
    rows, made = [*_facts(event, store)], Decisions.of(store)
    apart = tuple(sorted(document for document, shared in made.apart if shared == event))
    documents = tuple(sorted({row.document for row in rows}))
    if not documents and not apart:
        raise NotFoundError(f"no document tells of {_short(event)!r} as an event; give its path or IRI")
    return Merge(
        event=event,
        is_shared=owner(event) not in documents,
        documents=documents,
        fields=tuple(_fields(rows)),
        apart=apart,
        tied=tuple(sorted(own for own, shared in made.ties if shared == event)),
        may_be=tuple(_undated(rows, store)),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A passage of a fact that plays a part in an event's identity."""

    document: str
    part: str
    property: str
    value: str
    label: str
    passage: Passage


def _facts(event: str, store: Store) -> Iterator[_Row]:
    """The facts from which the IRI of an event is made."""
    rows = store.select(f"""{_PREFIXES}
        SELECT DISTINCT ?document ?property ?value ?label ?start ?end ?exact WHERE {{
          ?fact rdf:subject {NamedNode(event)} ; rdf:predicate ?property ; rdf:object ?value ;
                kg:polarity kg:Affirmed ; kg:reportedIn ?document ; kg:evidence ?passage .
          ?passage oa:start ?start ; oa:end ?end ; oa:exact ?exact .
          OPTIONAL {{ ?value skos:prefLabel ?label FILTER(LANG(?label) = "en") }}
        }} ORDER BY ?document ?property ?value ?start ?end""")
    for found in rows.texts():
        document, name, value, label, start, end, exact = (text or "" for text in found)
        part = _part(event, name, value)
        if part is not None:
            passage = Passage(int(start), int(end), exact)
            told_by = document.removeprefix(document_iri(""))
            yield _Row(told_by, part, name, value, label or _caption(value), passage)


def _part(event: str, name: str, value: str) -> str | None:
    """Which part of an event's identity a value is; `None` if it plays no part in it."""
    folder, named = event.removeprefix(f"{BASE}id/").split("/")[0], f"-{_caption(event)}-"
    if name.endswith("#type") and kind_slug(_caption(value)) == folder:
        return "kind"
    if name == str(KG.date) and f"-{value}-" in named:
        return "date"
    return "principal" if value.startswith(f"{BASE}id/") and f"-{_caption(value)}-" in named else None


def _fields(rows: list[_Row]) -> Iterator[Field]:
    """The kind, the date and the principals, each with the documents that give it."""
    found: dict[tuple[str, str, str], dict[str, dict[Passage, None]]] = {}
    for row in rows:
        tellings = found.setdefault((row.part, row.value, row.label), {})
        tellings.setdefault(row.document, {})[row.passage] = None
    for key in sorted(found):
        tellings = found[key]
        yield Field(*key, tuple(FieldSource(name, (*tellings[name],)) for name in sorted(tellings)))


def _undated(rows: list[_Row], store: Store) -> list[str]:
    """Undated events of other documents that may be the one of `rows`."""
    days = {row.value for row in rows if row.part == "date"}
    wanted = sorted({(row.property, row.value) for row in rows if row.part in ("kind", "principal")})
    if not days or len(wanted) < 2:  # a kind and a principal at least
        return []
    day = date.fromisoformat(min(days))
    pairs = " ; ".join(f"{NamedNode(name)} {NamedNode(value)}" for name, value in wanted)
    found = store.select(f"""{_PREFIXES}
        SELECT DISTINCT ?event ?issued WHERE {{
          ?event {pairs} .
          FILTER NOT EXISTS {{ ?event kg:date ?day }}
          ?fact rdf:subject ?event ; kg:reportedIn/dcterms:issued ?issued .
        }} ORDER BY ?event ?issued""")
    news = [(event or "", date.fromisoformat(issued or "")) for event, issued in found.texts()]
    return list(dict.fromkeys(event for event, issued in news if day <= issued <= day + _NEWS))


def _caption(value: str) -> str:
    return value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _short(iri: str) -> str:
    return iri.removeprefix(f"{BASE}id/")
