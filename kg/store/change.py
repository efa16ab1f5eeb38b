"""What one write takes out of a store and puts in, the union included, whatever engine is behind it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import pyoxigraph as ox

from kg.errors import RdfSyntaxError

__all__ = ["UNION", "Change", "TripleSet", "canonical", "difference"]

TripleSet: TypeAlias = set[ox.Triple]
Node = TypeVar("Node")
UNION = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Change:
    """What one transaction takes out and puts in.

    Attributes:
        removed: Quads to take out, the union's included.
        added: Quads to put in, the union's included.
        emptied: Graphs that are left without a triple.
    """

    removed: list[ox.Quad]
    added: list[ox.Quad]
    emptied: list[ox.NamedNode]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.removed or self.added)

    def sparql(self) -> str:
        """One update; an engine with transactions runs it as one."""
        steps = [f"DELETE DATA {{ {_data(self.removed)} }}"]
        steps += [f"DROP SILENT GRAPH {graph}" for graph in self.emptied]
        steps += [f"INSERT DATA {{ {_data(self.added)} }}"]
        return " ;\n".join(steps)


def difference(
    present: Mapping[ox.NamedNode, TripleSet],
    wanted: Mapping[ox.NamedNode, TripleSet],
    held_elsewhere: Callable[[TripleSet], Set[ox.Triple]],
) -> Change:
    """What leads from one state of some graphs to another.

    Args:
        present: What the graphs hold.
        wanted: What they shall hold.
        held_elsewhere: Of some triples, those that another graph holds as well, which thus stay in the union.
    """
    before, after = TripleSet().union(*present.values()), TripleSet().union(*wanted.values())
    gone = before - after
    removed = _quads(gone - held_elsewhere(gone) if gone else gone, UNION)
    added = _quads(after - before, UNION)
    for graph, triples in wanted.items():
        removed += _quads(present[graph] - triples, graph)
        added += _quads(triples - present[graph], graph)
    return Change(removed, added, [graph for graph in wanted if present[graph] and not wanted[graph]])


def canonical(graph: str, data: bytes) -> TripleSet:
    """The triples as the engine will hold them, so that what is there can be compared with what comes.

    It keeps values rather than spellings (`"PT90M"^^xsd:duration` becomes `PT1H30M`), so they pass through
    an engine first.

    Args:
        graph: IRI of their graph, which names their blank nodes.
        data: N-Triples.

    Raises:
        RdfSyntaxError: the N-Triples do not parse.
    """
    scratch = ox.Store()
    try:
        scratch.load(data, ox.RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        raise RdfSyntaxError(graph, str(error)) from error
    triples = {quad.triple for quad in scratch}
    if any(isinstance(term, ox.BlankNode) for triple in triples for term in triple):
        return _with_iris(graph, scratch)
    return triples


def _with_iris(graph: str, quads: Iterable[ox.Quad]) -> TripleSet:
    """The triples with each blank node named by an IRI of its graph, which depends on the triples alone."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {
        ox.Triple(_named(graph, quad.subject), quad.predicate, _named(graph, quad.object)) for quad in dataset
    }


def _named(graph: str, term: Node) -> Node | ox.NamedNode:
    return ox.NamedNode(f"{graph}#{term.value}") if isinstance(term, ox.BlankNode) else term


def _quads(triples: Iterable[ox.Triple], graph: ox.NamedNode | ox.DefaultGraph) -> list[ox.Quad]:
    return [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


def _data(quads: Iterable[ox.Quad]) -> str:
    return "\n".join(
        block if graph == UNION else f"GRAPH {graph} {{ {block} }}" for graph, block in _blocks(quads)
    )


def _blocks(quads: Iterable[ox.Quad]) -> Iterator[tuple[object, str]]:
    triples_by_graph: dict[object, list[str]] = {}
    for quad in quads:
        triples_by_graph.setdefault(quad.graph_name, []).append(f"{quad.triple} .")
    return ((graph, "\n".join(triples)) for graph, triples in triples_by_graph.items())
