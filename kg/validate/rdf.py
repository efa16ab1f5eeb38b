"""Reads RDF that somebody else wrote, with messages that name the line."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from kg.errors import InputError, RdfSyntaxError

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
        triples = ox.parse(data, FORMATS[suffix], base_iri=base)
        lines = ox.serialize([quad.triple for quad in triples], format=ox.RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        place = where if error.lineno is None else f"{where}:{error.lineno}"
        raise RdfSyntaxError(place, " ".join(error.msg.split())) from error
    return Graph().parse(data=lines or b"", format="nt")


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
