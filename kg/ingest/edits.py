"""Changes of stored graphs that come as RDF rather than as documents, through the same checks."""

from collections.abc import Mapping

from rdflib import Graph

from kg.conflicts import description
from kg.errors import ForbiddenError, NonConformingError, NotFoundError
from kg.ingest.door import put_together
from kg.ingest.pipeline import Pipeline, Prepared
from kg.store import Store
from kg.terms import document_graph

_DOCUMENTS = str(document_graph(""))


def edit(changes: Mapping[str, bytes], store: Store, pipeline: Pipeline) -> None:
    """Make graphs of documents hold other triples, and reason over them anew.

    All are checked before the first is written, and all are written in one transaction.

    Args:
        changes: N-Triples by IRI of the graph; no triples removes the document.
        store: Where to, open for writing.
        pipeline: The checks.

    Raises:
        ForbiddenError: a graph is not that of a document.
        NonConformingError: what a graph would hold breaks the shapes; nothing was written.
    """
    made = [_prepared(graph, triples, pipeline) for graph, triples in sorted(changes.items())]
    gone = [it.document for it in made if not it.triples]
    for id in gone:
        if next(store.lines(str(document_graph(id))), None) is None:
            raise NotFoundError(f"the store holds no document {id!r}; `kg documents` lists them")
    put_together((it for it in made if it.triples), store, removed=gone)


def _prepared(graph: str, triples: bytes, pipeline: Pipeline) -> Prepared:
    if not graph.startswith(_DOCUMENTS) or graph == _DOCUMENTS:
        raise ForbiddenError(f"the graph {graph} is not that of a document; those are {_DOCUMENTS}ID")
    stated = Graph().parse(data=triples, format="nt")
    report = pipeline.validator.validate(stated)
    if not report.conforms:
        raise NonConformingError(f"{graph}: {report.violations[0].message}", report.turtle())
    return Prepared(
        graph.removeprefix(_DOCUMENTS),
        graph,
        stated=triples,
        inferred=pipeline.reasoner.infer(stated).serialize(format="nt", encoding="utf-8"),
        facts=description(stated),
        triples=len(stated),
        report=report,
    )
