"""Checks that what a store holds agrees with itself, and mends what does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from rdflib import RDF, Graph, URIRef

from kg import search
from kg.conflicts import link
from kg.errors import KgError, StoreError
from kg.identity import document_iri
from kg.ingest import Pipeline, keep_reviews, put, put_together
from kg.maintenance.rebuild import read_again, stale
from kg.reason import Triple
from kg.resolution import is_kept_aside
from kg.store import Store, open_store
from kg.store.results import Triples
from kg.store.scrub import place_of, salvage, scrub
from kg.summaries import kept_wrongly
from kg.terms import KG, ON_RECORD, document_graph, inferred_graph, is_in_union
from kg.validate import parse_rdf

__all__ = ["CheckStep", "Finding", "stages"]

_DOCUMENTS, _INFERRED = str(document_graph("")), str(inferred_graph(""))
_SHOWN = 3  # triples of a graph that a message names


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong.

    Attributes:
        kind: `index`, `union`, `document`, `inference`, `answer`, `search`, or `stale`, which is no damage.
        problem: What, in one line.
        document: Identifier of the document that it is of.
        repaired: Whether it was mended; `None` if that was not asked for, or cannot be done here.
        is_damage: Whether the store is not sound because of it.
    """

    kind: str
    problem: str
    document: str | None = None
    repaired: bool | None = None
    is_damage: bool = True


@dataclass(frozen=True, slots=True)
class CheckStep:
    """A part of a check.

    Attributes:
        title: What is looked at.
        steps: Gives a `Finding`, or `None` where all is well; how many is not known beforehand.
    """

    title: str
    steps: Callable[[], Iterator[Finding | None]]


def stages(
    url: str, pipeline: Pipeline, *, repair: bool = False, quick: bool = False, deep: bool = False
) -> Iterator[CheckStep]:
    """The parts of a check of a store, each to be run before the next is asked for.

    Args:
        url: The store.
        pipeline: The checks.
        repair: Whether to mend what can be mended.
        quick: Whether to leave out answers that are kept, each of which is asked for again.
        deep: Whether to compare every index of the engine with the others, quad by quad.

    Raises:
        StoreError: the store cannot be opened.
    """
    broken: list[str] = []
    if place_of(url) is not None:
        yield CheckStep("Reading every index", lambda: _indexes(url, repair, deep, broken))
        if broken:
            return  # what else is wrong cannot be told
    with open_store(url, write=repair) as store:
        yield CheckStep("Comparing graphs and union", lambda: _union(store, repair))
        yield CheckStep("Checking documents", lambda: _documents(store, pipeline, repair))
        yield CheckStep("Looking for what is out of date", lambda: _stale(store, pipeline))
    if not quick and place_of(url) is not None:
        with open_store(url) as reader:
            yield CheckStep("Comparing answers that are kept", lambda: _answers(reader, repair))
    if not url.startswith("memory:"):
        yield CheckStep("Comparing the index of texts", lambda: _texts(url, repair))


def _indexes(url: str, repair: bool, deep: bool, broken: list[str]) -> Iterator[Finding | None]:
    """What is wrong with the engine's indexes; `broken` tells whether something of it stays."""
    place = place_of(url)
    assert place is not None
    with open_store(url):  # so that the newest state has a checkpoint
        checkpoint = place.newest()
    assert checkpoint is not None
    problems: list[str] = []
    for name in place.damaged_files():
        problems += [f"{name}, a file of the engine, is not what was written"] if name else []
        yield None
    try:
        for told in scrub(checkpoint) if deep else ():
            problems += [told] if told else []
            yield None
    except StoreError as error:
        problems.append(str(error))
    if problems and repair:
        for told in salvage(place):
            yield (
                Finding("index", f"{told} is lost or not whole; load it again", repaired=False)
                if told
                else None
            )
        with open_store(url, write=True):
            pass  # which makes a checkpoint of what was saved
    elif problems:
        broken += problems
    yield from (Finding("index", problem, repaired=repair or None) for problem in problems)


def _union(store: Store, repair: bool) -> Iterator[Finding | None]:
    graphs = store.graphs()
    for graph in filter(is_in_union, graphs):
        pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }} FILTER NOT EXISTS {{ ?s ?p ?o }}"
        missing = store.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
        assert isinstance(missing, Triples)
        lines = [f"{triple} .\n".encode() for triple in missing]
        if lines and repair:
            store.mend_union(lines, ())
        yield _of_union(lines, f"of {graph} are not in the union", repair, graph) if lines else None
    shown = " ".join(f'FILTER(!STRSTARTS(STR(?g), "{start}"))' for start in ON_RECORD)
    stray = store.query(
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o "
        f"FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} {shown} }} }}"
    )
    assert isinstance(stray, Triples)
    lines = [f"{triple} .\n".encode() for triple in stray]
    if lines:
        if repair:
            store.mend_union((), lines)
        yield _of_union(lines, "of the union are in no graph", repair, None)


