"""Conflicts between documents: which stored facts contradict those of a document that comes or goes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from kg.identity import document_iri
from kg.reason import Triple, conflicts
from kg.store import Store
from kg.store.results import Triples
from kg.terms import BASE, KG, inferred_graph

_PREFIXES = f"""\
PREFIX kg: <{BASE}ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
_DESCRIPTION = frozenset({RDF.subject, RDF.predicate, RDF.object, KG.polarity})


@dataclass(frozen=True, slots=True)
class ConflictChanges:
    """What the coming or going of documents does to `kg:conflictsWith` between documents.

    Each direction stands in the inferred graph of the document whose fact is its subject, so that the order
    in which documents are loaded leaves no trace.

    Attributes:
        own: By document that comes or goes, links from its facts to those of others.
        others: By IRI, the inferred graphs of other documents that change, as N-Triples.
    """

    own: Mapping[str, frozenset[Triple]]
    others: Mapping[str, bytes]


def conflict_changes(coming: Mapping[str, Iterable[Triple]], store: Store) -> ConflictChanges:
    """Compare what documents state with what is stored, and with one another.

    Args:
        coming: By document, the `description` of its facts; none if it is removed.
        store: What is stored now.
    """
    facts = {id: frozenset(triples) for id, triples in coming.items()}
    writer = {fact: id for id, triples in facts.items() for fact, said, _ in triples if said == RDF.subject}
    links = frozenset(_links(facts, writer, store))
    wanted = {(other, KG.conflictsWith, fact) for fact, _, other in links if other not in writer}
    there = _there(facts, store)
    home = _home({one for one, _, _ in wanted}, store)
    changed = {home[one] for one, _, _ in wanted - there.keys()} | {
        graph for triple, graph in there.items() if triple not in wanted
    }
    others = {
        graph: _changed(
            graph,
            store,
            removed={triple for triple, place in there.items() if place == graph} - wanted,
            added={triple for triple in wanted if home[triple[0]] == graph},
        )
        for graph in sorted(changed)
    }
    own = {id: frozenset(link for link in links if writer[link[0]] == id) for id in facts}
    return ConflictChanges(own, others)


def denying(store: Store) -> list[str]:
    """The documents that say of something that it is not so: only these can contradict others."""
    rows = store.select(
        f"""{_PREFIXES} SELECT DISTINCT ?id WHERE {{
          {{ ?fact rdf:predicate kg:excludedTopic }} UNION {{ ?fact kg:polarity kg:Negated }}
          ?fact kg:reportedIn ?id
        }}"""
    )
    start = len(document_iri(""))
    return sorted(document[start:] for (document,) in rows.texts() if document)


def link(document_id: str, store: Store) -> bool:
    """Link the facts of a stored document with those of others; whether links are new."""
    facts = _constructed(
        store,
        f"""CONSTRUCT {{ ?fact ?property ?value }} WHERE {{
          VALUES ?property {{ rdf:subject rdf:predicate rdf:object kg:polarity }}
          ?fact kg:reportedIn <{document_iri(document_id)}> ; ?property ?value
        }}""",
    )
    met, own = conflict_changes({document_id: facts}, store), str(inferred_graph(document_id))
    links = {*met.own[document_id]}
    return store.replace_graphs({own: _changed(own, store, removed=set(), added=links), **met.others})


def description(stated: Iterable[Triple]) -> frozenset[Triple]:
    """The triples that say what each fact is about: all that `conflict_changes` needs of a document."""
    return frozenset(triple for triple in stated if triple[1] in _DESCRIPTION)


def _links(
    facts: Mapping[str, frozenset[Triple]], writer: Mapping[Node, str], store: Store
) -> Iterator[Triple]:
    own = Graph(store="SimpleMemory", bind_namespaces="none")
    for triple in (triple for triples in facts.values() for triple in triples):
        own.add(triple)
    events = sorted({str(node) for node in own.objects(None, RDF.subject)})
    stored = {*_facts(store, facts, _denials(events))}
    if against := sorted({*_against(own)}):
        stored |= {*_facts(store, facts, _about(against))}
    for one, predicate, other in conflicts({*own, *stored}) if stored or len(facts) > 1 else ():
        if one in writer and writer.get(other) != writer[one]:
            yield one, predicate, other


