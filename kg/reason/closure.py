"""Closes triples with owlrl, the reference of what follows, and drops what tells nobody anything."""

from collections.abc import Iterable

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rdflib.term import Node

from kg.reason.source import Triple

# Wikidata's node of a person is a link out. As an equation it would copy every triple onto that IRI, and
# with a second link it would merge ours, which only `identity` may do.
LINKS = frozenset({OWL.sameAs, OWL.differentFrom})
ANNOTATIONS = frozenset({RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy})
_LISTS = frozenset({RDF.first, RDF.rest})
_LANGUAGE = (str(OWL), str(RDFS))
_BUILT_IN = (*_LANGUAGE, str(RDF), str(XSD))


def is_language(node: Node) -> bool:
    """Whether a term belongs to OWL or RDF Schema, which speak about terms and not about the world."""
    return isinstance(node, URIRef) and str(node).startswith(_LANGUAGE)


def is_axiom(triple: Triple) -> bool:
    """Whether a triple is part of what the rules are compiled from."""
    _, predicate, value = triple
    if predicate == RDF.type:
        return is_language(value)
    return predicate in _LISTS or (is_language(predicate) and predicate not in ANNOTATIONS | LINKS)


def ontology_closure(ontology: Iterable[Triple]) -> set[Triple]:
    """The axioms of an ontology and what follows from them by OWL 2 RL."""
    return owlrl_closure(filter(is_axiom, ontology))


def owlrl_closure(triples: Iterable[Triple]) -> set[Triple]:
    """The triples, links left out, and all that owlrl infers from them that says something."""
    stated = {triple for triple in triples if triple[1] not in LINKS}
    import owlrl  # takes its time, and is needed only where nothing is kept

    graph = Graph(bind_namespaces="none")
    for triple in stated:
        graph.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return stated | {triple for triple in graph if _says_something(triple)}


def _says_something(triple: Triple) -> bool:
    subject, predicate, value = triple
    if not isinstance(subject, URIRef) or str(subject).startswith(_BUILT_IN):
        return False
    if subject == value and is_language(predicate):
        return False
    return value not in (OWL.Thing, OWL.Nothing) and not (predicate == RDF.type and _is_built_in(value))


def _is_built_in(kind: Node) -> bool:
    # rdf:Statement is a class of things in the world: a kg:Fact is one.
    return isinstance(kind, URIRef) and str(kind).startswith(_BUILT_IN) and kind != RDF.Statement
