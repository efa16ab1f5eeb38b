"""Rows of the views' own queries, as plain strings."""

from collections.abc import Iterator

from kg.store import Store
from kg.terms import BASE

__all__ = ["PREFIXES", "local", "rows"]

PREFIXES = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <{BASE}ontology#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def rows(store: Store, query: str) -> Iterator[tuple[str, ...]]:
    """The rows of a SELECT that uses the prefixes above; what is unbound is empty."""
    for row in store.select(PREFIXES + query).texts():
        yield tuple(value or "" for value in row)


def local(iri: str) -> str:
    """The name of a term of the ontology: what follows the `#`."""
    return iri.rpartition("#")[2]