def _against(facts: Graph) -> Iterator[tuple[str, str]]:
    """Subject and object of what a document says is not so."""
    excluded = facts.subjects(RDF.predicate, KG.excludedTopic)
    for fact in {*excluded, *facts.subjects(KG.polarity, KG.Negated)}:
        subject, value = facts.value(fact, RDF.subject), facts.value(fact, RDF.object)
        if subject is not None and value is not None:
            yield subject.n3(), value.n3()


def _denials(events: Iterable[str]) -> str:
    """Stored facts that say of these events what is not so."""
    values = "VALUES ?s { " + " ".join(f"<{event}>" for event in events) + " }"
    return f"""
      {{ {values} ?s kg:excludedTopic ?topic . ?fact rdf:subject ?s ; rdf:object ?topic }}
      UNION {{ {values} ?fact rdf:subject ?s ; kg:polarity kg:Negated }}"""


def _about(matters: Iterable[tuple[str, str]]) -> str:
    """Stored facts on the same subject and object, whatever they say."""
    values = " ".join(f"({subject} {value})" for subject, value in matters)
    return f"VALUES (?s ?value) {{ {values} }} ?fact rdf:subject ?s ; rdf:object ?value ."


def _facts(store: Store, without: Iterable[str], pattern: str) -> Iterator[Triple]:
    """Facts that fit a pattern, of all documents but some."""
    yield from _constructed(
        store,
        f"""CONSTRUCT {{ ?fact rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:polarity ?polarity }}
        WHERE {{ {pattern}
          ?fact rdf:predicate ?p ; rdf:object ?o ; kg:polarity ?polarity ; kg:reportedIn ?document .
          FILTER(?document NOT IN ({_listed(map(document_iri, without))}))
        }}""",
    )


def _there(documents: Iterable[str], store: Store) -> dict[Triple, str]:
    """Links of other documents to facts of these, with the graph in which each stands."""
    ids = [*documents]
    rows = store.select(
        _PREFIXES
        + f"""SELECT ?one ?fact ?graph WHERE {{
          VALUES ?document {{ {_listed(map(document_iri, ids), " ")} }}
          ?fact kg:reportedIn ?document .
          GRAPH ?graph {{ ?one kg:conflictsWith ?fact }}
          FILTER(?graph NOT IN ({_listed(map(inferred_graph, ids))}))
        }}"""
    )
    return {
        (URIRef(one or ""), KG.conflictsWith, URIRef(fact or "")): graph or ""
        for one, fact, graph in rows.texts()
    }


def _listed(iris: Iterable[str], between: str = ", ") -> str:
    return between.join(f"<{iri}>" for iri in iris)


def _home(facts: Iterable[Node], store: Store) -> dict[Node, str]:
    """The inferred graph of the document that each fact is of."""
    values = " ".join(f"<{iri}>" for iri in sorted(map(str, facts)))
    rows = store.select(
        f"{_PREFIXES} SELECT ?fact ?id WHERE {{ VALUES ?fact {{ {values} }} ?fact kg:reportedIn ?id }}"
    )
    start = len(document_iri(""))
    return {
        URIRef(fact or ""): str(inferred_graph((document or "")[start:])) for fact, document in rows.texts()
    }


def _changed(graph: str, store: Store, *, removed: set[Triple], added: set[Triple]) -> bytes:
    lines = {line.strip() for line in store.lines(graph)}
    lines = (lines - {*map(_line, removed)}) | {*map(_line, added)}
    return b"\n".join(sorted(lines)) + b"\n" if lines else b""


def _line(triple: Triple) -> bytes:
    return " ".join([*(term.n3() for term in triple), "."]).encode()


def _constructed(store: Store, query: str) -> Iterator[Triple]:
    answer = store.query(_PREFIXES + query)
    assert isinstance(answer, Triples)
    found = Graph(store="SimpleMemory", bind_namespaces="none")
    found.parse(data=answer.serialize("ntriples"), format="nt")
    yield from found
