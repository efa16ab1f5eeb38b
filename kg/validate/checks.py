"""The rules beside citation that a shape cannot say, or would be slow at."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDF, BNode, URIRef
from rdflib.term import Node

from kg.terms import KG
from kg.validate.context import NAMESPACE, Context
from kg.validate.index import Index, Triple
from kg.validate.report import Finding

_PARTS = (RDF.subject, RDF.predicate, RDF.object)
_NAMES_A_TERM = frozenset({RDF.type, RDF.predicate})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the facts of a graph say.

    Attributes:
        affirmed: By fact, the triple that it tells.
        negated: By triple, a fact that denies it.
        told: The triples that are affirmed, and those that say the same in broader words.
    """

    affirmed: dict[Node, Triple]
    negated: dict[Triple, Node]
    told: set[Triple]

    @classmethod
    def of(cls, document: Index, context: Context) -> "Facts":
        """The facts of a graph, as far as they are whole."""
        affirmed: dict[Node, Triple] = {}
        negated: dict[Triple, Node] = {}
        for fact, triple in _facts(document):
            if document.values(fact, KG.polarity) == [KG.Negated]:
                negated[triple] = fact
            else:
                affirmed[fact] = triple
        return cls(
            affirmed, negated, {same for triple in affirmed.values() for same in context.entailed(triple)}
        )


def check_facts(document: Index, facts: Facts) -> Iterator[Finding]:
    """Facts whose triple is missing, and triples that are only negated."""
    for fact, triple in facts.affirmed.items():
        if triple not in document and not document.values(fact, KG.resolvedTo):
            yield Finding("Fact-stands", fact, RDF.predicate, triple[1])
    for triple, fact in facts.negated.items():
        if triple in document and triple not in facts.told:
            yield Finding("Fact-negated", fact, RDF.predicate, triple[1])


def _facts(document: Index) -> Iterator[tuple[Node, Triple]]:
    for fact in document.subjects(RDF.type, KG.Fact):
        subject, predicate, value = (document.single(fact, part) for part in _PARTS)
        if subject is not None and predicate is not None and value is not None:
            yield fact, (subject, predicate, value)


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
        yield from (
            Finding("Vocabulary-blank-node", node) for node in (subject, value) if isinstance(node, BNode)
        )


def _is_ours(node: Node) -> bool:
    return isinstance(node, URIRef) and node.startswith(NAMESPACE)
