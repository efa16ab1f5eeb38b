"""The shapes of `shapes/`, prepared so that pyshacl evaluates each once for all nodes that it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from kg.errors import ResourceError
from kg.resources import text
from kg.terms import KGSH
from kg.validate.context import LOOKED_UP, read_turtle
from kg.validate.index import Index, Layers
from kg.validate.node_conformance import Data, conformance
from kg.validate.report import ALTERNATIVES, Result, Severity
from kg.validate.rule import Rule, Targets
from kg.validate.shacl_constructs import CONSTRAINTS, TARGETS, can_be_prepared, choice, refuse_unknown

# A shape with one of these can be broken by a node that lacks the property; any other looks at values only.
_WANTS_VALUES = (SH.minCount, SH.qualifiedMinCount, SH.hasValue, SH.equals, SH.sparql)


@dataclass(frozen=True, slots=True)
class Check:
    """Severity and message of a rule that Python checks."""

    severity: Severity
    message: str


class Shapes:
    """The shapes of a graph, parsed once; not changed once made.

    Attributes:
        rules: The shapes that are prepared, a property at a time.
        unprepared: Those with a construct that the preparation does not know; pyshacl runs them as they are.
    """

    def __init__(self, shapes: Graph) -> None:
        stated = Graph(bind_namespaces="none")
        stated += shapes
        # pyshacl looks for more of a shape when it makes one, so what it is to see is settled before.
        whole = Graph(store=Layers(Index(stated)), bind_namespaces="none")
        everything = ShapesGraph(whole).shapes
        refuse_unknown(stated, (shape.node for shape in everything))
        targeted = [shape for shape in everything if _has_targets(shape)]
        prepared = {shape.node for shape in targeted if can_be_prepared(stated, shape.node)}
        # pyshacl would run a property shape anew for each node; with the targets of its owner it runs once.
        owners = [(owner, node) for owner, node in stated.subject_objects(SH.property) if owner in prepared]
        hosts = [
            (node, node) for node in prepared if any((node, name, None) in stated for name in CONSTRAINTS)
        ]
        for _, node in owners:
            stated.add((node, RDF.type, SH.PropertyShape))  # or nobody would find one that says no more
        stated.remove((None, SH.property, None))
        self._graph = Graph(store=Layers(Index(stated)), bind_namespaces="none")
        self._shapes = {shape.node: shape for shape in ShapesGraph(self._graph).shapes}
        self.checks = dict(self._checks())
        self.rules = tuple(self._rule(owner, shape) for owner, shape in sorted(hosts + owners, key=str))
        self.unprepared = tuple(
            sorted((it for it in targeted if it.node not in prepared), key=lambda it: str(it.node))
        )
        for shape in self.unprepared:
            shape.set_advanced(True)

    def run(self, document: Index, context: Index) -> Iterator[Result]:
        """What pyshacl finds in a document.

        Args:
            document: The triples whose nodes are looked at.
            context: What shapes look up beside it.
        """
        graph = Graph(store=Layers(document, context), bind_namespaces="none")
        below = _below(document, graph)
        data = Data(document, context, below)
        focus_by_targets: dict[Targets, dict[Node, None]] = {}
        executor = SHACLExecutor()
        for rule in self.rules:
            focus = focus_by_targets.get(rule.targets)
            if focus is None:
                focus = focus_by_targets[rule.targets] = rule.targets.focus(document, below)
            if focus and (nodes := rule.relevant(focus, data)):
                _, found = rule.shape.validate(executor, graph, focus=nodes)
                yield from (_result(_parts(node, triples), rule.path) for _, node, triples in found)
        yield from self._run_unprepared(executor, document, graph)

    def _run_unprepared(self, executor: SHACLExecutor, document: Index, graph: Graph) -> Iterator[Result]:
        """What the other shapes find, each as pyshacl runs it, on nodes that the document tells of."""
        if not self.unprepared:
            return
        there = {node for subject, _, value in document for node in (subject, value)}
        for shape in self.unprepared:
            always = set(shape.target_nodes())
            nodes = [
                node
                for node in shape.focus_nodes(graph)
                if node in always or (node in there and _is_judged(node, document, graph))
            ]
            if nodes:
                _, found = shape.validate(executor, graph, focus=sorted(nodes, key=str))
                for _, node, triples in found:
                    parts = _parts(node, triples)
                    yield _result(parts, _path(parts, self._graph), shape.node)

    def _rule(self, owner: Node, node: Node) -> Rule:
        targets = Targets(
            tuple(sorted(self._graph.objects(owner, SH.targetClass), key=str)),
            tuple(sorted(self._graph.objects(owner, SH.targetSubjectsOf), key=str)),
        )
        shape, properties = self._shapes[node], choice(self._graph, node)
        if not properties:
            asks = (node, SH.sparql, None) in self._graph
            return Rule(shape, targets, None, asks=asks)
        vacuous = not any((node, wants, None) in self._graph for wants in _WANTS_VALUES)
        any_of = properties if vacuous and LOOKED_UP.isdisjoint(properties) else ()
        path = ALTERNATIVES.join(str(name) for name in properties)
        return Rule(shape, targets, path, any_of, conformance=conformance(self._graph, node))

    def _checks(self) -> Iterator[tuple[str, Check]]:
        for node in self._graph.subjects(RDF.type, KGSH.Check):
            message = self._graph.value(node, SH.message)
            yield local_name(node), Check(severity(self._graph.value(node, SH.severity)), str(message))


def _has_targets(shape: Shape) -> bool:
    graph, node = shape.sg.graph, shape.node
    named = any((node, name, None) in graph for name in (*TARGETS, SH.target))
    return named or bool(shape.implicit_class_targets())  # type: ignore[no-untyped-call]


def _is_judged(node: Node, document: Index, graph: Graph) -> bool:
    """Whether a node is the document's to describe: what the reference data describe is judged with them."""
    return bool(document.values(node, RDF.type)) or (node, RDF.type, None) not in graph


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


def _result(parts: dict[Node, Any], path: str | None, owner: Node | None = None) -> Result:
    source: Node = parts.get(SH.sourceConstraint) or parts[SH.sourceShape]
    if owner is not None and not isinstance(source, URIRef):
        source = owner  # an inner shape without a name
    return Result(
        severity=severity(parts[SH.resultSeverity]),
        shape=local_name(source),
        focus=parts[SH.focusNode],
        path=path,
        value=parts.get(SH.value),
        message=str(parts.get(SH.resultMessage, f"A node breaks {local_name(source)}. Look at that shape.")),
        component=parts[SH.sourceConstraintComponent],
    )


def _parts(result: Node, triples: list[tuple[Node, Node, Any]]) -> dict[Node, Any]:
    """What pyshacl says of a result; its terms come beside the graph that they are from."""
    return {
        name: term[1] if isinstance(term, tuple) else term
        for subject, name, term in triples
        if subject == result
    }


def _path(parts: dict[Node, Any], shapes: Graph) -> str | None:
    """The path of a result as the prepared shapes have it: a property or a choice of some; else none."""
    path = parts.get(SH.resultPath)
    if path is None or isinstance(path, URIRef):
        return None if path is None else str(path)
    return ALTERNATIVES.join(map(str, choice(shapes, parts[SH.sourceShape]))) or None
