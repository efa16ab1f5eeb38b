"""One shape with its targets, and which nodes of a document can break it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.shape import Shape
from rdflib import URIRef
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import IdentifiedNode, Node, Variable

from kg.validate.context import LOOKED_UP
from kg.validate.index import Index, prepared_query
from kg.validate.node_conformance import Conformance, Data

_FOCUS = Variable("this")


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
        any_of: If not empty, only a node that has one of these properties can break it.
        asks: Whether it is a query, so that only a node with all properties that it asks of can break it.
        conformance: Tells of nodes that they do not break it, if all that it asks is simple.
    """

    shape: Shape
    targets: Targets
    path: str | None
    any_of: tuple[Node, ...] = ()
    asks: bool = False
    conformance: Conformance | None = None

    def relevant(self, focus: dict[Node, None], data: Data) -> list[IdentifiedNode]:
        """The nodes that can break this rule."""
        nodes, document = focus, data.document
        if self.any_of:
            having = dict.fromkeys(node for name in self.any_of for node in document.subjects(name))
            nodes = {node: None for node in having if node in focus}
        for name, value in asked_of_focus(self.shape) if self.asks and nodes else ():
            nodes = {node: None for node in document.subjects(name, value) if node in nodes}
        found = [node for node in nodes if isinstance(node, IdentifiedNode)]
        if self.conformance is None:
            return found
        return [node for node in found if not self.conformance.holds(node, data)]


@cache
def asked_of_focus(shape: Shape) -> tuple[tuple[Node, Node | None], ...]:
    """The triples of `$this` without which the query of a shape finds nothing; none if it has several."""
    queries = SPARQLBasedConstraint(shape).sparql_constraints
    if len(queries) > 1:
        return ()
    (query,) = queries
    algebra = prepared_query(query.apply_prefixes(query.select_text)).algebra
    asked = [
        (predicate, None if isinstance(value, Variable) else value)
        for subject, predicate, value in _required(algebra.p)
        if subject == _FOCUS and isinstance(predicate, URIRef) and predicate not in LOOKED_UP
    ]
    return tuple(asked)


def _required(algebra: CompValue) -> Iterator[tuple[Node, Node, Node]]:
    match algebra.name:
        case "BGP":
            yield from algebra.triples
        case "Project" | "Distinct" | "Filter":
            yield from _required(algebra.p)
        case "Join":
            yield from _required(algebra.p1)
            yield from _required(algebra.p2)
        case "LeftJoin":
            yield from _required(algebra.p1)
