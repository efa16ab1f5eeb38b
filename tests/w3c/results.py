"""Compares what a query gave with what a test expects, blank nodes by their places."""

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg.store import BooleanResult, Result, Rows
from tests.w3c.suite import text

__all__ = ["Outcome", "expected", "graph", "outcome"]

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "nt": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
}
_RESULTS = {
    "srx": ox.QueryResultsFormat.XML,
    "srj": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
}
Outcome = frozenset[str] | bool


def outcome(found: Result, *, lax: bool = False) -> Outcome:
    """What a query gave, in a form in which equal answers are equal: a verdict, or canonical triples.

    Args:
        found: The answer.
        lax: Whether it does not matter how often a row is there.
    """
    if isinstance(found, BooleanResult):
        return bool(found)
    return _rows(found.variables, found, lax) if isinstance(found, Rows) else canonical(found)


def expected(iri: str, *, lax: bool = False) -> Outcome:
    """What a file of results holds."""
    suffix = iri.rpartition(".")[2]
    if suffix in _RESULTS:
        found = ox.parse_query_results(text(iri), _RESULTS[suffix])
        return outcome(BooleanResult(found) if isinstance(found, ox.QueryBoolean) else Rows(found), lax=lax)
    triples = [*graph(iri)]
    held = ox.Store()
    held.extend(ox.Quad(it.subject, it.predicate, it.object) for it in triples)
    whole = next(iter(held.quads_for_pattern(None, _TYPE, ox.NamedNode(f"{_RS}ResultSet"))), None)
    return canonical(triples) if whole is None else _result_set(held, whole.subject, lax)


def graph(iri: str) -> Iterator[ox.Triple]:
    """The triples of a file."""
    format = _FORMATS[iri.rpartition(".")[2]]
    quads = ox.parse(text(iri), format, base_iri=iri, rename_blank_nodes=True)
    return (quad.triple for quad in quads)


def canonical(triples: Iterable[ox.Triple]) -> frozenset[str]:
    """Triples with blank nodes named after their places."""
    stored = ox.Store()  # which keeps numbers and times by value
    stored.extend(ox.Quad(it.subject, it.predicate, it.object) for it in triples)
    held = ox.Dataset(stored)
    held.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(str(quad.triple) for quad in held)


def _rows(names: Sequence[str], rows: Iterable[Sequence[object]], lax: bool) -> frozenset[str]:
    """Solutions as triples, one blank node each, so that blank nodes in them are compared as well.

    The names of the columns count, their order and that of the rows do not; how often a row is there does.
    """
    triples = [
        ox.Triple(ox.NamedNode("x:head"), ox.NamedNode("x:column"), ox.Literal(name)) for name in names
    ]
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        node = ox.BlankNode()
        key = tuple(row)
        seen[key] = seen.get(key, 0) + 1
        if lax and seen[key] > 1:
            continue
        triples.append(ox.Triple(node, ox.NamedNode("x:number"), ox.Literal(seen[key])))
        for name, value in zip(names, row, strict=True):
            if value is not None:
                triples.append(ox.Triple(node, ox.NamedNode(f"x:value/{name}"), value))
    return canonical(triples)


def _result_set(held: ox.Store, node: object, lax: bool) -> Outcome:
    def values(subject: object, name: str) -> list:
        return [it.object for it in held.quads_for_pattern(subject, ox.NamedNode(_RS + name), None, None)]

    if verdict := values(node, "boolean"):
        return verdict[0].value == "true"
    names = sorted(it.value for it in values(node, "resultVariable"))
    rows = []
    for solution in values(node, "solution"):
        bound = {
            values(it, "variable")[0].value: values(it, "value")[0] for it in values(solution, "binding")
        }
        rows.append([bound.get(name) for name in names])
    return _rows(names, rows, lax)
