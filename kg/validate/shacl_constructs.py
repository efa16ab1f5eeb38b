"""Which constructs of SHACL the preparation of shapes knows; pyshacl runs a shape with any other whole."""

from collections.abc import Container, Iterable

from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.errors import ResourceError

# What is about the values of a property, or about the node itself, and needs no shape but this.
CONSTRAINTS = frozenset({
    SH["class"], SH.datatype, SH.nodeKind, SH.minCount, SH.maxCount, SH.minExclusive, SH.minInclusive,
    SH.maxExclusive, SH.maxInclusive, SH.minLength, SH.maxLength, SH.pattern, SH.languageIn, SH.uniqueLang,
    SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals, SH["not"], SH["and"], SH["or"], SH.xone,
    SH.qualifiedValueShape, SH.hasValue, SH["in"], SH.sparql,
})  # fmt: skip
_OF_CONSTRAINTS = frozenset({SH.flags, SH.qualifiedMinCount, SH.qualifiedMaxCount})
WORDS = frozenset({
    RDF.type, RDFS.label, RDFS.comment, RDFS.isDefinedBy, SH.severity, SH.message, SH.name, SH.description,
    SH.order, SH.group, SH.defaultValue,
})  # fmt: skip
_PREPARED_TARGETS = frozenset({SH.targetClass, SH.targetSubjectsOf})
TARGETS = _PREPARED_TARGETS | {SH.targetNode, SH.targetObjectsOf}
_LISTS_OF_SHAPES = (SH["and"], SH["or"], SH.xone)
_SHAPES = (SH["not"], SH.qualifiedValueShape)
_KINDS = frozenset({SH.NodeShape, SH.PropertyShape})
_TERMS: Container[object] = SH  # type: ignore[assignment]  # its metaclass is a container
_SEVERITIES = frozenset({SH.Violation, SH.Warning})
_NOT_EVALUATED = frozenset({SH.js, SH.rule})


def refuse_unknown(shapes: Graph, nodes: Iterable[Node]) -> None:
    """Refuse what pyshacl would pass over in silence, and severities that reports do not have.

    Raises:
        ResourceError: a shape has a term of SHACL that does not exist, or that pyshacl does not evaluate.
    """
    for node in nodes:
        for term in shapes.predicates(node):
            is_shacl = isinstance(term, URIRef) and term.startswith(str(SH))
            if is_shacl and (term not in _TERMS or term in _NOT_EVALUATED):
                raise ResourceError(f"{node}: {term} is no term of SHACL that is evaluated; correct it")
        if set(shapes.objects(node, SH.severity)) - _SEVERITIES:
            raise ResourceError(
                f"{node}: sh:severity is neither sh:Violation nor sh:Warning; use one of them"
            )


def can_be_prepared(shapes: Graph, shape: Node) -> bool:
    """Whether a shape with targets means the same if its properties are looked at by themselves."""
    parts = set(shapes.predicates(shape))
    known = parts <= CONSTRAINTS | _OF_CONSTRAINTS | WORDS | _PREPARED_TARGETS | {SH.property}
    return (
        known
        and set(shapes.objects(shape, RDF.type)) <= _KINDS
        and _inner_are_plain(shapes, shape)
        and all(_is_plain_property(shapes, node) for node in shapes.objects(shape, SH.property))
    )


def choice(shapes: Graph, shape: Node) -> tuple[Node, ...]:
    """The properties among which the path of a shape lets choose; none if it has no path, or another kind."""
    path = shapes.value(shape, SH.path)
    if path is None:
        return ()
    if isinstance(path, URIRef):
        return (path,)
    listed = shapes.value(path, SH.alternativePath)
    items = () if listed is None else tuple(Collection(shapes, listed))
    return items if all(isinstance(item, URIRef) for item in items) else ()


def _is_plain_property(shapes: Graph, shape: Node) -> bool:
    known = set(shapes.predicates(shape)) <= CONSTRAINTS | _OF_CONSTRAINTS | WORDS | {SH.path}
    return known and bool(choice(shapes, shape)) and _inner_are_plain(shapes, shape)


def _inner_are_plain(shapes: Graph, shape: Node) -> bool:
    inner = [node for name in _SHAPES for node in shapes.objects(shape, name)]
    for name in _LISTS_OF_SHAPES:
        inner += [node for listed in shapes.objects(shape, name) for node in Collection(shapes, listed)]
    return all(
        set(shapes.predicates(node)) <= CONSTRAINTS | _OF_CONSTRAINTS | WORDS
        and _inner_are_plain(shapes, node)
        for node in inner
    )
