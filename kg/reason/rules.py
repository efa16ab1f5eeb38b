"""Compiles the axioms of an ontology into tables, and refuses an axiom that they cannot express."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rdflib.term import Node

from kg.errors import ResourceError
from kg.reason.closure import ANNOTATIONS, is_language
from kg.reason.source import Triple

_Direction: TypeAlias = tuple[Node, bool]
_Key = TypeVar("_Key", bound=Hashable)

_COMPILED = frozenset({
    RDFS.subClassOf, OWL.equivalentClass, RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf,
    OWL.propertyChainAxiom, RDFS.domain, RDFS.range,
})  # fmt: skip
_COMPILED_TYPES = frozenset({OWL.SymmetricProperty, OWL.TransitiveProperty})
_SILENT = ANNOTATIONS | {
    OWL.versionIRI, OWL.versionInfo, OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith,
    OWL.deprecated,
    OWL.disjointWith, OWL.members,  # from which only contradictions follow, and validation reports those
}  # fmt: skip
_SILENT_TYPES = frozenset({
    OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty,
    OWL.OntologyProperty, OWL.NamedIndividual, OWL.DeprecatedClass, OWL.DeprecatedProperty, OWL.Thing,
    RDFS.Class, RDFS.Resource, RDFS.Datatype, OWL.AllDisjointClasses,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class PropertyRule:
    """What follows from a triple `s p o`, super-classes and super-properties included.

    Attributes:
        same: Properties that hold of `s` and `o`.
        turned: Properties that hold of `o` and `s`.
        subject_types: Classes of `s`.
        object_types: Classes of `o`, unless it is a literal.
    """

    same: tuple[Node, ...]
    turned: tuple[Node, ...]
    subject_types: tuple[Node, ...]
    object_types: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The axioms of an ontology as tables.

    Attributes:
        superclasses: By class; itself left out.
        properties: By property.
        chains: `first, second, result`: from `a first b` and `b second c` follows `a result c`. A transitive
            property is a chain of itself and itself.
    """

    superclasses: Mapping[Node, tuple[Node, ...]]
    properties: Mapping[Node, PropertyRule]
    chains: tuple[tuple[Node, Node, Node], ...]


def compile_rules(closure: Iterable[Triple]) -> Rules:
    """Tables that give what owlrl would infer from the same axioms about individuals.

    Args:
        closure: The axioms, best closed already; other triples are left aside.

    Raises:
        ResourceError: an axiom is of a kind that the tables cannot express.
    """
    graph = Graph(bind_namespaces="none")
    for triple in closure:
        graph.add(triple)
    _refuse_unknown(graph)
    superclasses = _superclasses(graph)
    return Rules(
        superclasses,
        dict(_property_rules(graph, superclasses)),
        tuple(sorted({*_chains(graph), *_transitive(graph)}, key=str)),
    )


def _refuse_unknown(triples: Iterable[Triple]) -> None:
    unknown = sorted(
        f"{predicate} {value}, of {subject}"
        for subject, predicate, value in triples
        if subject != value and not _is_known(subject, predicate, value)
    )
    if unknown:
        raise ResourceError(f"the rules cannot express these axioms of the ontology: {'; '.join(unknown)}")


def _is_known(subject: Node, predicate: Node, value: Node) -> bool:
    if predicate == RDF.type:
        return not is_language(value) or value in _COMPILED_TYPES | _SILENT_TYPES
    if predicate not in _COMPILED:
        return not is_language(predicate) or predicate in _SILENT
    # An axiom about the language itself (`kg:p rdfs:subPropertyOf owl:sameAs`) would make rules.
    if RDF.type in (subject, value):
        return False
    return not is_language(value) or value in _SILENT_TYPES | ANNOTATIONS


def _superclasses(graph: Graph) -> dict[Node, tuple[Node, ...]]:
    edges: defaultdict[Node, set[Node]] = defaultdict(set)
    for lower, upper in graph.subject_objects(RDFS.subClassOf):
        edges[lower].add(upper)
    for one, other in graph.subject_objects(OWL.equivalentClass):
        edges[one].add(other)
        edges[other].add(one)
    return {kind: _classes(_reach(kind, edges) - {kind}) for kind in list(edges)}


def _property_rules(
    graph: Graph, superclasses: Mapping[Node, tuple[Node, ...]]
) -> Iterator[tuple[Node, PropertyRule]]:
    edges = _property_edges(graph)
    domains, ranges = _values(graph, RDFS.domain), _values(graph, RDFS.range)
    for name in sorted({name for name, _ in edges} | domains.keys() | ranges.keys(), key=str):
        reached = _reach((name, False), edges) | {(name, False)}
        same = {other for other, turned in reached if not turned}
        turned = {other for other, turned in reached if turned}
        subject_types = _united(domains, same) | _united(ranges, turned)
        object_types = _united(ranges, same) | _united(domains, turned)
        rule = PropertyRule(
            _sorted(same - {name}),
            _sorted(turned),
            _classes(subject_types | _united(superclasses, subject_types)),
            _classes(object_types | _united(superclasses, object_types)),
        )
        yield name, rule


def _property_edges(graph: Graph) -> dict[_Direction, set[_Direction]]:
    edges: defaultdict[_Direction, set[_Direction]] = defaultdict(set)

    def link(lower: Node, upper: Node, *, turned: bool = False) -> None:
        edges[lower, False].add((upper, turned))
        edges[lower, True].add((upper, not turned))

    for lower, upper in graph.subject_objects(RDFS.subPropertyOf):
        link(lower, upper)
    for one, other in graph.subject_objects(OWL.equivalentProperty):
        link(one, other)
        link(other, one)
    for one, other in graph.subject_objects(OWL.inverseOf):
        link(one, other, turned=True)
        link(other, one, turned=True)
    for name in graph.subjects(RDF.type, OWL.SymmetricProperty):
        link(name, name, turned=True)
    return edges


def _chains(graph: Graph) -> Iterator[tuple[Node, Node, Node]]:
    for result, head in graph.subject_objects(OWL.propertyChainAxiom):
        steps = list(graph.items(head))
        if len(steps) != 2:
            raise ResourceError(f"the property chain of {result} has {len(steps)} steps; the rules take two")
        yield steps[0], steps[1], result


def _transitive(graph: Graph) -> Iterator[tuple[Node, Node, Node]]:
    for name in graph.subjects(RDF.type, OWL.TransitiveProperty):
        yield name, name, name


def _values(graph: Graph, predicate: URIRef) -> dict[Node, set[Node]]:
    found: dict[Node, set[Node]] = {}
    for subject, value in graph.subject_objects(predicate):
        found.setdefault(subject, set()).add(value)
    return found


def _united(values: Mapping[Node, Iterable[Node]], keys: Iterable[Node]) -> set[Node]:
    return {value for key in keys for value in values.get(key, ())}


def _reach(start: _Key, edges: Mapping[_Key, set[_Key]]) -> set[_Key]:
    reached: set[_Key] = set()
    waiting = [start]
    while waiting:
        for following in edges.get(waiting.pop(), ()):
            if following not in reached:
                reached.add(following)
                waiting.append(following)
    return reached


def _classes(types: Iterable[Node]) -> tuple[Node, ...]:
    """Without owl:Thing and the like, which say nothing, and datatypes, which no individual has."""
    return _sorted(kind for kind in types if not (is_language(kind) or str(kind).startswith(str(XSD))))


def _sorted(terms: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(terms, key=str))
