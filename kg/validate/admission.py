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

_TYPE = RDF.type  # looking a name up in its namespace costs more than using it
_EVENT, _DOCUMENT, _STATEMENT, _EVIDENCE = KG.Event, KG.Document, KG.Statement, KG.Evidence
_PUBLISHER = DCTERMS.publisher
# In this order, so that an event that is also called something else is cited all the same.
_ROLES = (_EVENT, _DOCUMENT, _STATEMENT, _EVIDENCE, KG.Agent, KG.Topic, KG.Place, KG.Office)
_NAMED = frozenset({KG.Agent, KG.Topic, KG.Place, KG.Office})  # who and what a document may name for itself
_DERIVED = frozenset({
    KG.account, KG.conflictsWith, KG.possiblySameAs, KG.keepsApart, KG.review, KG.reviewStatus, KG.openReason
})  # fmt: skip
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
    _above_by_kinds: dict[tuple[Node, ...], frozenset[Node]] = field(default_factory=dict)
    _role_by_node: dict[Node, Node | None] = field(default_factory=dict)
    _belonging: dict[tuple[Node, Node, bool], bool] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """All that must not be in the graph."""
        own, others = self._documents()
        known = {*others, own}
        if own is None and (missing := self.document or min(self.graph.nodes(), key=str, default=None)):
            yield Finding("Document-one", missing, _TYPE)
        yield from (Finding("Document-one", node, _TYPE) for node in others)
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
                needs_no_name = role in (_EVENT, _STATEMENT) or subject in known
                if not needs_no_name and subject not in named and not isinstance(subject, BNode):
                    yield Finding("Vocabulary-unused", subject)
        yield from _literals(self.graph)

    def belongings(self) -> frozenset[str]:
        """The nodes that no other document may describe: all but events, in which documents meet."""
        return frozenset(
            str(node)
            for node in self.graph.nodes()
            if isinstance(node, URIRef) and self._role(node) not in (None, _EVENT)
        )

    def _documents(self) -> tuple[Node | None, list[Node]]:
        """The document whose graph this is, and others that the graph treats like it."""
        typed = [node for node in self.graph.nodes() if self._role(node) == _DOCUMENT]
        held = {
            node: None for node in typed if any(self._is_metadata(name) for name in self.graph.about(node))
        }
        for name in (KG.reportedIn, KG.inDocument):
            held.update((value, None) for _, _, value in self.graph.match((None, name, None)))
        if not held and len(typed) == 1:
            held = dict.fromkeys(typed)
        own = self.document if self.document is not None else next(iter(sorted(held, key=str)), None)
        if own is not None and self._role(own) != _DOCUMENT:
            own = None
        return own, sorted((node for node in held if node not in (own, self.document)), key=str)

    def _is_metadata(self, name: Node) -> bool:
        return _DOCUMENT in self.context.domains.get(name, ()) and name != _MENTIONED

    def _role(self, node: Node) -> Node | None:
        if node not in self._role_by_node:
            above = self._classes(node)
            self._role_by_node[node] = next((role for role in _ROLES if role in above), None)
        return self._role_by_node[node]

    def _classes(self, node: Node) -> frozenset[Node]:
        """The classes that the graph gives a node, and those above them."""
        kinds = tuple(self.graph.values(node, _TYPE))
        if kinds not in self._above_by_kinds:
            self._above_by_kinds[kinds] = frozenset(above for kind in kinds for above in self._above(kind))
        return self._above_by_kinds[kinds]

    def _above(self, kind: Node) -> frozenset[Node]:
        return self.context.above.get(kind, frozenset((kind,)))

    def _naming(self) -> Iterator[Triple]:
        """The triples by which statements and documents name somebody or something."""
        for triple in self.graph:
            role = self._role(triple[0])
            if role == _STATEMENT or (role == _DOCUMENT and triple[1] == _PUBLISHER):
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
        kinds = self.graph.values(subject, _TYPE)
        if isinstance(subject, BNode) or not known or any(map(self._is_misspelt, kinds)):
            return  # that is told already
        for name in known:
            yield Finding("Vocabulary-subject", subject, name)

    def _is_misspelt(self, term: Node) -> bool:
        return isinstance(term, URIRef) and term.startswith(KG._NS) and term not in self.context.terms

    def _kinds(self, subject: Node) -> Iterator[Finding]:
        """Classes that exclude each other, and properties of classes that a node does not have."""
        above = self._classes(subject).union(self.context.index.values(subject, _TYPE))
        for group in self.context.disjoint:
            if len(both := group & above) > 1:
                yield Finding("Vocabulary-disjoint", subject, _TYPE, max(both, key=str))
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
                is_known = name == _TYPE and self._follows(subject, value, role)
                if triple not in self.told and triple not in self.denied and not is_known:
                    yield Finding(_uncited(name, role), subject, name, value)

    def _belongs(self, name: Node, role: Node, is_own: bool) -> bool:
        """Whether a property is part of what a node is in this graph, so that no fact need tell it."""
        key = name, role, is_own
        if key not in self._belonging:
            self._belonging[key] = self._is_part(name, role, is_own)
        return self._belonging[key]

    def _is_part(self, name: Node, role: Node, is_own: bool) -> bool:
        domains = self.context.domains.get(name, frozenset())
        if role == _STATEMENT:
            return name in _OF_FACTS or any(_STATEMENT in self._above(domain) for domain in domains)
        if role == _EVIDENCE:
            return name in _OF_PASSAGES or _EVIDENCE in domains
        if role == _DOCUMENT and is_own:
            is_ours = self._is_metadata(name) or name == KG.vocabularyDigest
            return is_ours or (isinstance(name, URIRef) and name in DCTERMS)
        if role == _DOCUMENT:
            return name == SKOS.prefLabel or (isinstance(name, URIRef) and name in DCTERMS)
        return role in _NAMED and name in (SKOS.prefLabel, KG.represents)

    def _follows(self, subject: Node, kind: Node, role: Node) -> bool:
        """Whether a class needs no fact: one that gives the role, or a foreign one above it."""
        if self._is_misspelt(kind) or (kind in self.context.classes and role != _EVENT):
            return True  # two roles exclude each other
        if role == _EVENT:
            return False
        return any(kind in self._above(own) for own in self.graph.values(subject, _TYPE) if own != kind)


def _uncited(name: Node, role: Node) -> str:
    if role == _EVENT:
        return "Event-cited"
    return "Document-cited" if name == _MENTIONED else "Vocabulary-uncited"


def _literals(graph: Index) -> Iterator[Finding]:
    for subject, name, value in graph:
        if isinstance(value, Literal) and not is_well_formed(value):
            yield Finding("Vocabulary-literal", subject, name, value)
