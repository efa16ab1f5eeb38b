"""What a document says, as typed values: the hand-over between every extractor and the graph.

Nothing here knows RDF. Classes, properties and values of the ontology are named by their local names
(`"Call"`, `"excludedTopic"`, `"Occurred"`), which the graph checks against the ontology.
"""

from dataclasses import dataclass, field
from typing import Literal as Choice
from typing import TypeAlias

Polarity: TypeAlias = Choice["Affirmed", "Negated"]
Certainty: TypeAlias = Choice["Certain", "Hedged"]
DateBasis: TypeAlias = Choice["Stated", "DayOfPublication", "Title"]
Verdict: TypeAlias = Choice["Accepted", "Rejected", "Corrected", "Added"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters of a document's body that support a statement; becomes a `kg:Evidence`.

    Offsets count Unicode code points from 0; `end` is exclusive; `body[start:end] == exact`.
    """

    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class Document:
    """One input: its metadata and the body in which offsets count.

    Attributes:
        id: ASCII slug that names the document's graphs and IRI.
        body: The text, exactly as read.
        kind: Local name of a subclass of `kg:Document`.
        title: Heading, if the source gives one.
        title_passage: Where the title stands in the body; `None` if it comes from metadata alone.
        publisher: Name of who published it, as the source writes it.
        published: Day of publication, `YYYY-MM-DD`.
        language: BCP 47 tag.
        url: Where it was published.
        source: File that it was read from, for messages only; never stored.
        published_from: Where the day was found, for messages only; never stored.
        notes: What of its source could not be used and why, for messages only; never stored.
        reviews: What people found right and wrong in how it was read.
    """

    id: str
    body: str
    kind: str = "Article"
    title: str | None = None
    title_passage: Passage | None = None
    publisher: str | None = None
    published: str | None = None
    language: str = "en"
    url: str | None = None
    source: str = ""
    published_from: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    reviews: "tuple[Review, ...]" = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """An agent, topic, place, office or other document that statements refer to.

    Attributes:
        kind: Local name of its class (`Person`, `Group`, `Topic`, `Readout`, …).
        label: Preferred English name; for one that only this document knows, the words of the text.
        iri: Identifier in the reference data; `None` means that only this document knows it, and
            `identity` mints an IRI that no other document shares.
        represents: IRI of the country that an entity of this document speaks for, if the text says so
            ("Chinese trade representatives"); known entities have it in the reference data.
        publisher: IRI of who published it, for a document that the text mentions ("China's statement").
    """

    kind: str
    label: str
    iri: str | None = None
    represents: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, is planned or was proposed: the key of a node, not its description.

    Everything said of it (class, participants, status, topics …) is a `Fact` with this value as subject.
    Two documents that give the same kind, date and principals meet in one node.

    Attributes:
        kind: Local name of a subclass of `kg:Event`.
        anchor: First passage that tells of it; names the event where date or principals are unknown.
        date: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; `None` if unknown.
        principals: The parties that name it. For an invitation inviter then invitee, for an action who
            imposes it then whom it hits; in any other event their order means nothing.
        directed: Whether the order of the principals is part of what the event is.
        effect: Of a measure, local name of its `kg:effect`: lifting it is another event than imposing it.
        objects: Of a measure, slugs of the goods or matters that it is on, sorted: duties on steel are others
            than those on cars.
    """

    kind: str
    anchor: Passage
    date: str | None = None
    principals: tuple[Entity, ...] = ()
    directed: bool = False
    effect: str | None = None
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is no thing: a date, a duration, a flag, a text.

    Attributes:
        lexical: Lexical form (`2025-06-05`, `PT90M`, `true`).
        datatype: Local name in XML Schema (`date`, `gYearMonth`, `gYear`, `duration`, `boolean`, `string`).
    """

    lexical: str
    datatype: str = "string"


@dataclass(frozen=True, slots=True)
class Name:
    """A class or value of the ontology by its local name: `Call`, `Occurred`, `Telephone`."""

    name: str


Term: TypeAlias = Entity | Event | Literal | Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a document says, with who says it and where it stands.

    Attributes:
        evidence: One passage or more, in order of the text.
        claimants: Who says it; empty means the document's own voice, several mean a joint statement.
        relayed_by: The outlet between claimant and document ("Xinhua reported that Xi said").
        cue: The reporting word of the text ("emphasized").
        polarity: `Negated` when the claimant denies it.
        certainty: `Hedged` when it is put with a reservation ("may", "reportedly").
        in_event: The exchange in which it was said.
        capacity: The office that the text names the claimant by.
        rules: Names of the rules that gave it, for evaluation and reviewers; no part of what is said.
    """

    evidence: tuple[Passage, ...]
    claimants: tuple[Entity, ...] = ()
    relayed_by: Entity | None = None
    cue: str | None = None
    polarity: Polarity = "Affirmed"
    certainty: Certainty = "Certain"
    in_event: Event | None = None
    capacity: Entity | None = None
    rules: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Statement):
    """A cited triple; one that is negated is told as a statement only.

    Attributes:
        subject: What it is about.
        predicate: A local name of the ontology, or `type` for `rdf:type`.
        object: Its value.
        date_basis: Where the day comes from, if it gives one.
    """

    subject: Event | Entity
    predicate: str
    object: Term
    date_basis: DateBasis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Statement):
    """A proposition that somebody puts forward.

    Attributes:
        kind: Local name of a subclass of `kg:Claim` (`Assertion`, `Demand`, …).
        content: The proposition in the words of the text.
        about: Topics, the most specific that fit.
        addressee: Whom a demand or warning is put to.
        affirms: Policies that it affirms.
    """

    kind: str
    content: str
    about: tuple[Entity, ...] = ()
    addressee: Entity | None = None
    affirms: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person finds of a statement: right, wrong, to be put otherwise, or missing.

    It names the statement by what it says and where it stands, so that it holds however the document is read.

    Attributes:
        document: Identifier of the document that makes the statement.
        verdict: `Accepted`, `Rejected`, `Corrected` or `Added`.
        reviewer: Name of the person.
        time: When, `YYYY-MM-DDThh:mm:ssZ`.
        statement: The statement as it was read; of an addition, the one that was missed.
        instead: Of a correction, the statement that holds instead.
        context: Other facts of the events that these name, as they were read.
        note: What else the person says.
        withdrawn: When it was taken back; empty while it stands.
        withdrawn_by: Who did.
    """

    document: str
    verdict: Verdict
    reviewer: str
    time: str
    statement: Statement
    instead: Statement | None = None
    context: tuple[Fact, ...] = ()
    note: str = ""
    withdrawn: str = ""
    withdrawn_by: str = ""


EventVerdict: TypeAlias = Choice["same", "different", "apart"]


@dataclass(frozen=True, slots=True)
class EventReview:
    """What a person finds of two events: that they are one, or two; or that a document does not tell of one.

    Attributes:
        verdict: `same`, `different`, or `apart`: the document does not tell of the event.
        one: IRI of an event; with `apart`, the identifier of the document.
        other: IRI of an event.
        reviewer: Name of the person.
        time: When, `YYYY-MM-DDThh:mm:ssZ`.
        note: What else the person says.
        withdrawn: When it was taken back; empty while it stands.
        withdrawn_by: Who did.
    """

    verdict: EventVerdict
    one: str
    other: str
    reviewer: str
    time: str
    note: str = ""
    withdrawn: str = ""
    withdrawn_by: str = ""
