"""Joins what documents tell of events with what is stored, and says which graphs that makes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rdflib import RDF, Graph

from kg.conflicts import conflict_changes, description
from kg.ingest.pipeline import Prepared, reasoner
from kg.reason import Triple
from kg.resolution import (
    Decisions,
    Event,
    Local,
    Resolver,
    is_kept_aside,
    is_note,
    labels_lexicon,
    localise,
    mentions_of,
    note_written,
    notes,
    occasion,
    place,
    renamed,
    resolver_of,
    without_notes,
)
from kg.store import Store
from kg.terms import DECISIONS_GRAPH, KG, document_graph, inferred_graph, rejected_graph
from kg.validate import parse_rdf

__all__ = ["joined", "settle"]

_AT_ONCE = 200  # documents that are settled in one transaction
_DESCRIBING = [f" <{it}> ".encode() for it in (RDF.subject, RDF.predicate, RDF.object, KG.polarity)]
_CONFLICTS = f" <{KG.conflictsWith}> ".encode()


@contextmanager
def joined(
    coming: Mapping[str, Prepared], store: Store, removed: Iterable[str], decisions: Decisions | None = None
) -> Iterator[dict[str, bytes]]:
    """The graphs that are to be replaced so that documents come and go; to be written within the block.

    Args:
        coming: By identifier, documents that no check refused.
        store: What is stored now, open for writing.
        removed: Identifiers of documents that shall go.
        decisions: What people decided on events, if that changes.
    """
    gone = {*removed} - coming.keys()
    resolver = resolver_of(store)
    note_written(store, None)  # until the write has come to its end, nobody may rely on it
    mentions = {id: mentions_of(id, made.inferred.splitlines()) for id, made in coming.items()}
    touched = resolver.update({**mentions, **dict.fromkeys(gone, ())}, decisions)
    graphs = _graphs(coming, touched, gone, resolver, store)
    if decisions is not None:
        graphs[str(DECISIONS_GRAPH)] = decisions.triples()
    yield graphs
    note_written(store, resolver)


def settle(store: Store) -> int:
    """Join anew what all stored documents tell; in how many that changed something.

    For a store whose documents were written by a bulk loader, or joined under other rules.
    """
    note_written(store, None)
    resolver = resolver_of(store)
    documents, changed = sorted(resolver.documents), 0
    for first in range(0, len(documents), _AT_ONCE):
        stale = [id for id in documents[first : first + _AT_ONCE] if not _is_settled(id, resolver, store)]
        if stale and store.replace_graphs(_graphs({}, {*stale}, set(), resolver, store)):
            changed += len(stale)
    note_written(store, resolver)
    return changed


def _is_settled(id: str, resolver: Resolver, store: Store) -> bool:
    there = {line.strip() for line in store.lines(str(inferred_graph(id))) if is_note(line)}
    return there == {*_notes(id, resolver).splitlines()}


def _graphs(
    coming: Mapping[str, Prepared], touched: set[str], gone: set[str], resolver: Resolver, store: Store
) -> dict[str, bytes]:
    """The graphs of documents that come, go, or tell of events that are others now."""
    stated: dict[str, bytes] = dict.fromkeys(gone, b"")
    inferred: dict[str, bytes] = dict.fromkeys(gone, b"")
    rejected: dict[str, bytes] = dict.fromkeys(gone, b"")
    facts: dict[str, frozenset[Triple]] = dict.fromkeys(gone, frozenset())
    for id in sorted((touched | coming.keys()) - gone):
        events, made = resolver.names(id), coming.get(id)
        local, follows = (Local(made.stated), made.inferred.splitlines(True)) if made else _stored(id, store)
        placed = place(local.stated, events)
        if placed.is_folded or local.was_folded:
            inferred[id] = _inferred(placed.stated) + b"".join(it for it in follows if is_kept_aside(it))
        else:
            inferred[id] = b"".join(renamed(follows, local.names, events))
        stated[id], inferred[id] = placed.stated, inferred[id] + _notes(id, resolver)
        rejected[id] = _rejected(id, made, events, store)
        is_as_told = made is not None and all(name == event.iri for name, event in events.items())
        facts[id] = made.facts if made and is_as_told else _facts(placed.stated)
    met = conflict_changes(facts, store)
    graphs: dict[str, bytes] = dict(met.others)
    for id, links in met.own.items():
        lines = "".join(f"{' '.join(term.n3() for term in link)} .\n" for link in sorted(links))
        graphs[str(document_graph(id))] = stated[id]
        graphs[str(rejected_graph(id))] = rejected[id]
        graphs[str(inferred_graph(id))] = inferred[id] + lines.encode()
    return graphs


def _stored(id: str, store: Store) -> tuple[Local, list[bytes]]:
    """A stored document as it is by itself, and what follows from it, conflicts with others left out."""
    follows = [*store.lines(str(inferred_graph(id)))]
    local = localise(store.lines(str(document_graph(id))))
    own = {line.partition(b" ")[0] for line in local.stated.splitlines()}
    kept = (
        line for line in without_notes(follows)
        if _CONFLICTS not in line or line.split(b" ", 2)[2].rstrip(b" .\n") in own
    )  # fmt: skip
    return local, [*kept]


def _rejected(id: str, made: Prepared | None, events: Mapping[str, Event], store: Store) -> bytes:
    """What reviews of a document reject, its events under the names that they have now."""
    local = made.rejected if made else localise(store.lines(str(rejected_graph(id)))).stated
    return place(local, events).stated if local else b""


def _notes(id: str, resolver: Resolver) -> bytes:
    kept = resolver.kept(id)
    return notes(resolver.named(id), kept, {it.iri: occasion(it, labels_lexicon()) for it in kept})


def _inferred(stated: bytes) -> bytes:
    return reasoner().infer(_parsed(stated)).serialize(format="nt", encoding="utf-8")


def _facts(stated: bytes) -> frozenset[Triple]:
    lines = (line for line in stated.splitlines(True) if any(said in line for said in _DESCRIBING))
    return description(_parsed(b"".join(lines)))


def _parsed(triples: bytes) -> Graph:
    return parse_rdf(triples, ".nt", where="a stored graph", base="")
