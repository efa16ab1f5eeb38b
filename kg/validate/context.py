"""What shapes look up beyond the document: axioms, classes of the reference data, tenures."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, BNode
from rdflib.term import Node

from kg.errors import ResourceError
from kg.package_cache import kept
from kg.resources import files, text
from kg.terms import KG, ONTOLOGY
from kg.validate.index import Index, Triple
from kg.validate.rdf import triple_of

NAMESPACE = f"{ONTOLOGY}#"

_TENURE = frozenset({KG.holder, KG.office, KG.startDate, KG.endDate})
LOOKED_UP = _TENURE | {RDF.type, RDFS.subClassOf}  # the predicates of `Context.index`
_PROPERTIES = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty})


@dataclass(frozen=True, slots=True)
class Context:
    """The part of the ontology and reference data that validation needs.

    Attributes:
        index: Classes of all entities (those above included), the axioms between classes, and the tenures.
        classes: Classes of the ontology.
        properties: Properties of the ontology.
        terms: All that the ontology names: classes, properties and values.
        above: By class or property, those that follow from it; itself included.
        inverses: By property, the one that says the same from the other end.
        domains: By property, the classes that its subject has.
        disjoint: Groups of classes of which a node has one at most.
        described: All that the ontology and reference data describe.
    """

    index: Index
    classes: frozenset[Node]
    properties: frozenset[Node]
    terms: frozenset[Node]
    above: dict[Node, frozenset[Node]]
    inverses: dict[Node, Node]
    domains: dict[Node, frozenset[Node]]
    disjoint: tuple[frozenset[Node], ...]
    described: frozenset[Node]

    def entailed(self, triple: Triple) -> Iterator[Triple]:
        """A triple and those that say the same in the words of a broader or inverse property."""
        subject, predicate, value = triple
        if predicate == RDF.type:
            yield from ((subject, predicate, kind) for kind in self.above.get(value, (value,)))
            return
        for broader in self.above.get(predicate, (predicate,)):
            yield subject, broader, value
            if broader in self.inverses:
                yield value, self.inverses[broader], subject


@cache
def reference_triples() -> tuple[Triple, ...]:
    """All triples of `ontology/`, read by pyoxigraph, which is thirty times faster than rdflib.

    Raises:
        ResourceError: a file is not Turtle.
    """
    return tuple(
        triple for path in files("ontology", ".ttl") for triple in read_turtle(text(path), path.name)
    )


def read_turtle(turtle: str, where: str) -> Iterator[Triple]:
    """The triples of a file of the package.

    Raises:
        ResourceError: it is not Turtle.
    """
    try:
        for quad in ox.parse(turtle, ox.RdfFormat.TURTLE):
            yield triple_of(quad)
    except (SyntaxError, ValueError) as error:
        raise ResourceError(f"{where}: {error}") from error


@cache
def context() -> Context:
    """The context that the ontology and reference data of this process make."""
    return kept("validation", files("ontology", ".ttl"), _context)


def _context() -> Context:
    triples = Index(reference_triples())
    kinds = _above(triples.match((None, RDFS.subClassOf, None)))
    relations = _above(triples.match((None, RDFS.subPropertyOf, None)))
    classes = _ours(triples.instances([OWL.Class]))
    properties = _ours(triples.instances(_PROPERTIES))
    inverses = dict(_both_ways(triples.match((None, OWL.inverseOf, None))))
    return Context(
        index=Index(_looked_up(triples, kinds, properties)),
        classes=classes,
        properties=properties,
        terms=_ours(triples.subjects(RDF.type)),
        above=kinds | relations,
        inverses=inverses,
        domains=_by_subject(triples.match((None, RDFS.domain, None))),
        disjoint=tuple(_disjoint(triples)),
        described=frozenset(node for node in triples.nodes() if not isinstance(node, BNode)),
    )


def _by_subject(axioms: Iterable[Triple]) -> dict[Node, frozenset[Node]]:
    found: dict[Node, set[Node]] = defaultdict(set)
    for subject, _, value in axioms:
        found[subject].add(value)
    return {subject: frozenset(values) for subject, values in found.items()}


def _disjoint(triples: Index) -> Iterator[frozenset[Node]]:
    for _, _, cell in triples.match((None, OWL.members, None)):
        members: list[Node] = []
        rest: Node | None = cell
        while rest is not None and rest != RDF.nil:
            members += triples.values(rest, RDF.first)
            rest = triples.single(rest, RDF.rest)
        yield frozenset(members)
    yield from (frozenset((one, other)) for one, _, other in triples.match((None, OWL.disjointWith, None)))


def _looked_up(
    triples: Index, kinds: dict[Node, frozenset[Node]], properties: Iterable[Node]
) -> Iterator[Triple]:
    yield RDF.type, RDF.type, RDF.Property
    for name in properties:
        yield name, RDF.type, RDF.Property
    for narrow, broad in kinds.items():
        yield from ((narrow, RDFS.subClassOf, kind) for kind in broad if kind != narrow)
    for node, _, kind in triples.match((None, RDF.type, None)):
        yield from ((node, RDF.type, each) for each in kinds.get(kind, (kind,)))
    for name in _TENURE:
        yield from triples.match((None, name, None))


def _above(axioms: Iterable[Triple]) -> dict[Node, frozenset[Node]]:
    direct: dict[Node, set[Node]] = defaultdict(set)
    for narrow, _, broad in axioms:
        direct[narrow].add(broad)
    return {term: frozenset(_reachable(term, direct)) for term in list(direct)}


def _reachable(start: Node, direct: dict[Node, set[Node]]) -> set[Node]:
    found, ahead = {start}, [start]
    while ahead:
        for term in direct.get(ahead.pop(), ()):
            if term not in found:
                found.add(term)
                ahead.append(term)
    return found


def _both_ways(axioms: Iterable[Triple]) -> Iterator[tuple[Node, Node]]:
    for one, _, other in axioms:
        yield one, other
        yield other, one


def _ours(nodes: Iterable[Node]) -> frozenset[Node]:
    return frozenset(node for node in nodes if str(node).startswith(NAMESPACE))
