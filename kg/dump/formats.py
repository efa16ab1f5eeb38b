"""The formats of a dump, and which graphs go into it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import pyoxigraph as ox

from kg.dump.blocks import PREFIXES, Graphs
from kg.dump.jsonld import jsonld
from kg.dump.order import sort_lines
from kg.dump.rdfxml import rdfxml
from kg.dump.turtle import trig, turtle
from kg.errors import InputError, NotFoundError
from kg.store import Store
from kg.terms import ONTOLOGY_GRAPH, document_graph, inferred_graph, is_in_union, rejected_graph


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write graphs down.

    Attributes:
        suffix: Of a file, without the dot.
        media_type: As registered.
    """

    suffix: str
    media_type: str


@dataclass(frozen=True, slots=True)
class TripleFormat(Format):
    """A format that holds the union, from its sorted N-Triples."""

    write: Callable[[Iterable[bytes]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class GraphFormat(Format):
    """A format that keeps graphs apart, from the sorted N-Triples of each."""

    write: Callable[[Graphs], Iterator[bytes]]


def nquads(graphs: Graphs) -> Iterator[bytes]:
    """Sorted N-Quads."""
    return sort_lines(
        b"%b <%b> .\n" % (line.removesuffix(b" .\n"), graph.encode())
        for graph, lines in graphs
        for line in lines
    )


FORMATS: dict[str, TripleFormat | GraphFormat] = {
    "turtle": TripleFormat("ttl", "text/turtle", turtle),
    "trig": GraphFormat("trig", "application/trig", trig),
    "nquads": GraphFormat("nq", "application/n-quads", nquads),
    "ntriples": TripleFormat("nt", "application/n-triples", iter),
    "jsonld": TripleFormat("jsonld", "application/ld+json", jsonld),
    "rdfxml": TripleFormat("rdf", "application/rdf+xml", rdfxml),
}


def dump(
    store: Store,
    format: str,
    *,
    document_id: str | None = None,
    ontology: bool = True,
    reviews: bool = False,
) -> Iterator[bytes]:
    """A whole store or one document, as pieces of a file.

    Args:
        store: What to dump; it must not change meanwhile, which a reader on disk sees to.
        format: A key of `FORMATS`.
        document_id: Only this document and what was inferred from it.
        ontology: Whether a whole store includes ontology and reference data.
        reviews: Whether it includes reviews and what they reject.

    Raises:
        InputError: there is no such format, or (while reading) it cannot hold an IRI that occurs.
        NotFoundError: the store has no such document.
    """
    if format not in FORMATS:
        raise InputError(f"no dump format {format!r}; take {', '.join(FORMATS)}")
    chosen, graphs = FORMATS[format], _graphs(store, document_id, ontology, reviews)
    if isinstance(chosen, GraphFormat):
        return chosen.write((graph, sort_lines(store.lines(graph))) for graph in graphs)
    if document_id is None and ontology and not reviews:
        return chosen.write(sort_lines(store.lines()))
    return chosen.write(sort_lines(chain.from_iterable(map(store.lines, graphs))))


def render(lines: Iterable[bytes], format: str) -> Iterator[bytes]:
    """Sorted N-Triples without blank nodes in another format, as pieces of a file.

    Raises:
        InputError: no such format holds plain triples, or (while reading) it cannot hold an IRI that occurs.
    """
    chosen = FORMATS.get(format)
    if not isinstance(chosen, TripleFormat):
        raise InputError(f"{format!r} is no format of plain triples")
    return chosen.write(lines)


def convert(turtle: str, format: str) -> bytes:
    """Turtle, blank nodes and all, in another format of plain triples.

    Raises:
        InputError: there is no such format.
    """
    if not isinstance(FORMATS.get(format), TripleFormat):
        raise InputError(f"{format!r} is no format of plain triples")
    engine = ox.RdfFormat.from_extension(FORMATS[format].suffix)
    assert engine is not None
    triples = [quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)]
    return ox.serialize(triples, format=engine, prefixes=PREFIXES) or b""


def _graphs(store: Store, document_id: str | None, ontology: bool, reviews: bool) -> list[str]:
    if document_id is None:
        graphs = [graph for graph in store.graphs() if reviews or is_in_union(graph)]
        return [graph for graph in graphs if ontology or graph != str(ONTOLOGY_GRAPH)]
    own = [str(document_graph(document_id)), str(inferred_graph(document_id))]
    own += [str(rejected_graph(document_id))] if reviews else []
    found = [graph for graph in own if next(store.lines(graph), None)]
    if not found:
        raise NotFoundError(f"no document {document_id!r}; list them with: kg documents")
    return found
