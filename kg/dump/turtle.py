"""Turtle and TriG, one object a line, in the layout of the project's own Turtle."""

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.dump.blocks import PREFIXES, RDF_TYPE, XSD_STRING, Block, Graphs, Object, blocks, short

_INDENT = "    "
_BARE = {  # canonical spellings that Turtle reads as this datatype
    "http://www.w3.org/2001/XMLSchema#boolean": re.compile(r"true|false"),
    "http://www.w3.org/2001/XMLSchema#integer": re.compile(r"-?[0-9]+"),
}


def turtle(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted N-Triples as Turtle."""
    yield _header()
    for block in blocks(lines):
        yield f"\n{_block(block)}".encode()


def trig(graphs: Graphs) -> Iterator[bytes]:
    """Sorted N-Triples of each graph as TriG."""
    yield _header()
    for graph, lines in graphs:
        yield f"\n<{graph}> {{\n".encode()
        for number, block in enumerate(blocks(lines)):
            gap = "\n" if number else ""
            yield f"{gap}{_block(block, _INDENT)}".encode()
        yield b"}\n"


def _header() -> bytes:
    width = max(map(len, PREFIXES)) + 1
    return "".join(f"@prefix {name + ':':{width}} <{iri}> .\n" for name, iri in PREFIXES.items()).encode()


def _block(block: Block, indent: str = "") -> str:
    predicates = sorted(block.objects_by_predicate, key=lambda iri: (iri != RDF_TYPE, iri))
    inner = f"{indent}{_INDENT}"
    parts = [_property(iri, block.objects_by_predicate[iri], inner) for iri in predicates]
    return f"{indent}{_iri(block.subject)}\n" + " ;\n".join(parts) + " .\n"


def _property(predicate: str, objects: list[Object], indent: str) -> str:
    name = "a" if predicate == RDF_TYPE else _iri(predicate)
    terms = [_term(term) for term in objects]
    if len(terms) == 1:
        return f"{indent}{name} {terms[0]}"
    return f"{indent}{name}\n" + " ,\n".join(f"{indent}{_INDENT}{term}" for term in terms)


def _term(term: Object) -> str:
    if isinstance(term, ox.NamedNode):
        return _iri(term.value)
    if not isinstance(term, ox.Literal) or term.language or term.datatype.value == XSD_STRING:
        return str(term)
    datatype = term.datatype.value
    if datatype in _BARE and _BARE[datatype].fullmatch(term.value):
        return term.value
    return str(term).removesuffix(f"<{datatype}>") + _iri(datatype)


def _iri(iri: str) -> str:
    return short(iri) or f"<{iri}>"
