"""Milliseconds a document of each step after reading, and what pyshacl needs as it comes."""

import json
from collections.abc import Callable
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TypeVar

import pyshacl
from rdflib import Graph

from benchmarks import peers
from benchmarks.synthetic import documents
from benchmarks.tables import table
from kg import ingest, resources
from kg.ingest import Pipeline, Prepared
from kg.read import read_bytes
from kg.store import Store, open_store
from kg.terms import document_graph, inferred_graph

__all__ = ["report"]

Item = TypeVar("Item")


def report(count: int) -> str:
    """A table of the steps for `count` synthetic documents."""
    pipeline = Pipeline()
    found = [
        document
        for record in documents(count)
        for document in read_bytes(json.dumps(record).encode(), "corpus.jsonl", max_bytes=1_000_000)
    ]
    graphs = [pipeline.build(document) for document in found]
    rows: list[list[object]] = [["validation", _each(graphs, pipeline.validator.validate)]]
    rows.append(["inference", _each(graphs, pipeline.reasoner.infer)])
    with TemporaryDirectory() as folder, open_store(f"oxigraph:{folder}/store", write=True) as store:
        ingest.put_ontology(store, pipeline)
        prepared = [*pipeline.prepare(found)]
        rows.append(["durable write", _each(prepared, lambda made: _write(made, store))])
    total = sum(float(str(row[1])) for row in rows)
    rows.append(["the three together", total])
    rows = [[*row, 1000 / float(str(row[1]))] for row in rows]
    rows += [[name, seconds, 1000 / seconds] for name, seconds in _others(graphs)]
    return table(f"Steps of {count} documents, medians", ["", "ms a document", "documents/s"], rows)


def _each(items: list[Item], step: Callable[[Item], object]) -> float:
    times = []
    for item in items:
        started = perf_counter()
        step(item)
        times.append(perf_counter() - started)
    return median(times) * 1000


def _write(made: Prepared, store: Store) -> bool:
    graphs = {document_graph(made.document): made.stated, inferred_graph(made.document): made.inferred}
    return store.replace(made.document, {str(graph): data for graph, data in graphs.items()})


def _others(graphs: list[Graph]) -> list[tuple[str, float]]:
    shapes = Graph()
    for path in resources.files("shapes", ".ttl"):
        shapes.parse(path)
    few = graphs[:5]
    rows = [
        (
            "pyshacl as it comes, shapes parsed before",
            _each(few, lambda it: pyshacl.validate(it, shacl_graph=shapes)),
        )
    ]
    if times := peers.jena_shacl(resources.files("shapes", ".ttl"), [_n_triples(it) for it in graphs]):
        rows.append(("TopBraid SHACL on Jena, parsing included", median(times)))
    return rows


def _n_triples(graph: Graph) -> bytes:
    return graph.serialize(format="nt", encoding="utf-8")
