"""Events in which several documents meet: why they do, what they may be, and what a person decided on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.errors import InputError, NotFoundError
from kg.identity import document_iri, kind_slug
from kg.model import Passage
from kg.resolution import Decisions, Event, Kind, labels_lexicon, occasion, resolver_of
from kg.store import Store
from kg.store.results import NamedNode
from kg.terms import BASE, KG

__all__ = [
    "Candidate",
    "Field",
    "FieldSource",
    "Join",
    "MayBe",
    "Merge",
    "candidates",
    "explain",
    "find_candidate",
]

_PREFIXES = f"""\
PREFIX kg: <{BASE}ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@dataclass(frozen=True, slots=True)
class FieldSource:
    """What one document gives for a field, with the passages that say so."""

    document: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A part of what an event is known by.

    Attributes:
        name: `kind`, `date`, `place` or `principal`.
        value: The class, the day, or the IRI of a place or agent.
        label: What to call the value.
        sources: The documents that give it, in order.
    """

    name: str
    value: str
    label: str
    sources: tuple[FieldSource, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """Why what one document tells is of the event.

    Attributes:
        document: The document.
        name: IRI that the document alone gives the event.
        reason: Why it is the same; empty where kind, day and principals are.
    """

    document: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class MayBe:
    """Another event that may be the same, which nobody decided yet."""

    event: str
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Why documents meet in an event.

    Attributes:
        event: Its IRI.
        is_shared: Whether another document that gives the same day, kind and principals would meet there too.
        documents: Identifiers of those that tell of it.
        fields: What it is known by, each with the documents that give it.
        joins: Each mention, with the reason for which it is of the event.
        apart: Identifiers of documents that a person decided to keep out of it.
        tied: IRIs of events that are this one by decision of a person.
        different: IRIs of events that are others by decision of a person.
        may_be: Events that it may be, for a person to decide.
    """

    event: str
    is_shared: bool
    documents: tuple[str, ...]
    fields: tuple[Field, ...]
    joins: tuple[Join, ...]
    apart: tuple[str, ...]
    tied: tuple[str, ...]
    different: tuple[str, ...]
    may_be: tuple[MayBe, ...]


