"""What waits to be reviewed, the doubtful first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.identity import document_iri
from kg.review.rare_rules import rarely_read
from kg.store import Store
from kg.terms import BASE

__all__ = ["ALL_DOUBTS", "Item", "Queue", "QueueFilter"]

_PREFIXES = f"""\
PREFIX kg: <{BASE}ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
# Why a statement may be wrong, by what says so; the gravest first.
DOUBTS = {
    "contradicted by another": "?statement kg:conflictsWith ?other",
    "event that may be another": "?statement rdf:subject/kg:possiblySameAs ?other",
    "put with a reservation": "?statement kg:certainty kg:Hedged",
    "day that was concluded": "?statement kg:dateBasis ?basis FILTER(?basis != kg:Stated)",
}
_UNRESOLVED = "name that was not resolved"
_RARE = "read by a rule that seldom fires"
ALL_DOUBTS = (*DOUBTS, _UNRESOLVED, _RARE)
_QUOTED = 140  # characters of a passage
_ABOUT = "rdf:subject|rdf:object|kg:claimant|kg:about|kg:affirms|kg:addressee"


@dataclass(frozen=True, slots=True)
class Item:
    """A statement in the queue.

    Attributes:
        iri: Its identifier.
        document: Identifier of its document.
        kind: `Fact`'s property, or the class of a claim.
        start: Where its first passage begins.
        doubts: Why it may be wrong.
        names: IRIs of whom and what it names.
        status: What its reviewers find; empty if it has none.
        quote: The beginning of its first passage.
    """

    iri: str
    document: str
    kind: str
    start: int
    doubts: tuple[str, ...]
    names: frozenset[str]
    status: str
    quote: str = ""

    @property
    def key(self) -> tuple[int, str, int, str]:
        """Its place in the queue."""
        return -len(self.doubts), self.document, self.start, self.iri


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which statements a reviewer wants to see; what is empty narrows nothing.

    Attributes:
        document: Identifier of the document.
        about: IRI of a topic, person or event.
        kind: Property of a fact, or class of a claim.
        doubt: One of `ALL_DOUBTS`.
    """

    document: str = ""
    about: str = ""
    kind: str = ""
    doubt: str = ""


class Queue:
    """The statements of one state of a store.

    Attributes:
        items: All of them, by place in the queue.
    """

    def __init__(self, store: Store) -> None:
        """Look through what `store` holds."""
        self.items: tuple[Item, ...] = tuple(sorted(_items(store), key=lambda it: it.key))

    @cached_property
    def by_iri(self) -> Mapping[str, Item]:
        """The statements by identifier."""
        return {it.iri: it for it in self.items}

    @property
    def reviewed(self) -> int:
        """How many have been reviewed."""
        return sum(bool(it.status) for it in self.items)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that occur, sorted."""
        return tuple(sorted({it.kind for it in self.items}))

    def waiting(self, wanted: QueueFilter) -> list[Item]:
        """Those that nobody has reviewed."""
        return [it for it in self.items if not it.status and _fits(it, wanted)]

    def after(self, iri: str, wanted: QueueFilter) -> Item | None:
        """The next one that waits, after a statement."""
        waiting = self.waiting(wanted)
        here = self.by_iri.get(iri)
        later = (it for it in waiting if here is None or it.key > here.key)
        return next(later, next((it for it in waiting if it.iri != iri), None))

    def before(self, iri: str, wanted: QueueFilter) -> Item | None:
        """The one that waits before a statement, if there is one."""
        here = self.by_iri.get(iri)
        earlier = [it for it in self.waiting(wanted) if here is not None and it.key < here.key]
        return earlier[-1] if earlier else None


def _fits(it: Item, wanted: QueueFilter) -> bool:
    return (
        wanted.document in ("", it.document)
        and (not wanted.about or wanted.about in it.names)
        and wanted.kind in ("", it.kind)
        and (not wanted.doubt or wanted.doubt in it.doubts)
    )


def _items(store: Store) -> Iterator[Item]:
    documents = document_iri("")
    doubts: defaultdict[str, list[str]] = defaultdict(list)
    for doubt, pattern in DOUBTS.items():
        for (iri,) in _rows(store, f"SELECT DISTINCT ?statement WHERE {{ {pattern} }}"):
            doubts[iri].append(doubt)
    for iri in rarely_read(store):
        doubts[iri].append(_RARE)
    names: defaultdict[str, set[str]] = defaultdict(set)
    named = f"?statement kg:reportedIn ?document ; {_ABOUT} ?name FILTER(isIRI(?name))"
    for iri, name in _rows(store, f"SELECT ?statement ?name WHERE {{ {named} }}"):
        names[iri].add(name)
    status = _pairs(store, "SELECT ?statement ?status WHERE { ?statement kg:reviewStatus ?status }")
    kinds = _pairs(store, "SELECT ?it ?kind WHERE { ?it a ?kind ; kg:content ?words }")
    kinds |= _pairs(store, "SELECT ?it ?kind WHERE { ?it a kg:Fact ; rdf:predicate ?kind }")
    first: dict[str, tuple[int, str]] = {}
    passages = (
        "SELECT ?it ?start ?words WHERE { ?it kg:evidence ?at . ?at oa:start ?start ; oa:exact ?words }"
    )
    for iri, start, words in _rows(store, passages):
        found_at = int(start), words[:_QUOTED]
        first[iri] = min(found_at, first.get(iri, found_at))
    for iri, document in _rows(store, "SELECT ?it ?document WHERE { ?it kg:reportedIn ?document }"):
        id = document.removeprefix(documents)
        unresolved = [_UNRESOLVED] if any(_is_own(name, id) for name in names[iri]) else []
        found = (*doubts.get(iri, ()), *unresolved)
        kind, its = kinds.get(iri, "#Claim"), status.get(iri, "")
        start_at, quote = first.get(iri, (0, ""))
        yield Item(iri, id, _local(kind), start_at, found, frozenset(names[iri]), _local(its), quote)


def _is_own(name: str, document_id: str) -> bool:
    """Whether a name is that of somebody whom only this document knows."""
    folder = name.removeprefix(f"{BASE}id/").split("/")[0]
    return name.endswith(f".{document_id}") and folder in ("person", "group", "organization", "country")


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _pairs(store: Store, query: str) -> dict[str, str]:
    return {one: other for one, other in _rows(store, query)}  # noqa: C416  # rows have no known length


def _rows(store: Store, query: str) -> Iterable[tuple[str, ...]]:
    for row in store.select(_PREFIXES + query).texts():
        yield tuple(value or "" for value in row)
