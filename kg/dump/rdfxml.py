"""RDF/XML, one property a line."""

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.dump.blocks import PREFIXES, XSD_STRING, Block, Object, blocks, short
from kg.errors import InputError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NAME_CHARACTERS = re.compile(r"[A-Za-z0-9_.-]*")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"


def rdfxml(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted N-Triples as RDF/XML.

    XML 1.0 has no way to write most control characters. Each is replaced by U+FFFD, so that offsets still
    hold, and a comment before the property says which they were; the other formats keep them.
    """
    names = "".join(f'\n    xmlns:{prefix}="{iri}"' for prefix, iri in PREFIXES.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'.encode()
    for block in blocks(lines):
        yield _description(block).encode()
    yield b"</rdf:RDF>\n"


def _description(block: Block) -> str:
    properties = "".join(
        _property(predicate, term)
        for predicate, objects in block.objects_by_predicate.items()
        for term in objects
    )
    return f"  <rdf:Description rdf:about={quoteattr(block.subject)}>\n{properties}  </rdf:Description>\n"


def _property(predicate: str, term: Object) -> str:
    name, declaration = _element(predicate)
    if isinstance(term, ox.NamedNode):
        return f"    <{name}{declaration} rdf:resource={quoteattr(term.value)}/>\n"
    if not isinstance(term, ox.Literal):
        raise InputError(f"RDF/XML cannot hold {term}")
    lost = sorted({f"U+{ord(character):04X}" for character in _NOT_XML.findall(term.value)})
    comment = f"    <!-- replaced by U+FFFD: {' '.join(lost)} -->\n" if lost else ""
    text = escape(_NOT_XML.sub(_REPLACEMENT, term.value), {"\r": "&#13;"})
    return f"{comment}    <{name}{declaration}{_kind(term)}>{text}</{name}>\n"


def _kind(literal: ox.Literal) -> str:
    if literal.language:
        return f" xml:lang={quoteattr(literal.language)}"
    datatype = literal.datatype.value
    return "" if datatype == XSD_STRING else f" rdf:datatype={quoteattr(datatype)}"


def _element(predicate: str) -> tuple[str, str]:
    """Name of the element for a property, and the declaration that it needs."""
    if name := short(predicate):
        return name, ""
    ending = _NAME_CHARACTERS.match(predicate[::-1])
    local = _NAME.search(predicate, len(predicate) - (ending.end() if ending else 0))
    if local is None:
        raise InputError(f"RDF/XML cannot name the property <{predicate}>; take another format")
    return f"p:{local[0]}", f" xmlns:p={quoteattr(predicate[: local.start()])}"
