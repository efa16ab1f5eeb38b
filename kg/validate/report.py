"""What a validation found, for people, programs and RDF tools."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal as Choice
from typing import TypeAlias

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Identifier, Node

from kg.terms import KG, KGSH, OA

Severity: TypeAlias = Choice["Violation", "Warning"]

ALTERNATIVES = "|"  # no IRI contains it


@dataclass(frozen=True, slots=True)
class Result:
    """One rule that one node breaks.

    Attributes:
        severity: `Violation` (not stored) or `Warning` (stored and shown).
        shape: Local name of the rule in `shapes/`, such as `Call-place`.
        focus: The node that breaks it.
        path: The property that the rule is about; several that count as one are joined by `|`.
        value: The value that is wrong, if there is one.
        message: What is wrong, then what to do.
        component: The kind of constraint, as SHACL names it; `kgsh:Check` for the rules that Python checks.
    """

    severity: Severity
    shape: str
    focus: Identifier
    path: str | None
    value: Identifier | None
    message: str
    component: URIRef

    def sort_key(self) -> tuple[str, ...]:
        """Violations first, then by rule and node."""
        value = "" if self.value is None else self.value.n3()
        return self.severity, self.shape, str(self.focus), self.path or "", value, self.message


@dataclass(frozen=True, slots=True)
class Finding:
    """A node that breaks a rule that Python checks; severity and message stand with the rule in `shapes/`."""

    rule: str
    focus: Node
    path: Node | None = None
    value: Node | None = None


@dataclass(frozen=True)
class Report:
    """All that a validation found, in a fixed order."""

    results: tuple[Result, ...] = ()

    @cached_property
    def violations(self) -> tuple[Result, ...]:
        """What keeps the graph out of the store."""
        return tuple(result for result in self.results if result.severity == "Violation")

    @cached_property
    def warnings(self) -> tuple[Result, ...]:
        """What is stored and shown to a person."""
        return tuple(result for result in self.results if result.severity == "Warning")

    @property
    def conforms(self) -> bool:
        """Whether the graph may be stored: warnings do not hinder it."""
        return not self.violations

    def graph(self) -> Graph:
        """The report as a `sh:ValidationReport`; `sh:conforms` is true if there are warnings only."""
        graph = Graph(bind_namespaces="none")
        for prefix, namespace in (("sh", SH), ("kg", KG), ("kgsh", KGSH), ("oa", OA)):
            graph.bind(prefix, str(namespace))
        report = BNode("report")
        graph.add((report, RDF.type, SH.ValidationReport))
        graph.add((report, SH.conforms, Literal(self.conforms)))
        for number, result in enumerate(self.results):
            graph.add((report, SH.result, _describe(graph, BNode(f"result{number:06}"), result)))
        return graph

    def turtle(self) -> str:
        """The report in Turtle; the same results give the same text."""
        return self.graph().serialize(format="turtle")


def _describe(graph: Graph, node: BNode, result: Result) -> BNode:
    is_shape = result.component not in (SH.SPARQLConstraintComponent, KGSH.Check)
    pairs: list[tuple[URIRef, Node | None]] = [
        (RDF.type, SH.ValidationResult),
        (SH.resultSeverity, SH[result.severity]),
        (SH.sourceShape if is_shape else SH.sourceConstraint, KGSH[result.shape]),
        (SH.sourceConstraintComponent, result.component),
        (SH.focusNode, result.focus),
        (SH.resultPath, _path(graph, node, result.path)),
        (SH.value, result.value),
        (SH.resultMessage, Literal(result.message)),
    ]
    for predicate, value in pairs:
        if value is not None:
            graph.add((node, predicate, value))
    return node


def _path(graph: Graph, node: BNode, path: str | None) -> Node | None:
    if path is None:
        return None
    properties: list[Node] = [URIRef(part) for part in path.split(ALTERNATIVES)]
    if len(properties) == 1:
        return properties[0]
    choice, cells = BNode(f"{node}path"), [BNode(f"{node}cell{n:02}") for n in range(len(properties))]
    for cell, item, rest in zip(cells, properties, [*cells[1:], RDF.nil], strict=True):
        graph.add((cell, RDF.first, item))
        graph.add((cell, RDF.rest, rest))
    graph.add((choice, SH.alternativePath, cells[0]))
    return choice
