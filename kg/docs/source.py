"""The Turtle that the pages describe, and how its terms are written in them."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from rdflib import RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from kg.resources import files, folder, text

_LABELS = (SKOS.prefLabel, RDFS.label)


@cache
def ontology() -> Graph:
    """The terms, with their links to foreign vocabularies."""
    return _parse(folder("ontology") / name for name in ("kg.ttl", "alignments.ttl"))


@cache
def topics() -> Graph:
    """The topic scheme."""
    return _parse([folder("ontology") / "topics.ttl"])


@cache
def shapes() -> Graph:
    """All shapes."""
    return _parse(files("shapes", ".ttl"))


def _parse(paths: Iterable[Path]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for path in paths:
        graph.parse(data=text(path), format="turtle")
    return graph


def local(term: Node) -> str:
    """`Call` of `…ontology#Call`."""
    return str(term).rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def code(graph: Graph, term: Node) -> str:
    """A term as Turtle writes it, in code style."""
    return f"`{graph.namespace_manager.normalizeUri(str(term))}`"


def codes(graph: Graph, terms: Iterable[Node]) -> str:
    """Several terms, sorted."""
    return ", ".join(sorted(code(graph, term) for term in terms))


def words(graph: Graph, term: Node, predicate: URIRef, language: str = "en") -> list[str]:
    """What a property says in one language, sorted."""
    values = graph.objects(term, predicate)
    return sorted(str(value) for value in values if isinstance(value, Literal) and value.language == language)


def names(graph: Graph, term: Node) -> str:
    """The label in English and Chinese."""
    found = (words(graph, term, name, language) for language in ("en", "zh") for name in _LABELS)
    return " · ".join(label for labels in found for label in labels)


def tree(roots: Iterable[Node], below: dict[Node, list[Node]], depth: int = 0) -> Iterator[tuple[int, Node]]:
    """The nodes of a hierarchy with their depth, each parent before its children."""
    for node in roots:
        yield depth, node
        yield from tree(below.get(node, []), below, depth + 1)
