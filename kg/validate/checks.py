"""The rules beside citation that a shape cannot say, or would be slow at."""

from collections.abc import Iterator

from rdflib import RDF, BNode, URIRef
from rdflib.term import Node

from kg.terms import KG
from kg.validate.context import NAMESPACE, Context
from kg.validate.index import Index, Triple
from kg.validate.report import Finding

_PARTS = (RDF.subject, RDF.predicate, RDF.object)
_NAMES_A_TERM = frozenset({RDF.type, RDF.predicate})


def check_facts(document: Index, context: Context) -> Iterator[Finding]:
    """Triples of events that no fact tells, and facts whose triple is missing or only negated."""
    affirmed: set[Triple] = set()
    negated: dict[Triple, Node] = {}
    for fact, triple in _facts(document):
        if document.values(fact, KG.polarity) == [KG.Negated]:
            negated[triple] = fact
            continue
        affirmed.update(context.entailed(triple))
        if triple not in document:
            yield Finding("Fact-stands", fact, RDF.predicate, triple[1])
    for triple, fact in negated.items():
        if triple in document and triple not in affirmed:
            yield Finding("Fact-negated", fact, RDF.predicate, triple[1])
    for subject, predicate, value in _told_of_events(document, context):
        if (subject, predicate, value) not in affirmed and (subject, predicate, value) not in negated:
            yield Finding("Event-cited", subject, predicate, value)
    for subject, predicate, value in document.match((None, KG.passedOverTopic, None)):
        if (subject, predicate, value) not in affirmed and (subject, predicate, value) not in negated:
            yield Finding("Document-cited", subject, predicate, value)


def _facts(document: Index) -> Iterator[tuple[Node, Triple]]:
    for fact in document.subjects(RDF.type, KG.Fact):
        subject, predicate, value = (document.single(fact, part) for part in _PARTS)
        if subject is not None and predicate is not None and value is not None:
            yield fact, (subject, predicate, value)


def _told_of_events(document: Index, context: Context) -> Iterator[Triple]:
    kinds = [kind for kind in document.classes() if KG.Event in context.above.get(kind, (kind,))]
    for event in document.instances(kinds):
        for kind in document.values(event, RDF.type):
            if kind in context.classes:
                yield event, RDF.type, kind
        for name in context.properties:
            yield from ((event, name, value) for value in document.values(event, name))


def check_vocabulary(document: Index, context: Context) -> Iterator[Finding]:
    """Terms in the namespace of the ontology that it does not have, and nodes without a name."""
    for triple in document:
        subject, predicate, value = triple
        if _is_ours(predicate) and predicate not in context.properties:
            yield Finding("Vocabulary-property", subject, predicate)
        if _is_ours(value) and predicate == RDF.type and value not in context.classes:
            yield Finding("Vocabulary-class", subject, predicate, value)
        if _is_ours(value) and predicate not in _NAMES_A_TERM and value not in context.terms:
            yield Finding("Vocabulary-value", subject, predicate, value)
        if _is_ours(predicate) or _is_ours(value):
            yield from (
                Finding("Vocabulary-blank-node", node) for node in (subject, value) if isinstance(node, BNode)
            )


def _is_ours(node: Node) -> bool:
    return isinstance(node, URIRef) and node.startswith(NAMESPACE)
