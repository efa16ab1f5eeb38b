"""Turns a document and its statements into triples."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from rdflib import RDF, SKOS, XSD, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from kg import identity
from kg.errors import CitationMismatchError, UnknownTermError
from kg.model import Claim, Document, Entity, Event, Fact, Literal, Name, Passage, Statement, Term
from kg.terms import KG, OA, document_graph


@dataclass(frozen=True, slots=True)
class Provenance:
    """Under what a graph was built, so that a stale one can be told.

    Attributes:
        extractor: Name and version of what read the statements.
        ontology_version: `owl:versionInfo` of the ontology.
        vocabulary_digest: SHA-256 of the ontology and reference data.
    """

    extractor: str
    ontology_version: str
    vocabulary_digest: str


def build(
    document: Document,
    statements: Iterable[Statement],
    provenance: Provenance,
    *,
    publisher: Entity | None = None,
    reading: Iterable[str] = (),
    reviews: str | None = None,
    read_by: str = "",
) -> Graph:
    """The graph of what one document says, with its metadata and provenance; no blank nodes.

    Args:
        document: The document that was read.
        statements: What it says.
        provenance: Under what it was read.
        publisher: Who published it, as an agent.
        reading: What there is to say of how it was read, a line each.
        reviews: Digest of the reviews that were taken into account.
        read_by: Which rules gave which statements.

    Raises:
        CitationMismatchError: a passage does not stand in the body where it says.
        UnknownTermError: a statement names a class, property or value that the ontology lacks.
    """
    builder = _Builder(document)
    builder.describe(provenance, publisher)
    builder.report(reading, read_by)
    if reviews:
        builder.reviewed(reviews)
    for statement in statements:
        builder.add(statement)
    return builder.graph


def describe(document: Document, statements: Iterable[Statement]) -> Graph:
    """The graph of statements of a document, without its metadata.

    Raises:
        CitationMismatchError: as for `build`.
        UnknownTermError: as for `build`.
    """
    builder = _Builder(document)
    for statement in statements:
        builder.add(statement)
    return builder.graph


# Fields of a document that are for messages only, and the reviews, which have a digest of their own.
_NOT_READ = ("source", "notes", "published_from", "reviews")


def input_digest(document: Document) -> str:
    """SHA-256 of all that was read of a document; the place it was read from left out."""
    fields = {
        name: value for name, value in asdict(replace(document, reviews=())).items() if name not in _NOT_READ
    }
    return sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def ontology_term(name: str) -> URIRef:
    """The IRI of a class, property or value by its local name; `type` is `rdf:type`.

    Raises:
        UnknownTermError: the ontology has no such name.
    """
    if name == "type":
        return RDF.type
    if name not in KG:
        raise UnknownTermError(name)
    return KG[name]


class _Builder:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.iri = URIRef(identity.document_iri(document.id))
        self.graph = Graph(identifier=document_graph(document.id), bind_namespaces="none")

    def describe(self, provenance: Provenance, publisher: Entity | None) -> None:
        document, body = self.document, self.document.body
        self._set(self.iri, RDF.type, ontology_term(document.kind))
        self._set(self.iri, KG.body, RdfLiteral(body))
        self._set(self.iri, KG.digest, RdfLiteral(sha256(body.encode()).hexdigest()))
        self._set(self.iri, KG.inputDigest, RdfLiteral(input_digest(document)))
        self._set(self.iri, KG.extractor, RdfLiteral(provenance.extractor))
        self._set(self.iri, KG.ontologyVersion, RdfLiteral(provenance.ontology_version))
        self._set(self.iri, KG.vocabularyDigest, RdfLiteral(provenance.vocabulary_digest))
        self._set(self.iri, DCTERMS.language, RdfLiteral(document.language))
        if document.title:
            self._set(self.iri, DCTERMS.title, RdfLiteral(document.title, lang=document.language))
        if document.published:
            self._set(self.iri, DCTERMS.issued, RdfLiteral(document.published, datatype=XSD.date))
        if document.url:
            self._set(self.iri, DCTERMS.source, URIRef(document.url))
        if publisher:
            self._set(self.iri, DCTERMS.publisher, self._entity(publisher))
            if document.publisher and document.publisher != publisher.label:
                self._set(self.iri, KG.publisherName, RdfLiteral(document.publisher))

    def report(self, reading: Iterable[str], read_by: str) -> None:
        for line in reading:
            self._set(self.iri, KG.readingNote, RdfLiteral(line))
        if read_by:
            self._set(self.iri, KG.readBy, RdfLiteral(read_by))

    def reviewed(self, digest: str) -> None:
        self._set(self.iri, KG.reviewDigest, RdfLiteral(digest))

    def add(self, statement: Statement) -> None:
        node = URIRef(identity.statement_iri(statement, self.document.id))
        self._attribute(node, statement)
        if isinstance(statement, Fact):
            self._fact(node, statement)
        elif isinstance(statement, Claim):
            self._claim(node, statement)

    def _attribute(self, node: URIRef, statement: Statement) -> None:
        self._set(node, KG.reportedIn, self.iri)
        self._set(node, KG.polarity, ontology_term(statement.polarity))
        if statement.certainty != "Certain":
            self._set(node, KG.certainty, ontology_term(statement.certainty))
        for passage in statement.evidence:
            self._set(node, KG.evidence, self._evidence(passage))
        for claimant in statement.claimants:
            self._set(node, KG.claimant, self._entity(claimant))
        if statement.relayed_by:
            self._set(node, KG.relayedBy, self._entity(statement.relayed_by))
        if statement.cue:
            self._set(node, KG.cue, RdfLiteral(statement.cue))
        if statement.in_event:
            self._set(node, KG.inEvent, self._event(statement.in_event))
        if statement.capacity:
            self._set(node, KG.inCapacity, self._entity(statement.capacity))

    def _fact(self, node: URIRef, fact: Fact) -> None:
        triple = self._term(fact.subject), ontology_term(fact.predicate), self._term(fact.object)
        self._set(node, RDF.type, KG.Fact)
        for part, value in zip((RDF.subject, RDF.predicate, RDF.object), triple, strict=True):
            self._set(node, part, value)
        if fact.date_basis:
            self._set(node, KG.dateBasis, ontology_term(fact.date_basis))
        if fact.polarity == "Affirmed":
            self._set(*triple)

    def _claim(self, node: URIRef, claim: Claim) -> None:
        self._set(node, RDF.type, ontology_term(claim.kind))
        self._set(node, KG.content, RdfLiteral(claim.content))
        for topic in claim.about:
            self._set(node, KG.about, self._entity(topic))
        for policy in claim.affirms:
            self._set(node, KG.affirms, self._entity(policy))
        if claim.addressee:
            self._set(node, KG.addressee, self._entity(claim.addressee))

    def _evidence(self, passage: Passage) -> URIRef:
        if self.document.body[passage.start : passage.end] != passage.exact:
            raise CitationMismatchError(self.document.id, passage.exact)
        node = URIRef(identity.evidence_iri(self.document.id, passage))
        self._set(node, RDF.type, KG.Evidence)
        self._set(node, KG.inDocument, self.iri)
        self._set(node, OA.start, RdfLiteral(str(passage.start), datatype=XSD.nonNegativeInteger))
        self._set(node, OA.end, RdfLiteral(str(passage.end), datatype=XSD.nonNegativeInteger))
        self._set(node, OA.exact, RdfLiteral(passage.exact))
        return node

    def _term(self, term: Term) -> Node:
        match term:
            case Entity():
                return self._entity(term)
            case Event():
                return self._event(term)
            case Literal():
                return RdfLiteral(term.lexical, datatype=XSD[term.datatype], normalize=False)
            case Name():
                return ontology_term(term.name)

    def _event(self, event: Event) -> URIRef:
        return URIRef(identity.event_iri(event, self.document.id))

    def _entity(self, entity: Entity) -> URIRef:
        node = URIRef(identity.entity_iri(entity, self.document.id))
        if entity.iri is None:
            self._set(node, RDF.type, ontology_term(entity.kind))
            self._set(node, SKOS.prefLabel, RdfLiteral(entity.label, lang=self.document.language))
            if entity.represents:
                self._set(node, KG.represents, URIRef(entity.represents))
            if entity.publisher:
                self._set(node, DCTERMS.publisher, URIRef(entity.publisher))
        return node

    def _set(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))
