"""What one subject says, and how its IRIs are shortened: common to the formats that group triples."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, VANN, XSD

from kg.terms import BASE, OA

PREFIXES = {
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "kg": f"{BASE}ontology#",
    "oa": str(OA),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SDO),
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "skos": str(SKOS),
    "vann": str(VANN),
    "xsd": str(XSD),
}
RDF_TYPE = str(RDF.type)
XSD_STRING = str(XSD.string)
_PREFIX_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_LOCAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

Graphs: TypeAlias = Iterable[tuple[str, Iterable[bytes]]]
Object: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Block:
    """The triples of one subject.

    Attributes:
        subject: An IRI.
        objects_by_predicate: Sorted as their N-Triples are.
    """

    subject: str
    objects_by_predicate: dict[str, list[Object]]


def blocks(lines: Iterable[bytes]) -> Iterator[Block]:
    """Group sorted N-Triples lines by subject."""
    for subject, group in groupby(lines, key=_subject):
        objects_by_predicate: dict[str, list[Object]] = {}
        for quad in ox.parse(b"".join(group), ox.RdfFormat.N_TRIPLES):
            objects_by_predicate.setdefault(quad.predicate.value, []).append(quad.object)
        yield Block(subject, objects_by_predicate)


def _subject(line: bytes) -> str:
    return line[1 : line.index(b"> ")].decode()  # no blank nodes come out of a store


@lru_cache(maxsize=10_000)
def short(iri: str) -> str | None:
    """`kg:Call` for an IRI of a known vocabulary, else `None`."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _PREFIX_BY_NAMESPACE.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix and _LOCAL_NAME.fullmatch(iri, cut) else None
