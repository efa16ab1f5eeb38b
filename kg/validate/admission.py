"""What the graph of a document may hold: nothing that neither a fact tells nor its own description needs.

Every node that a graph describes has one role there: the document, a statement of it, a passage, an event, or
somebody or something that only this document names. What is said of it is part of that role, or told by an
somebody or something that only this document names. What is said of it is of that role, or told by an
seen by every query.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from rdflib import DCTERMS, RDF, SKOS, BNode, Literal, URIRef
from rdflib.term import Node

from kg.terms import KG, OA
from kg.validate.context import Context
from kg.validate.datatypes import is_well_formed
from kg.validate.index import Index, Triple
from kg.validate.report import Finding

# In this order, so that an event that is also called something else is cited all the same.
_ROLES = (KG.Event, KG.Document, KG.Statement, KG.Evidence, KG.Agent, KG.Topic, KG.Place, KG.Office)
_NAMED = frozenset({KG.Agent, KG.Topic, KG.Place, KG.Office})  # who and what a document may name for itself
_DERIVED = frozenset({KG.account, KG.conflictsWith, KG.possiblySameAs, KG.keepsApart})
_MENTIONED = KG.passedOverTopic  # told of documents that a text only mentions
_OF_PASSAGES = frozenset({OA.exact, OA.start, OA.end})
_OF_FACTS = frozenset({RDF.subject, RDF.predicate, RDF.object})


@dataclass(frozen=True, slots=True)
class Admission:
    """The graph of one document as it is looked at.

    Attributes:
        graph: Its triples.
        context: The ontology and reference data.
        told: What its affirmed facts tell, and what follows from that.
        denied: What its facts only deny, and other checks report.
        document: The IRI that the document must have; without one, the graph itself tells.
    """

    graph: Index
    context: Context
    told: Set[Triple]
    denied: Set[Triple]
    document: Node | None = None
    _role_by_node: dict[Node, Node | None] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """All that must not be in the graph."""
        own, others = self._documents()
        known = {*others, own}
        if own is None and (missing := self.document or min(self.graph.nodes(), key=str, default=None)):
            yield Finding("Document-one", missing, RDF.type)
        yield from (Finding("Document-one", node, RDF.type) for node in others)
        named = {value for triple in self._naming() for value in triple[2:]}
        for subject in self.graph.nodes():
            role = self._role(subject)
            if subject in self.context.described:
                yield from self._kinds(subject)
                yield from self._restated(subject)
            elif role is None:
                yield from self._nameless(subject)
            else:
                yield from self._kinds(subject)
                yield from self._told(subject, role, subject in known)
                needs_no_name = role in (KG.Event, KG.Statement) or subject in known
                if not needs_no_name and subject not in named and not isinstance(subject, BNode):
                    yield Finding("Vocabulary-unused", subject)
        yield from _literals(self.graph)

    def belongings(self) -> frozenset[str]:
        """The nodes that no other document may describe: all but events, in which documents meet."""
        return frozenset(
            str(node)
            for node in self.graph.nodes()
            if isinstance(node, URIRef) and self._role(node) not in (None, KG.Event)
        )

    def _documents(self) -> tuple[Node | None, list[Node]]:
        """The document whose graph this is, and others that the graph treats like it."""
        typed = [node for node in self.graph.nodes() if self._role(node) == KG.Document]
        held = {
            node: None for node in typed if any(self._is_metadata(name) for name in self.graph.about(node))
        }
        for name in (KG.reportedIn, KG.inDocument):
            held.update((value, None) for _, _, value in self.graph.match((None, name, None)))
        if not held and len(typed) == 1:
            held = dict.fromkeys(typed)
        own = self.document if self.document is not None else next(iter(sorted(held, key=str)), None)
        if own is not None and self._role(own) != KG.Document:
            own = None
        return own, sorted((node for node in held if node not in (own, self.document)), key=str)

    def _is_metadata(self, name: Node) -> bool:
        return KG.Document in self.context.domains.get(name, ()) and name != _MENTIONED

    def _role(self, node: Node) -> Node | None:
        if node not in self._role_by_node:
            above = {kind for own in self.graph.values(node, RDF.type) for kind in self._above(own)}
            self._role_by_node[node] = next((role for role in _ROLES if role in above), None)
        return self._role_by_node[node]

    def _above(self, kind: Node) -> frozenset[Node]:
        return self.context.above.get(kind, frozenset((kind,)))

    def _naming(self) -> Iterator[Triple]:
        """The triples by which statements and documents name somebody or something."""
        for triple in self.graph:
            role = self._role(triple[0])
            if role == KG.Statement or (role == KG.Document and triple[1] == DCTERMS.publisher):
                yield triple

    @property
    def _tellable(self) -> Set[Node]:
        """What a fact may tell of what the reference data describe: no name, no class, no dates."""
        return (self.context.domains.keys() | self.context.inverses.keys()) - _DERIVED

    def _restated(self, subject: Node) -> Iterator[Finding]:
        for name, values in self.graph.about(subject).items():
            for value in values:
                is_told = (subject, name, value) in self.told and name in self._tellable
                if not is_told:
                    yield Finding("Vocabulary-reference", subject, name, value)

    def _nameless(self, subject: Node) -> Iterator[Finding]:
        known = [name for name in self.graph.about(subject) if not self._is_misspelt(name)]
        kinds = self.graph.values(subject, RDF.type)
        if isinstance(subject, BNode) or not known or any(map(self._is_misspelt, kinds)):
            return  # that is told already
        for name in known:
            yield Finding("Vocabulary-subject", subject, name)

    def _is_misspelt(self, term: Node) -> bool:
        return isinstance(term, URIRef) and term.startswith(KG._NS) and term not in self.context.terms

    def _kinds(self, subject: Node) -> Iterator[Finding]:
        """Classes that exclude each other, and properties of classes that a node does not have."""
        stated = self.graph.values(subject, RDF.type)
        above = {kind for own in stated for kind in self._above(own)}
        above.update(self.context.index.values(subject, RDF.type))
        for group in self.context.disjoint:
            if len(both := sorted(group & above, key=str)) > 1:
                yield Finding("Vocabulary-disjoint", subject, RDF.type, both[1])
        for name in self.graph.about(subject):
            if any(domain not in above for domain in self.context.domains.get(name, ())):
                yield Finding("Vocabulary-domain", subject, name)

    def _told(self, subject: Node, role: Node, is_own: bool) -> Iterator[Finding]:
        for name, values in self.graph.about(subject).items():
            if name in _DERIVED:
                yield Finding("Vocabulary-derived", subject, name)
            if name in _DERIVED or self._is_misspelt(name) or self._belongs(name, role, is_own):
                continue
            for value in values:
                triple = (subject, name, value)
                is_known = name == RDF.type and self._follows(subject, value, role)
                if triple not in self.told and triple not in self.denied and not is_known:
                    yield Finding(_uncited(name, role), subject, name, value)

    def _belongs(self, name: Node, role: Node, is_own: bool) -> bool:
        """Whether a property is part of what a node is in this graph, so that no fact need tell it."""
        domains = self.context.domains.get(name, frozenset())
        if role == KG.Statement:
            return name in _OF_FACTS or any(KG.Statement in self._above(domain) for domain in domains)
        if role == KG.Evidence:
            return name in _OF_PASSAGES or KG.Evidence in domains
        if role == KG.Document and is_own:
            is_ours = self._is_metadata(name) or name == KG.vocabularyDigest
            return is_ours or (isinstance(name, URIRef) and name in DCTERMS)
        if role == KG.Document:
            return name == SKOS.prefLabel or (isinstance(name, URIRef) and name in DCTERMS)
        return role in _NAMED and name in (SKOS.prefLabel, KG.represents)

    def _follows(self, subject: Node, kind: Node, role: Node) -> bool:
        """Whether a class needs no fact: one that gives the role, or a foreign one above it."""
        if self._is_misspelt(kind) or (kind in self.context.classes and role != KG.Event):
            return True  # two roles exclude each other
        if role == KG.Event:
            return False
        return any(kind in self._above(own) for own in self.graph.values(subject, RDF.type) if own != kind)


def _uncited(name: Node, role: Node) -> str:
    if role == KG.Event:
        return "Event-cited"
    return "Document-cited" if name == _MENTIONED else "Vocabulary-uncited"


def _literals(graph: Index) -> Iterator[Finding]:
    for subject, name, value in graph:
        if isinstance(value, Literal) and not is_well_formed(value):
            yield Finding("Vocabulary-literal", subject, name, value)
