"""Changes of stored graphs that come as RDF rather than as documents, through the same checks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from rdflib import Graph

from kg.errors import ForbiddenError, NonConformingError, NotFoundError
from kg.ingest.loader import put_together
from kg.ingest.pipeline import Pipeline, Prepared
from kg.resolution import localise
from kg.store import Store
from kg.terms import KG, document_graph, inferred_graph, rejected_graph
from kg.validate import parse_rdf

_DOCUMENTS = str(document_graph(""))
_STATUS, _REVIEW, _REASON = (f"<{it}>".encode() for it in (KG.reviewStatus, KG.review, KG.openReason))
_EDITED = b"the statement was taken out of the graph of its document by hand"
_AT_ONCE = 500  # nodes that one query looks up


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
    read = {graph: _read(graph, triples) for graph, triples in sorted(changes.items())}
    refuse_belongings_of_others(read, store, pipeline)
    made = [_prepared(graph, stated, changes[graph], store, pipeline) for graph, stated in read.items()]
    gone = [it.document for it in made if not it.triples]
    for id in gone:
        if next(store.lines(str(document_graph(id))), None) is None:
            raise NotFoundError(f"the store holds no document {id!r}; `kg documents` lists them")
    put_together((it for it in made if it.triples), store, removed=gone)


def _read(graph: str, triples: bytes) -> Graph:
    if not graph.startswith(_DOCUMENTS) or graph == _DOCUMENTS:
        raise ForbiddenError(f"the graph {graph} is not that of a document; those are {_DOCUMENTS}ID")
    return parse_rdf(triples, ".nt", where=graph, base=graph)


def refuse_belongings_of_others(graphs: Mapping[str, Graph], store: Store, pipeline: Pipeline) -> None:
    """Statements, passages and unnamed agents belong to one document; no other may speak for it.

    Raises:
        NonConformingError: a graph describes what belongs to another one.
    """
    owner: dict[str, str] = {}
    for graph, stated in graphs.items():
        for node in pipeline.validator.belongings(stated):
            if owner.setdefault(node, graph) != graph:
                raise NonConformingError(_taken(graph, node, owner[node]), "")
    _refuse_taken(owner, graphs, store)


def refuse_nodes_of_others(nodes: Iterable[str], graph: str, store: Store) -> None:
    """Refuse what belongs to another document than that of a graph.

    Args:
        nodes: What the graph describes and no other may.
        graph: IRI of the graph of a document.
        store: Where the others are.

    Raises:
        NonConformingError: one of the nodes is described in the graph of another document.
    """
    _refuse_taken(dict.fromkeys(nodes, graph), (graph,), store)


def _refuse_taken(owner: Mapping[str, str], graphs: Collection[str], store: Store) -> None:
    nodes = sorted(owner)
    for first in range(0, len(nodes), _AT_ONCE):
        values = " ".join(f"<{node}>" for node in nodes[first : first + _AT_ONCE])
        rows = store.select(
            f"SELECT DISTINCT ?node ?graph WHERE {{ VALUES ?node {{ {values} }} "
            f'GRAPH ?graph {{ ?node a ?kind }} FILTER(STRSTARTS(STR(?graph), "{_DOCUMENTS}")) }}'
        )
        for taken, other in rows.texts():
            if taken and other and other not in graphs:
                raise NonConformingError(_taken(owner[taken], taken, other), "")


def _taken(graph: str, node: str, other: str) -> str:
    return f"{graph}: {node} is described in {other}, and belongs to that document; give it an IRI of its own"


def _prepared(graph: str, stated: Graph, triples: bytes, store: Store, pipeline: Pipeline) -> Prepared:
    document = graph.removeprefix(_DOCUMENTS)
    if not triples:
        return Prepared(document, graph)
    made = pipeline.accept_graph(document, stated, triples)
    if made.report is not None and made.problem is not None:
        raise NonConformingError(f"{graph}: {made.problem}", made.report.turtle())
    return keep_reviews(made, store)


def keep_reviews(made: Prepared, store: Store) -> Prepared:
    """A document that was not read again, with the marks of its reviews and what they reject.

    Raises:
        NonConformingError: it states what a review rejects.
    """
    said = {line.split(b" ", 1)[0] for line in made.stated.splitlines()}
    rejected = localise(store.lines(str(rejected_graph(made.document)))).stated.splitlines(True)
    gone = {line.split(b" ", 1)[0] for line in rejected if _STATUS in line}
    if back := sorted(gone & said):
        iri = back[0].decode().strip("<>")
        raise NonConformingError(f"{iri}: a review rejects this statement; take that back first", "")
    shown, reasons, lost = [], {}, set()
    for line in store.lines(str(inferred_graph(made.document))):
        subject, said_of_it, value = line.rstrip(b" .\n").split(b" ", 2)
        if said_of_it in (_STATUS, _REVIEW) and subject in said:
            shown.append(line)
        elif said_of_it == _REVIEW:
            lost.add(value)
        elif said_of_it == _REASON:
            reasons[subject] = line
    kept = {line.rstrip(b" .\n").split(b" ", 2)[2] for line in shown if _REVIEW in line}
    reasons |= {review: b'%s %s "%s" .\n' % (review, _REASON, _EDITED) for review in lost - kept}
    lines = [line if line.endswith(b"\n") else line + b"\n" for line in (*shown, *reasons.values())]
    return replace(made, inferred=made.inferred + b"".join(sorted(lines)), rejected=b"".join(rejected))
