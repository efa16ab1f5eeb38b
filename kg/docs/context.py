"""The JSON-LD context of the vocabulary."""

import json
from collections.abc import Iterator
from typing import TypeAlias

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, URIRef
from rdflib.term import Node

from kg.docs.source import local, ontology
from kg.terms import ID, KG, OA

_Entry: TypeAlias = str | dict[str, str]

_PREFIXES = {
    "dcterms": DCTERMS, "id": ID, "kg": KG, "oa": OA, "owl": OWL, "rdf": RDF, "rdfs": RDFS, "skos": SKOS,
    "xsd": XSD,
}  # fmt: skip
_BY_LANGUAGE = {"@container": "@language"}
_LINK = {"@type": "@id"}
_TERM = {"@type": "@vocab"}
# Datatypes that OWL 2 has not, so that no axiom names them.
_DATATYPES: dict[Node, Node] = {KG.duration: XSD.duration}
# Of other vocabularies what a document's graph and the reference data use.
_FOREIGN: dict[URIRef, dict[str, str]] = {
    DCTERMS.issued: {"@type": "xsd:date"},
    DCTERMS.language: {},
    DCTERMS.publisher: _LINK,
    DCTERMS.source: _LINK,
    DCTERMS.title: _BY_LANGUAGE,
    OA.end: {"@type": "xsd:nonNegativeInteger"},
    OA.exact: {},
    OA.start: {"@type": "xsd:nonNegativeInteger"},
    OWL.sameAs: _LINK,
    RDF.object: {},
    RDF.predicate: _TERM,
    RDF.subject: _LINK,
    RDFS.label: _BY_LANGUAGE,
    SKOS.altLabel: _BY_LANGUAGE,
    SKOS.broader: _LINK,
    SKOS.definition: _BY_LANGUAGE,
    SKOS.prefLabel: _BY_LANGUAGE,
}


def text() -> str:
    """The context as a file."""
    context: dict[str, object] = {"@version": 1.1}
    context |= {prefix: str(namespace) for prefix, namespace in _PREFIXES.items()}
    context |= dict(sorted([*_ours(), *_foreign()]))
    return json.dumps({"@context": context}, ensure_ascii=False, indent=2) + "\n"


def _ours() -> Iterator[tuple[str, _Entry]]:
    for term in ontology().subjects(RDFS.isDefinedBy):
        yield local(term), _entry(term)


def _foreign() -> Iterator[tuple[str, _Entry]]:
    for term, coercion in _FOREIGN.items():
        yield local(term), {"@id": _compact(term)} | coercion if coercion else _compact(term)


def _entry(term: Node) -> _Entry:
    target = ontology().value(term, RDFS.range)
    if (term, RDF.type, OWL.ObjectProperty) in ontology():
        return {"@id": _compact(term)} | (_TERM if _is_listed(target) else _LINK)
    # A date has one of three datatypes, which stand beside each value; a plain string needs none.
    target = _DATATYPES.get(term, target)
    if target is not None and target != XSD.string:
        return {"@id": _compact(term), "@type": _compact(target)}
    return _compact(term)


def _is_listed(kind: Node | None) -> bool:
    """Whether the instances of a class are values of the ontology, such as `Occurred`."""
    return kind is not None and (None, RDF.type, kind) in ontology()


def _compact(term: Node) -> str:
    prefix = next(name for name, space in _PREFIXES.items() if str(term).startswith(str(space)))
    return f"{prefix}:{local(term)}"
