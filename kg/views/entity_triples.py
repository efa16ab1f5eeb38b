"""The triples around one thing, a page at a time: its own, then those that point at it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.store import Store
from kg.store.results import NamedNode

__all__ = ["PAGE", "Group", "around", "groups"]

PAGE = 1000  # triples of one page
_COUNTS = (
    "SELECT ?p (COUNT(*) AS ?n) WHERE {{ {node} ?p ?o }} GROUP BY ?p ORDER BY ?p",
    "SELECT ?p (COUNT(*) AS ?n) WHERE {{ ?s ?p {node} FILTER(?s != {node}) }} GROUP BY ?p ORDER BY ?p",
)
_TRIPLES = (
    "SELECT ?x WHERE {{ {node} {p} ?x }} ORDER BY ?x OFFSET {start} LIMIT {limit}",
    "SELECT ?x WHERE {{ ?x {p} {node} FILTER(?x != {node}) }} ORDER BY ?x OFFSET {start} LIMIT {limit}",
)


@dataclass(frozen=True, slots=True)
class Group:
    """The triples of a thing that have one property.

    Attributes:
        property: IRI of the property.
        is_incoming: Whether the thing is their object.
        size: How many there are.
    """

    property: str
    is_incoming: bool
    size: int


def groups(store: Store, iri: str) -> Sequence[Group]:
    """What a thing stands in, in the order of its pages; nothing if the store knows nothing of it."""
    return [
        Group(property_ or "", is_incoming, int(number or 0))
        for is_incoming in (False, True)
        for property_, number in store.select(_COUNTS[is_incoming].format(node=NamedNode(iri))).texts()
    ]


def around(store: Store, iri: str, known: Sequence[Group], *, page: int = 1, size: int = PAGE) -> list[bytes]:
    """One page of the triples with a thing at either end, as sorted lines of N-Triples.

    Only the groups that fall on the page are put in order, since some things stand in very many triples.

    Args:
        store: Where to look.
        iri: The thing.
        known: Its groups.
        page: From 1.
        size: Triples of a page.
    """
    return sorted(set(_lines(store, str(NamedNode(iri)), known, (page - 1) * size, size)))


def _lines(store: Store, node: str, known: Sequence[Group], start: int, missing: int) -> Iterator[bytes]:
    for group in known:
        if start >= group.size:
            start -= group.size
            continue
        if missing <= 0:
            return
        predicate = str(NamedNode(group.property))
        text = _TRIPLES[group.is_incoming].format(node=node, p=predicate, start=start, limit=missing)
        for (other,) in store.select(text):
            yield (
                f"{other} {predicate} {node} .\n" if group.is_incoming else f"{node} {predicate} {other} .\n"
            ).encode()
        missing -= group.size - start
        start = 0
