"""Fills an empty store from a backup or a dump: nothing enters that is not checked."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.conflicts import denying, link
from kg.dump import sort_lines
from kg.errors import InputError, KgError, NonConformingError, RdfSyntaxError, RefusedError
from kg.identity import is_document_id
from kg.ingest import (
    Outcome,
    Pipeline,
    Prepared,
    import_reviews,
    put,
    put_ontology,
    refuse_belongings_of_others,
    settle,
)
from kg.maintenance.backup import quads_of
from kg.maintenance.rebuild import read_again
from kg.review import decode
from kg.review.file import AnyReview
from kg.store import Store, open_store
from kg.store.bulk import canonical_quads
from kg.terms import (
    BASE,
    DECISIONS_GRAPH,
    KG,
    ONTOLOGY_GRAPH,
    document_graph,
    inferred_graph,
    rejected_graph,
    review_graph,
)
from kg.validate import parse_rdf

__all__ = ["restore"]

_DOCUMENTS, _REVIEWS = str(document_graph("")), str(review_graph(""))
_DERIVED = (str(inferred_graph("")), str(rejected_graph("")))
_OWL = "http://www.w3.org/2002/07/owl#"
_DECIDED = frozenset({f"{BASE}ontology#keepsApart", f"{_OWL}sameAs", f"{_OWL}differentFrom"})


def restore(path: Path, store: Store, pipeline: Pipeline) -> Iterator[Outcome]:
    """Store what a file of N-Quads holds, if the store holds no document yet.

    The whole file is parsed before anything is written. Each document passes the gate as it stands; one that
    does not hold under the present ontology and shapes is read again from its text. Ontology and reference
    data are those of this version, and what follows from the documents is derived anew.

    Args:
        path: A backup, or N-Quads such as `kg dump --format nquads` writes; may be compressed.
        store: Open for writing.
        pipeline: The checks.

    Yields:
        One outcome a graph that could hold a document, and one for each that is not known.

    Raises:
        InputError: the file cannot be read or is not whole, or the store is not empty; nothing was written.
        RdfSyntaxError: it does not parse; nothing was written.
    """
    if any(graph.startswith(_DOCUMENTS) for graph in store.graphs()):
        raise InputError("the store holds documents already; restore into an empty one: --store oxigraph:NEW")
    with TemporaryDirectory() as scratch:
        copy = Path(scratch) / "quads.nq"
        with copy.open("wb") as file:
            quads_of(path, file)
        by_graph = Path(scratch) / "sorted.nq"
        with by_graph.open("wb") as file:
            file.writelines(sort_lines(_graph_first(copy, str(path))))
        put_ontology(store, pipeline)
        reviews: list[AnyReview] = []
        yield from _stored(by_graph, store, pipeline, reviews)
        yield from _reviewed(reviews, store, pipeline)
    for document_id in denying(store):
        link(document_id, store)


def _graph_first(quads: Path, name: str) -> Iterator[bytes]:
    """The lines with their graph at the start, so that sorting brings together what belongs together."""
    for graph, triple in canonical_quads(quads, name):
        yield graph.encode() + b"\t" + triple


def _stored(by_graph: Path, store: Store, pipeline: Pipeline, reviews: list[AnyReview]) -> Iterator[Outcome]:
    """Store documents and decisions, and hand over the reviews, which take effect when all are there."""
    with by_graph.open("rb") as file:
        for name, lines in groupby(file, key=lambda line: line.partition(b"\t")[0]):
            graph, triples = name.decode(), b"".join(line.partition(b"\t")[2] for line in lines)
            if graph.startswith(_DOCUMENTS):
                yield _document(graph.removeprefix(_DOCUMENTS), triples, store, pipeline)
            elif graph == str(DECISIONS_GRAPH):
                yield from _decisions(triples, store)
            elif graph.startswith(_REVIEWS):
                yield from _review(graph, triples, reviews)
            elif graph != str(ONTOLOGY_GRAPH) and not graph.startswith(_DERIVED):
                yield Outcome(graph, "skipped", problem="is no graph of documents, nor of decisions on them")


def _review(name: str, triples: bytes, reviews: list[AnyReview]) -> Iterator[Outcome]:
    try:
        graph = parse_rdf(triples, ".nt", where=name, base=name)
        reviews += [decode(str(record)) for record in graph.objects(None, KG.record)]
    except InputError as error:
        yield Outcome(name, "refused", problem=str(error))


def _reviewed(reviews: list[AnyReview], store: Store, pipeline: Pipeline) -> Iterator[Outcome]:
    if not reviews:
        return
    try:
        made = import_reviews(reviews, store, lambda it: next(iter(pipeline.prepare([it]))), pipeline)
    except RefusedError as error:
        yield Outcome(str(review_graph("")), "refused", problem=str(error))
        return
    yield from (it for it in made.outcomes if it.status != "stored")


def _document(id: str, triples: bytes, store: Store, pipeline: Pipeline) -> Outcome:
    name = str(document_graph(id))
    if not is_document_id(id):
        return Outcome(name, "refused", problem="its name is no identifier of a document")
    try:
        stated = parse_rdf(triples, ".nt", where=name, base=name)
        refuse_belongings_of_others({name: stated}, store, pipeline)
    except (RdfSyntaxError, NonConformingError) as error:
        return Outcome(name, "refused", id, problem=str(error))
    made = pipeline.accept_graph(id, stated, triples)
    if made.problem is None:
        return put(made, store)
    again = _again(id, triples, store, pipeline)
    if again is None or again.problem is not None:
        return Outcome(name, "refused", id, report=made.report, problem=made.problem)
    note = f"was read again from its text, as what was stored does not hold any more: {made.problem}"
    return put(replace(again, source=name, notes=(*again.notes, note)), store)


def _again(id: str, triples: bytes, store: Store, pipeline: Pipeline) -> Prepared | None:
    """A document read from the text in its graph, if there is one."""
    with open_store("memory:", write=True) as aside:
        try:
            aside.replace(id, {str(document_graph(id)): triples})
            return read_again(id, aside, pipeline, decided=store)
        except KgError:
            return None


def _decisions(triples: bytes, store: Store) -> Iterable[Outcome]:
    name = str(DECISIONS_GRAPH)
    graph = parse_rdf(triples, ".nt", where=name, base=name)
    if any(str(said) not in _DECIDED for _, said, _ in graph):
        return [Outcome(name, "refused", problem="holds something else than decisions on events")]
    store.replace_graphs({name: triples})
    settle(store)
    return []
