"""The triples around one thing: its own statements, and what points at it."""

from kg.store import Store, Triples
from kg.store.results import NamedNode

__all__ = ["PAGE", "around", "count"]

PAGE = 1000  # triples of one page
_PATTERN = """{{ BIND({0} AS ?s) {0} ?p ?o }} UNION {{ BIND({0} AS ?o) ?s ?p {0} }}"""


def around(store: Store, iri: str, *, page: int = 1, size: int = PAGE) -> Triples:
    """One page of the triples with a thing at either end, in a fixed order.

    Args:
        store: Where to look.
        iri: The thing.
        page: From 1.
        size: Triples of a page.
    """
    chosen = f"SELECT DISTINCT ?s ?p ?o WHERE {{ {_PATTERN.format(NamedNode(iri))} }} ORDER BY ?s ?p ?o"
    limited = f"{chosen} LIMIT {size:d} OFFSET {(page - 1) * size:d}"
    found = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ {limited} }} }}")
    assert isinstance(found, Triples)
    return found


def count(store: Store, iri: str) -> int:
    """How many triples a thing stands in."""
    pattern = _PATTERN.format(NamedNode(iri))
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }} }}"
    [(number,)] = store.select(query).texts()
    return int(number or 0)
