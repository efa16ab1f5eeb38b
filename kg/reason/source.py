"""Reads the ontology and reference data as triples of rdflib, parsed by pyoxigraph, which takes less time."""

from functools import cache
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import XSD, Literal, URIRef
from rdflib.term import Node

from kg.errors import ResourceError
from kg.resources import files, text
from kg.terms import BASE

Triple: TypeAlias = tuple[Node, Node, Node]


@cache
def read_ontology() -> tuple[Triple, ...]:
    """All triples of `ontology/`, in a fixed order.

    The cells of property chains have no name in the files. Here each gets one, because the store holds no
    blank nodes; it is made from the content, so that two machines store the same.

    Raises:
        ResourceError: a file is not Turtle.
    """
    dataset = ox.Dataset()
    for path in files("ontology", ".ttl"):
        try:
            for quad in ox.parse(text(path), ox.RdfFormat.TURTLE):
                dataset.add(quad)
        except SyntaxError as error:
            raise ResourceError(f"{path}: {error}") from error
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted(dataset, key=str)
    return tuple((_node(quad.subject), _node(quad.predicate), _node(quad.object)) for quad in ordered)


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    match term:
        case ox.NamedNode():
            return _iri(term.value)
        case ox.BlankNode():
            return _iri(f"{BASE}.well-known/genid/{term.value}")
        case ox.Literal():
            return _literal(term)
    raise ResourceError(f"the ontology holds a triple about a triple, which rdflib cannot: {term}")


def _literal(term: ox.Literal) -> Literal:
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = _iri(term.datatype.value)
    return Literal(term.value, datatype=None if datatype == XSD.string else datatype, normalize=False)


@cache
def _iri(value: str) -> URIRef:
    return URIRef(value)
