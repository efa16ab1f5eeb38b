"""The shapes of `shapes/`, prepared so that pyshacl evaluates each once for all nodes that it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Identifier, Node

from kg.errors import ResourceError
from kg.resources import text
from kg.terms import KGSH
from kg.validate.context import LOOKED_UP, read_turtle
from kg.validate.index import Index, Layers
from kg.validate.report import ALTERNATIVES, Result, Severity
from kg.validate.rule import Rule, Targets, asked_of_focus

# A shape with one of these can be broken by a node that lacks the property; any other looks at values only.
_WANTS_VALUES = (SH.minCount, SH.qualifiedMinCount, SH.hasValue, SH.equals, SH.sparql)
_CONSTRAINTS_OF_NODES = (SH.sparql, SH.pattern, SH["not"], SH["or"], SH["in"], SH.nodeKind)


@dataclass(frozen=True, slots=True)
class Check:
    """Severity and message of a rule that Python checks."""

    severity: Severity
    message: str


class Shapes:
    """The shapes of some files, parsed once; not changed once made."""

    def __init__(self, paths: Iterable[Path]) -> None:
        stated = shapes_graph(paths)
        # pyshacl would run a property shape anew for each node; with the targets of its owner it runs once.
        owners = list(stated.subject_objects(SH.property))
        stated.remove((None, SH.property, None))
        hosts = [
            (node, node) for node in stated.subjects(RDF.type, SH.NodeShape) if _constrains(stated, node)
        ]
        self._graph = Graph(store=Layers(Index(stated)), bind_namespaces="none")
        self._shapes = {shape.node: shape for shape in ShapesGraph(self._graph).shapes}
        self.checks = dict(self._checks())
        self.rules = tuple(self._rule(owner, shape) for owner, shape in sorted(hosts + owners, key=str))

    def run(self, document: Index, graph: Graph) -> Iterator[Result]:
        """What pyshacl finds in a document.

        Args:
            document: The triples whose nodes are looked at.
            graph: The document with the context that shapes look up.
        """
        below = _below(document, graph)
        focus_by_targets: dict[Targets, dict[Node, None]] = {}
        executor = SHACLExecutor()
        for rule in self.rules:
            focus = focus_by_targets.get(rule.targets)
            if focus is None:
                focus = focus_by_targets[rule.targets] = rule.targets.focus(document, below)
            if focus and (nodes := rule.relevant(focus, document)):
                _, found = rule.shape.validate(executor, graph, focus=nodes)
                yield from (_result(triples, rule) for _, _, triples in found)

    def _rule(self, owner: Node, node: Node) -> Rule:
        targets = Targets(
            tuple(sorted(self._graph.objects(owner, SH.targetClass), key=str)),
            tuple(sorted(self._graph.objects(owner, SH.targetSubjectsOf), key=str)),
        )
        shape, properties = self._shapes[node], self._properties(node)
        if not properties:
            asks = (node, SH.sparql, None) in self._graph
            return Rule(shape, targets, None, all_of=asked_of_focus(shape) if asks else ())
        vacuous = not any((node, wants, None) in self._graph for wants in _WANTS_VALUES)
        any_of = properties if vacuous and LOOKED_UP.isdisjoint(properties) else ()
        return Rule(shape, targets, ALTERNATIVES.join(str(name) for name in properties), any_of)

    def _properties(self, shape: Node) -> tuple[Node, ...]:
        path = self._graph.value(shape, SH.path)
        if path is None:
            return ()
        if isinstance(path, URIRef):
            return (path,)
        listed = self._graph.value(path, SH.alternativePath)
        if listed is None:
            raise ResourceError(f"{shape}: sh:path is neither a property nor a choice of properties")
        return tuple(Collection(self._graph, listed))

    def _checks(self) -> Iterator[tuple[str, Check]]:
        for node in self._graph.subjects(RDF.type, KGSH.Check):
            message = self._graph.value(node, SH.message)
            yield local_name(node), Check(severity(self._graph.value(node, SH.severity)), str(message))


def _constrains(graph: Graph, node: Node) -> bool:
    return any((node, parameter, None) in graph for parameter in _CONSTRAINTS_OF_NODES)


def shapes_graph(paths: Iterable[Path]) -> Graph:
    """The triples of shape files, under the configured base IRI."""
    graph = Graph(bind_namespaces="none")
    for path in paths:
        for triple in read_turtle(text(path), path.name):
            graph.add(triple)
    return graph


def local_name(iri: Node | None) -> str:
    """`Call-place` of `kgsh:Call-place`."""
    return str(iri).removeprefix(str(KGSH))


def severity(iri: Node | None) -> Severity:
    """`Violation` or `Warning`, the two that the project uses.

    Raises:
        ResourceError: a shape has another severity, or none.
    """
    for known in get_args(Severity):
        if iri == SH[known]:
            found: Severity = known
            return found
    raise ResourceError(f"a shape has severity {iri}; use sh:Violation or sh:Warning")


def _below(document: Index, graph: Graph) -> dict[Node, list[Node]]:
    """The classes that a document states, by each class above them."""
    below: dict[Node, list[Node]] = {}
    for kind in document.classes():
        for above in {kind, *graph.transitive_objects(kind, RDFS.subClassOf)}:
            if above is not None:
                below.setdefault(above, []).append(kind)
    return below


def _result(triples: list[tuple[Node, Node, Any]], rule: Rule) -> Result:
    # pyshacl hands over its terms beside the graph that they come from.
    parts = {name: term[1] if isinstance(term, tuple) else term for _, name, term in triples}
    source: Identifier = parts.get(SH.sourceConstraint) or parts[SH.sourceShape]
    return Result(
        severity=severity(parts[SH.resultSeverity]),
        shape=local_name(source),
        focus=parts[SH.focusNode],
        path=rule.path,
        value=parts.get(SH.value),
        message=str(parts[SH.resultMessage]),
        component=parts[SH.sourceConstraintComponent],
    )
