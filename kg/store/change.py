"""What one write takes out of a store and puts in, the union included, whatever engine is behind it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import pyoxigraph as ox

from kg.errors import RdfSyntaxError
from kg.terms import is_in_union

__all__ = [
    "UNION",
    "Change",
    "Graph",
    "TripleSet",
    "canonical",
    "difference",
    "held",
    "is_held_elsewhere",
]

TripleSet: TypeAlias = set[ox.Triple]
Graph: TypeAlias = ox.NamedNode | ox.DefaultGraph
Node = TypeVar("Node")
UNION = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Change:
    """What one transaction takes out and puts in.

    Attributes:
        removed: Triples to take out of each graph, `UNION` included.
        added: Triples to put into each graph, `UNION` included.
        emptied: Graphs that are left without a triple.
    """

    removed: Mapping[Graph, TripleSet]
    added: Mapping[Graph, TripleSet]
    emptied: list[ox.NamedNode]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (any(self.removed.values()) or any(self.added.values()))

    @property
    def quads(self) -> Iterator[ox.Quad]:
        """What to put in."""
        for graph, triples in self.added.items():
            for it in triples:
                yield ox.Quad(it.subject, it.predicate, it.object, graph)

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
        held_elsewhere: Of some triples, those that another graph of the union holds as well, which thus stay.
    """
    before, after = _shown(present), _shown(wanted)
    gone = before - after
    removed: dict[Graph, TripleSet] = {UNION: gone - held_elsewhere(gone) if gone else gone}
    added: dict[Graph, TripleSet] = {UNION: after - before}
    for graph, triples in wanted.items():
        removed[graph] = present[graph] - triples
        added[graph] = triples - present[graph]
    return Change(removed, added, [graph for graph in wanted if present[graph] and not wanted[graph]])


def _shown(triples_by_graph: Mapping[ox.NamedNode, TripleSet]) -> TripleSet:
    """The triples of graphs that are part of the union."""
    return TripleSet().union(*(it for graph, it in triples_by_graph.items() if is_in_union(graph.value)))


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


def _data(triples_by_graph: Mapping[Graph, TripleSet]) -> str:
    blocks = (
        (graph, "\n".join(f"{triple} ." for triple in triples)) for graph, triples in triples_by_graph.items()
    )
    return "\n".join(block if graph == UNION else f"GRAPH {graph} {{ {block} }}" for graph, block in blocks)


def held(engine: ox.Store, graph: ox.NamedNode) -> TripleSet:
    """The triples of a graph of an engine."""
    return {quad.triple for quad in engine.quads_for_pattern(None, None, None, graph)}


def is_held_elsewhere(engine: ox.Store, triple: ox.Triple, graphs: Mapping[ox.NamedNode, object]) -> bool:
    """Whether a graph of the union that is none of `graphs` has a triple."""
    holders = engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    others = (quad.graph_name for quad in holders if quad.graph_name not in graphs)
    return any(isinstance(it, ox.NamedNode) and is_in_union(it.value) for it in others)
