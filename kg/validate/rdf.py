"""Reads RDF that somebody else wrote, with messages that name the line."""

import json
import logging
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import InputError, RdfSyntaxError
from kg.validate.index import Triple

# Words that do not belong to their datatype are a violation and told as one; rdflib prints a traceback too.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", "Parsing weird boolean", UserWarning, "rdflib.term")

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}

_DEEPEST = 100  # levels of JSON; each costs the parser a copy of the context


def read_rdf(path: Path) -> Graph:
    """The triples of a file in the format of its suffix, a key of `FORMATS`.

    Raises:
        InputError: the file cannot be read.
        RdfSyntaxError: it does not parse; the message names the line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return parse_rdf(data, path.suffix, where=str(path), base=path.absolute().as_uri())


def parse_rdf(data: bytes, suffix: str, *, where: str, base: str) -> Graph:
    """The triples of `data`.

    Args:
        data: RDF.
        suffix: Its format, a key of `FORMATS`.
        where: What messages call it.
        base: What relative IRIs are relative to.

    Raises:
        RdfSyntaxError: it does not parse; the message names the line. Nor is read what would make a parser
            run out of memory: entities in XML, deep nesting in JSON.
    """
    _refuse_bombs(data, suffix, where)
    try:
        triples = [triple_of(quad) for quad in ox.parse(data, FORMATS[suffix], base_iri=base)]
    except SyntaxError as error:
        place = where if error.lineno is None else f"{where}:{error.lineno}"
        raise RdfSyntaxError(place, " ".join(error.msg.split())) from error
    except ValueError as error:
        raise RdfSyntaxError(where, str(error)) from error
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


def triple_of(quad: ox.Quad) -> Triple:
    """The triple of a quad as rdflib has it, its words unchanged.

    Raises:
        ValueError: it is about a triple.
    """
    return _node(quad.subject), _node(quad.predicate), _node(quad.object)


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            return _literal(term)
    raise ValueError(f"triples about triples are not read: {term}; name a statement by an IRI")


def _literal(term: ox.Literal) -> Literal:
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = URIRef(term.datatype.value)
    return Literal(term.value, datatype=None if datatype == XSD.string else datatype, normalize=False)


def _refuse_bombs(data: bytes, suffix: str, where: str) -> None:
    if suffix == ".rdf" and b"<!ENTITY" in data:
        raise RdfSyntaxError(where, "XML entities are not read; write out what they stand for")
    if suffix == ".jsonld":
        try:
            level = [json.loads(data)]
        except (ValueError, RecursionError) as error:
            raise RdfSyntaxError(where, f"is no JSON that can be read: {error}") from error
        for _ in range(_DEEPEST):
            level = [inner for value in level for inner in _within(value)]
            if not level:
                return
        raise RdfSyntaxError(where, f"JSON is nested deeper than {_DEEPEST} levels; give inner nodes an @id")


def _within(value: Any) -> Iterable[Any]:  # whatever JSON holds
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
