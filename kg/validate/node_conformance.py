"""Tells of most nodes that they conform, for the simplest constraints; pyshacl is asked of the others alone.

pyshacl takes most of its time to say that nothing is wrong. What is told here errs on one side only: a node
of which anything is unclear is left to pyshacl, which alone says what a node breaks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rdflib import RDF, SH, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.validate.index import Index
from kg.validate.shacl_constructs import WORDS, choice


@dataclass(frozen=True, slots=True)
class Data:
    """What values are looked up in.

    Attributes:
        document: The document.
        context: What its nodes refer to.
        below: By class, the classes of the document that are it or below it.
    """

    document: Index
    context: Index
    below: Mapping[Node, Sequence[Node]]

    def values(self, node: Node, properties: Iterable[Node]) -> set[Node]:
        """The values of a choice of properties."""
        layers = (self.document, self.context)
        return {value for name in properties for layer in layers for value in layer.values(node, name)}

    def is_a(self, node: Node, kind: Node) -> bool:
        """Whether a node has a class, or one below it."""
        stated = self.document.values(node, _TYPE)
        return any(one in self.below.get(kind, ()) for one in stated) or kind in self.context.values(
            node, _TYPE
        )


_Test: TypeAlias = Callable[[Data, Node, set[Node]], bool]  # of a node and its values
_ValueTest: TypeAlias = Callable[[Data, Node], bool]
_TYPE = RDF.type
_TEXT = XSD.string
_INTEGERS = frozenset({XSD.integer, XSD.nonNegativeInteger})


@dataclass(frozen=True, slots=True)
class Conformance:
    """The constraints of a property shape that are all of the simplest kinds."""

    properties: tuple[Node, ...]
    tests: tuple[_Test, ...]

    def holds(self, node: Node, data: Data) -> bool:
        """Whether a node certainly conforms."""
        values = data.values(node, self.properties)
        return all(test(data, node, values) for test in self.tests)


def conformance(shapes: Graph, shape: Node) -> Conformance | None:
    """The tests of a shape; `None` if it has a constraint of another kind."""
    properties = choice(shapes, shape)
    if not properties:
        return None
    tests: list[_Test] = []
    for name, value in shapes.predicate_objects(shape):
        if name in WORDS or name == SH.path:
            continue
        test = _of_values(name, value) or _of_each(_value_test(shapes, name, value))
        if test is None:
            return None
        tests.append(test)
    return Conformance(properties, tuple(tests))


def _of_values(name: Node, value: Node) -> _Test | None:
    """A test of all values together."""
    if name == SH.minCount and isinstance(value, Literal):
        least = int(value)
        return lambda _data, _node, values: len(values) >= least
    if name == SH.maxCount and isinstance(value, Literal):
        most = int(value)
        return lambda _data, _node, values: len(values) <= most
    if name == SH.hasValue:
        return lambda _data, _node, values: value in values
    if name == SH.disjoint:
        return lambda data, node, values: values.isdisjoint(data.values(node, (value,)))
    return None


def _of_each(test: _ValueTest | None) -> _Test | None:
    if test is None:
        return None
    return lambda data, _node, values: all(test(data, value) for value in values)


def _value_test(shapes: Graph, name: Node, value: Node) -> _ValueTest | None:
    """A test of one value."""
    if name == SH["class"]:
        return lambda data, node: isinstance(node, URIRef) and data.is_a(node, value)
    if name == SH.datatype:
        return lambda _data, node: _has_datatype(node, value)
    if name == SH.nodeKind and value == SH.IRI:
        return lambda _data, node: isinstance(node, URIRef)
    if name == SH["in"]:
        listed = frozenset(item for item in Collection(shapes, value) if isinstance(item, URIRef))
        return lambda _data, node: node in listed
    if name == SH.minLength and isinstance(value, Literal):
        least = int(value)
        return lambda _data, node: isinstance(node, Literal) and len(node) >= least
    if name == SH.minInclusive and isinstance(value, Literal) and value.datatype in _INTEGERS:
        bound = int(value)
        return lambda _data, node: _is_at_least(node, bound)
    if name == SH["or"]:
        return _either([*_members(shapes, value)])
    return None


def _members(shapes: Graph, value: Node) -> Iterator[_ValueTest | None]:
    for member in Collection(shapes, value):
        parts = [*shapes.predicate_objects(member)]
        yield _value_test(shapes, *parts[0]) if len(parts) == 1 else None


def _either(tests: Sequence[_ValueTest | None]) -> _ValueTest:
    known = [test for test in tests if test is not None]
    return lambda data, node: any(test(data, node) for test in known)


def _has_datatype(node: Node, datatype: Node) -> bool:
    if not isinstance(node, Literal) or node.ill_typed:
        return False
    return node.datatype == datatype or (datatype == _TEXT and node.datatype is None and not node.language)


def _is_at_least(node: Node, bound: int) -> bool:
    is_integer = isinstance(node, Literal) and node.datatype in _INTEGERS and not node.ill_typed
    return is_integer and int(str(node)) >= bound
