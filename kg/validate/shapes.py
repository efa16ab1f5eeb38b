"""The shapes of `shapes/`, prepared so that pyshacl evaluates each once for all nodes that it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import IdentifiedNode, Identifier, Node

from kg.errors import ResourceError
from kg.resources import text
from kg.terms import KGSH
from kg.validate.context import read_turtle
from kg.validate.index import Index
from kg.validate.report import Result, Severity

# A shape with one of these can be broken by a node that lacks the property; any other looks at values only.
_WANTS_VALUES = (SH.minCount, SH.qualifiedMinCount, SH.hasValue, SH.equals, SH.sparql)
_CONSTRAINTS_OF_NODES = (SH.sparql, SH.pattern, SH["not"], SH["or"], SH["in"], SH.nodeKind)


@dataclass(frozen=True, slots=True)
class Targets:
    """Which nodes a shape is about."""

    classes: tuple[Node, ...]
    subjects_of: tuple[Node, ...]

    def focus(self, document: Index, below: dict[Node, list[Node]]) -> dict[Node, None]:
        """The nodes of a document, given its classes below each target class."""
        kinds = (kind for target in self.classes for kind in below.get(target, ()))
        found = document.instances(kinds)
        for predicate in self.subjects_of:
            found.update(dict.fromkeys(document.subjects(predicate)))
        return found


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape of pyshacl with the targets of the node shape that it belongs to.

    Attributes:
        shape: The shape.
        targets: Which nodes it is about.
        path: Its property, as in `Result.path`; `None` for a node shape.
        needs: If not empty, it can only be broken by a node that has one of these properties.
    """

    shape: Shape
    targets: Targets
    path: str | None
    needs: tuple[Node, ...]

    def relevant(self, focus: dict[Node, None], document: Index) -> list[IdentifiedNode]:
        """The nodes that can break this rule."""
        having = dict.fromkeys(node for name in self.needs for node in document.subjects(name))
        nodes = [node for node in having if node in focus] if self.needs else focus
        return [node for node in nodes if isinstance(node, IdentifiedNode)]


@dataclass(frozen=True, slots=True)
class Check:
    """Severity and message of a rule that Python checks."""

    severity: Severity
    message: str


class Shapes:
    """The shapes of some files, parsed once; not changed once made."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._graph = shapes_graph(paths)
        self.checks = dict(self._checks())
        owners = [(node, shape) for node, shape in self._graph.subject_objects(SH.property)]
        # pyshacl would run a property shape anew for each node; with the targets of its owner it runs once.
        self._graph.remove((None, SH.property, None))
        self._pyshacl = ShapesGraph(self._graph)
        self._shapes = {shape.node: shape for shape in self._pyshacl.shapes}
        hosts = sorted(self._graph.subjects(RDF.type, SH.NodeShape), key=str)
        alone = [(host, host) for host in hosts if self._constrains(host)]
        self.rules = tuple(self._rule(owner, shape) for owner, shape in sorted(alone + owners, key=str))

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

    def _constrains(self, node: Node) -> bool:
        return any((node, parameter, None) in self._graph for parameter in _CONSTRAINTS_OF_NODES)

    def _rule(self, owner: Node, shape: Node) -> Rule:
        targets = Targets(
            tuple(sorted(self._graph.objects(owner, SH.targetClass), key=str)),
            tuple(sorted(self._graph.objects(owner, SH.targetSubjectsOf), key=str)),
        )
        properties = self._properties(shape)
        vacuous = properties and not any((shape, wants, None) in self._graph for wants in _WANTS_VALUES)
        path = "|".join(str(name) for name in properties) or None
        return Rule(self._shapes[shape], targets, path, properties if vacuous else ())

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