def explain(name: str, store: Store) -> Merge:
    """Why documents meet in an event, and in which fields.

    Args:
        name: IRI of the event, now or at some time.
        store: Where it is.

    Raises:
        NotFoundError: no document tells of such an event.
    """
    made, event = Decisions.of(store), resolver_of(store).event(name)
    names = event.group.names | {event.iri} if event else frozenset({name})
    apart = tuple(sorted(document for document, other in made.apart if other in names))
    if event is None and not apart:
        raise NotFoundError(f"no document tells of {_short(name)!r} as an event; give its path or IRI")
    mentions = event.group.mentions if event else ()
    return Merge(
        event=event.iri if event else name,
        is_shared=any(it.is_shared for it in mentions) or event is None,
        documents=tuple(sorted({it.document for it in mentions})),
        fields=tuple(_fields(_facts(event, store))) if event else (),
        joins=tuple(Join(it.document, it.name, event.reasons.get(it.name, "")) for it in mentions if event),
        apart=apart,
        tied=_others(made.same, names),
        different=_others(made.different, names),
        may_be=tuple(MayBe(*doubt) for doubt in event.doubts) if event else (),
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two events that may be one, which nobody decided yet.

    Attributes:
        event: IRI of one; that which has a day, if one has none.
        other: IRI of the other.
        reason: Why they may be one.
        name: What people call the one.
        other_name: What people call the other.
        start: Day, month or year of the one; empty if no document gives it.
    """

    event: str
    other: str
    reason: str
    name: str
    other_name: str
    start: str


def candidates(store: Store) -> list[Candidate]:
    """Each two events that may be one, by time."""
    resolver = resolver_of(store)
    found: dict[tuple[str, str], Candidate] = {}
    for event in resolver:
        for iri, reason in event.doubts:
            if (far := resolver.event(iri)) is not None:
                one, other = sorted((event, far), key=_by_day)
                name, other_name = (
                    occasion(it, labels_lexicon()).get("en", _short(it.iri)) for it in (one, other)
                )
                found[one.iri, other.iri] = Candidate(one.iri, other.iri, reason, name, other_name, one.start)
    return sorted(found.values(), key=lambda it: (it.start, it.event, it.other))


def _by_day(event: Event) -> tuple[bool, str]:
    return not event.group.lead.is_dated, event.iri


def decided(store: Store) -> list[tuple[Kind, str, str]]:
    """What people decided on two events: `same` or `different`, and the IRIs of both; sorted."""
    made = Decisions.of(store)
    kinds: dict[Kind, frozenset[tuple[str, str]]] = {"same": made.same, "different": made.different}
    return [(kind, other, one) for kind, pairs in kinds.items() for one, other in sorted(pairs)]


def find_candidate(event: str, other: str, store: Store) -> Candidate:
    """The open question whether two events are one, whichever is named first.

    Raises:
        InputError: it is not open: they are one already, somebody decided, or nothing speaks for it.
        NotFoundError: no document tells of such an event.
    """
    known = {name: resolver_of(store).event(name) for name in (event, other)}
    for name, it in known.items():
        if it is None:
            raise NotFoundError(f"no document tells of {_short(name)!r} as an event; give its path or IRI")
    wanted = {it.iri for it in known.values() if it is not None}
    for found in candidates(store):
        if {found.event, found.other} == wanted:
            return found
    if len(wanted) == 1:
        raise InputError(f"{_short(event)} and {_short(other)} are one event already")
    raise InputError(
        f"it is not open whether {_short(event)} and {_short(other)} are one event; "
        "`kg candidates --events` lists what is, `kg explain-merge` decides on others"
    )


def _others(pairs: frozenset[tuple[str, str]], names: frozenset[str]) -> tuple[str, ...]:
    """The names that decisions put beside those of an event."""
    both = [*pairs, *((other, one) for one, other in pairs)]
    return tuple(sorted({other for one, other in both if one in names and _is_far(one, other, names, pairs)}))


def _is_far(one: str, other: str, names: frozenset[str], pairs: frozenset[tuple[str, str]]) -> bool:
    """Of two names of one event, which is told: that which was said to be the other."""
    return other not in names or (other, one) in pairs


@dataclass(frozen=True, slots=True)
class _Row:
    """A passage of a fact by which an event is known."""

    document: str
    part: str
    value: str
    label: str
    passage: Passage


def _facts(event: Event, store: Store) -> Iterator[_Row]:
    """The facts by which an event is known."""
    rows = store.select(f"""{_PREFIXES}
        SELECT DISTINCT ?document ?property ?value ?label ?start ?end ?exact WHERE {{
          ?fact rdf:subject {NamedNode(event.iri)} ; rdf:predicate ?property ; rdf:object ?value ;
                kg:polarity kg:Affirmed ; kg:reportedIn ?document ; kg:evidence ?passage .
          ?passage oa:start ?start ; oa:end ?end ; oa:exact ?exact .
          OPTIONAL {{ ?value skos:prefLabel ?label FILTER(LANG(?label) = "en") }}
        }} ORDER BY ?document ?property ?value ?start ?end""")
    for found in rows.texts():
        document, name, value, label, start, end, exact = (text or "" for text in found)
        part = _part(event, name, value)
        if part is not None:
            passage = Passage(int(start), int(end), exact)
            reported_by = document.removeprefix(document_iri(""))
            yield _Row(reported_by, part, value, label or _caption(value), passage)


def _part(event: Event, name: str, value: str) -> str | None:
    """Which part of what an event is known by a value is; `None` if it plays no part in it."""
    if name.endswith("#type"):
        return "kind" if kind_slug(_caption(value)) in event.group.kinds else None
    if name == str(KG.date):
        return "date"
    if name == str(KG.place):
        return "place"
    parties, slug = event.group.parties, _caption(value)
    is_principal = slug in parties or any(slug in party.principals for party in parties.values())
    is_agent = value.startswith((f"{BASE}id/person/", f"{BASE}id/country/"))
    return "principal" if is_principal and is_agent else None


def _fields(rows: Iterator[_Row]) -> Iterator[Field]:
    """What an event is known by, each with the documents that give it."""
    found: dict[tuple[str, str, str], dict[str, dict[Passage, None]]] = {}
    for row in rows:
        sources = found.setdefault((row.part, row.value, row.label), {})
        sources.setdefault(row.document, {})[row.passage] = None
    for key in sorted(found):
        sources = found[key]
        yield Field(*key, tuple(FieldSource(name, (*sources[name],)) for name in sorted(sources)))


def _caption(value: str) -> str:
    return value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _short(iri: str) -> str:
    return iri.removeprefix(f"{BASE}id/")
