"""Closed namespaces: a misspelt term is an error at import time."""

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace

from kg.settings import settings

BASE = settings().base_iri
ID = Namespace(f"{BASE}id/")
GRAPH = Namespace(f"{BASE}graph/")
KGSH = Namespace(f"{BASE}shapes#")
OA = Namespace("http://www.w3.org/ns/oa#")
ONTOLOGY = URIRef(f"{BASE}ontology")
ONTOLOGY_GRAPH = GRAPH["ontology"]
DECISIONS_GRAPH = GRAPH["decisions"]
ON_RECORD = (f"{GRAPH}review/", f"{GRAPH}rejected/")


def is_in_union(graph: str) -> bool:
    """Whether a named graph is part of the union; reviews, and what they reject, are only on record."""
    return not graph.startswith(ON_RECORD)


def document_graph(document_id: str) -> URIRef:
    """The named graph of what one document says."""
    return GRAPH[f"document/{document_id}"]


def inferred_graph(document_id: str) -> URIRef:
    """The named graph of what follows from one document."""
    return GRAPH[f"inferred/{document_id}"]


def rejected_graph(document_id: str) -> URIRef:
    """The named graph of what was read in one document and reviews reject; no part of the union."""
    return GRAPH[f"rejected/{document_id}"]


def review_graph(review_id: str) -> URIRef:
    """The named graph of one review; no part of the union."""
    return GRAPH[f"review/{review_id}"]


class KG(DefinedNamespace):
    """The vocabulary of `ontology/kg.ttl`; a test compares the two."""

    _NS = Namespace(f"{BASE}ontology#")
    _fail = True

    # Classes
    Account: URIRef
    Agent: URIRef
    Agreement: URIRef
    Article: URIRef
    Assertion: URIRef
    Assessment: URIRef
    Call: URIRef
    Certainty: URIRef
    Claim: URIRef
    Commitment: URIRef
    Company: URIRef
    Country: URIRef
    DateBasis: URIRef
    DayPart: URIRef
    Demand: URIRef
    Document: URIRef
    Effect: URIRef
    Event: URIRef
    EventStatus: URIRef
    Evidence: URIRef
    Exchange: URIRef
    ExportControl: URIRef
    Fact: URIRef
    Government: URIRef
    Group: URIRef
    Incident: URIRef
    Invitation: URIRef
    JointStatement: URIRef
    Leader: URIRef
    MediaOutlet: URIRef
    Medium: URIRef
    Meeting: URIRef
    Office: URIRef
    Official: URIRef
    OpenStatus: URIRef
    Organization: URIRef
    Person: URIRef
    Place: URIRef
    Polarity: URIRef
    Policy: URIRef
    PolicyAction: URIRef
    Post: URIRef
    Prediction: URIRef
    Readout: URIRef
    Review: URIRef
    Sanction: URIRef
    Statement: URIRef
    TariffAction: URIRef
    Tenure: URIRef
    ThinkTank: URIRef
    Topic: URIRef
    TradeTalk: URIRef
    Transcript: URIRef
    Verdict: URIRef
    Visit: URIRef
    Warning: URIRef

    # Properties
    about: URIRef
    account: URIRef
    addressee: URIRef
    affirms: URIRef
    approximate: URIRef
    body: URIRef
    certainty: URIRef
    changes: URIRef
    claimant: URIRef
    conflictsWith: URIRef
    content: URIRef
    cue: URIRef
    date: URIRef
    dateBasis: URIRef
    dateStatus: URIRef
    dayPart: URIRef
    digest: URIRef
    discussedTopic: URIRef
    duration: URIRef
    effect: URIRef
    endDate: URIRef
    evidence: URIRef
    eventToldAs: URIRef
    excludedTopic: URIRef
    extractor: URIRef
    fingerprint: URIRef
    firstSince: URIRef
    follows: URIRef
    heldOffice: URIRef
    holder: URIRef
    host: URIRef
    imposedBy: URIRef
    inArea: URIRef
    inCountry: URIRef
    inCapacity: URIRef
    inDocument: URIRef
    inEvent: URIRef
    initiator: URIRef
    inputDigest: URIRef
    instead: URIRef
    invitedTo: URIRef
    invitee: URIRef
    inviter: URIRef
    keepsApart: URIRef
    mainTopic: URIRef
    medium: URIRef
    objectToldAs: URIRef
    office: URIRef
    officeOf: URIRef
    ontologyVersion: URIRef
    openReason: URIRef
    participant: URIRef
    participatedIn: URIRef
    passedOverTopic: URIRef
    place: URIRef
    placeStatus: URIRef
    polarity: URIRef
    possiblySameAs: URIRef
    precedes: URIRef
    publisherName: URIRef
    readBy: URIRef
    readingNote: URIRef
    reason: URIRef
    record: URIRef
    relayedBy: URIRef
    reportedIn: URIRef
    represents: URIRef
    resolvedTo: URIRef
    review: URIRef
    reviewDigest: URIRef
    reviewNote: URIRef
    reviewStatus: URIRef
    reviewedAt: URIRef
    reviewedDocument: URIRef
    reviewedEvent: URIRef
    reviewer: URIRef
    reviews: URIRef
    side: URIRef
    startDate: URIRef
    status: URIRef
    subjectToldAs: URIRef
    target: URIRef
    tenure: URIRef
    verdict: URIRef
    vocabularyDigest: URIRef
    withdrawnAt: URIRef
    withdrawnBy: URIRef

    # Values
    Accepted: URIRef
    Added: URIRef
    Affirmed: URIRef
    Afternoon: URIRef
    Cancelled: URIRef
    Certain: URIRef
    ChinaAccount: URIRef
    Corrected: URIRef
    DayOfPublication: URIRef
    Disputed: URIRef
    Easing: URIRef
    Evening: URIRef
    Extending: URIRef
    Hedged: URIRef
    InPerson: URIRef
    Morning: URIRef
    Negated: URIRef
    Night: URIRef
    NotResolved: URIRef
    NotStated: URIRef
    Occurred: URIRef
    Planned: URIRef
    Proposed: URIRef
    Rejected: URIRef
    Restricting: URIRef
    Stated: URIRef
    Telephone: URIRef
    ThirdPartyAccount: URIRef
    Title: URIRef
    ToBeDetermined: URIRef
    UnitedStatesAccount: URIRef
    Video: URIRef