def _of_union(lines: list[bytes], words: str, repair: bool, graph: str | None) -> Finding:
    shown = " ".join(line.decode().strip()[:200] for line in islice(lines, _SHOWN))
    document = graph.removeprefix(_DOCUMENTS) if graph and graph.startswith(_DOCUMENTS) else None
    return Finding("union", f"{len(lines)} triples {words}: {shown}", document, repair or None)


def _documents(store: Store, pipeline: Pipeline, repair: bool) -> Iterator[Finding | None]:
    graphs = store.graphs()
    there = {graph.removeprefix(_DOCUMENTS) for graph in graphs if graph.startswith(_DOCUMENTS)}
    old = {*stale(store, pipeline)}
    for id in sorted(there):
        found = _of_document(id, store, pipeline, is_stale=id in old)
        yield _mended(found, store, pipeline) if found and repair else found
    for graph in graphs:
        id = graph.removeprefix(_INFERRED)
        if graph.startswith(_INFERRED) and id not in there:
            if repair:
                put_together((), store, removed=[id])
            yield Finding("inference", f"{graph} follows from no document", id, repair or None)


def _of_document(id: str, store: Store, pipeline: Pipeline, *, is_stale: bool) -> Finding | None:
    stated, node = _graph(str(document_graph(id)), store), URIRef(document_iri(id))
    if (node, KG.body, None) not in stated or (node, RDF.type, None) not in stated:
        return Finding("document", "its graph lacks the text of the document, or its class", id)
    if wrong := pipeline.validator.citation_results(stated):
        return Finding("document", f"{wrong[0].focus}: {wrong[0].message}", id)
    if not is_stale and _follows(id, stated, store) != {*pipeline.reasoner.infer(stated)}:
        return Finding("inference", "what is stored as following from it is not what follows", id)
    return None


def _follows(id: str, stated: Graph, store: Store) -> set[Triple]:
    """What is stored as following from a document alone: without what others have a part in, and reviews."""
    own = {*stated.subjects(KG.reportedIn, None)}
    lines = (line for line in store.lines(str(inferred_graph(id))) if not is_kept_aside(line))
    found = parse_rdf(b"".join(lines), ".nt", where=id, base="")
    return {it for it in found if it[1] != KG.conflictsWith or it[2] in own}


def _graph(name: str, store: Store) -> Graph:
    return parse_rdf(b"".join(store.lines(name)), ".nt", where=name, base=name)


def _mended(found: Finding, store: Store, pipeline: Pipeline) -> Finding:
    id = found.document or ""
    try:
        if found.kind == "inference":
            name = str(document_graph(id))
            made = pipeline.accept_graph(id, _graph(name, store), b"".join(store.lines(name)))
            made = keep_reviews(made, store) if made.problem is None else made
        else:
            made = read_again(id, store, pipeline, decided=store)
        if made.problem is None:
            put(made, store)
            link(id, store)
            return Finding(found.kind, found.problem, id, repaired=True)
        reason = made.problem
    except KgError as error:
        reason = str(error)
    return Finding(found.kind, f"{found.problem}; {reason}; load the document again", id, repaired=False)


def _stale(store: Store, pipeline: Pipeline) -> Iterator[Finding | None]:
    for id in stale(store, pipeline):
        words = "was read under another ontology or other rules; kg rebuild reads it again"
        yield Finding("stale", words, id, is_damage=False)


def _answers(reader: Store, repair: bool) -> Iterator[Finding | None]:
    for summary, is_wrong in kept_wrongly(reader, forget=repair):
        words = f"the answer to {summary.name} that is kept is not what the store answers"
        yield Finding("answer", words, None, repair or None) if is_wrong else None


def _texts(url: str, repair: bool) -> Iterator[Finding | None]:
    """What is wrong with the index of texts, which is made anew as a whole."""
    wrong = []
    for problem in search.problems(url):
        wrong += [problem] if problem else []
        if problem is None:
            yield None
    if wrong and repair:
        search.rebuild(url)
    yield from (Finding("search", problem, None, repair or None) for problem in wrong)
