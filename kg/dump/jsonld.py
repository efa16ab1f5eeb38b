"""JSON-LD, one node a line; the context holds the prefixes, so a file needs nothing from the network."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from kg.dump.blocks import PREFIXES, RDF_TYPE, XSD_STRING, Block, Object, blocks, short
from kg.errors import InputError


def jsonld(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted N-Triples as JSON-LD."""
    yield f'{{\n"@context": {_json(PREFIXES)},\n"@graph": ['.encode()
    for number, block in enumerate(blocks(lines)):
        comma = "," if number else ""
        yield f"{comma}\n{_json(_node(block))}".encode()
    yield b"\n]\n}\n"


def _node(block: Block) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _full(block.subject)}
    for predicate, objects in block.objects_by_predicate.items():
        values = objects
        if predicate == RDF_TYPE:
            node["@type"] = [_name(term.value) for term in objects if isinstance(term, ox.NamedNode)]
            values = [term for term in objects if not isinstance(term, ox.NamedNode)]
        if values:
            node[_name(predicate)] = [_value(term) for term in values]
    return node


def _value(term: Object) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"@id": _full(term.value)}
    if not isinstance(term, ox.Literal):
        raise InputError(f"JSON-LD cannot hold {term}")
    if term.language:
        return {"@language": term.language, "@value": term.value}
    if term.datatype.value == XSD_STRING:
        return {"@value": term.value}
    return {"@type": _name(term.datatype.value), "@value": term.value}


def _name(iri: str) -> str:
    return short(iri) or _full(iri)


def _full(iri: str) -> str:
    if iri.partition(":")[0] in PREFIXES:
        raise InputError(f"JSON-LD would read the IRI <{iri}> as a prefixed name; take another format")
    return iri


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
