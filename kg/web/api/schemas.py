"""What the bodies of answers hold: plain values for programs, and JSON-LD for who reads them as such.

Keys that are terms of the ontology mean what its context says; all others (`name`, `href`, …) are for
convenience, and a JSON-LD processor passes over them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

__all__ = [
    "Account",
    "ClaimKind",
    "Condition",
    "Context",
    "Date",
    "DocumentLink",
    "Event",
    "Href",
    "Id",
    "Iri",
    "KindOfStatement",
    "Names",
    "Passage",
    "Side",
    "Statement",
    "Status",
    "Thing",
    "Type",
]

_ACCOUNTS = ["UnitedStatesAccount", "ChinaAccount", "ThirdPartyAccount"]
_CLAIMS = ["Assertion", "Assessment", "Commitment", "Demand", "Prediction", "Warning"]
_STATUSES = ["Occurred", "Planned", "Proposed", "Cancelled"]
# What comes from the store is described, not checked again.
Account: TypeAlias = Annotated[str, Field(json_schema_extra={"enum": [*_ACCOUNTS]})]
KindOfStatement: TypeAlias = Annotated[str, Field(json_schema_extra={"enum": ["Fact", "Claim", *_CLAIMS]})]
Condition: TypeAlias = Annotated[str, Field(json_schema_extra={"enum": [*_STATUSES]})]
# What clients send is checked.
ClaimKind: TypeAlias = Literal["Assertion", "Assessment", "Commitment", "Demand", "Prediction", "Warning"]
Side: TypeAlias = Literal["us", "china", "third"]
Status: TypeAlias = Literal["Occurred", "Planned", "Proposed", "Cancelled"]

Iri: TypeAlias = Annotated[
    str, Field(description="An IRI.", examples=["https://w3id.org/uschina-kg/id/person/xi-jinping"])
]
Id: TypeAlias = Annotated[Iri, Field(serialization_alias="@id", description="The identifier.")]
Type: TypeAlias = Annotated[
    str, Field(serialization_alias="@type", description="Local name of its class.", examples=["Call"])
]
Context: TypeAlias = Annotated[
    Sequence[str | Mapping[str, str | Mapping[str, str]]] | Mapping[str, Mapping[str, str]] | None,
    Field(serialization_alias="@context", description="What the keys mean, for JSON-LD."),
]
Names: TypeAlias = Annotated[
    dict[str, str], Field(description="By language.", examples=[{"en": "Xi Jinping", "zh": "习近平"}])
]
Date: TypeAlias = Annotated[
    str,
    Field(
        description="A day, a month or a year: as precise as the documents are.",
        examples=["2025-06-05", "2025-06"],
    ),
]
Href: TypeAlias = Annotated[str, Field(description="Where this interface tells more of it.")]


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing in few words."""

    id: Id
    name: Annotated[str, Field(description="What to call it in English.")]
    href: Href
    prefLabel: Names | None = None  # noqa: N815  # a term of the ontology


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document in few words."""

    id: Id
    name: Annotated[str, Field(description="Its title.")]
    href: Href
    issued: Annotated[str | None, Field(description="Day of publication.")] = None
    publisher: Thing | None = None
    source: Annotated[str | None, Field(description="Where it was published.")] = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event in few words."""

    id: Id
    type: Type
    name: Annotated[str, Field(description="What happened between whom.")]
    href: Href
    status: Condition
    participant: Annotated[tuple[Thing, ...], Field(description="Who takes part.")]
    discussedTopic: Annotated[  # noqa: N815  # a term of the ontology
        tuple[Thing, ...], Field(description="Topics that some account says were raised.")
    ]
    excludedTopic: Annotated[  # noqa: N815  # a term of the ontology
        tuple[Thing, ...], Field(description="Topics that some account says were not raised.")
    ]
    accounts: Annotated[tuple[Account, ...], Field(description="Whose tellings there are.")]
    date: Date | None = None
    endDate: Annotated[Date | None, Field(description="Last day, if it lasts longer.")] = None  # noqa: N815
    dateBasis: Annotated[  # noqa: N815  # a term of the ontology
        Literal["DayOfPublication", "Title"] | None,
        Field(description="Where the day comes from if no text states it."),
    ] = None
    rejected: Annotated[
        Mapping[str, tuple[str, ...]] | None,
        Field(
            description="With `reviews=all`: by property, the values that only rejected statements give; "
            "under `type` its class if the whole event rests on them.",
            examples=[{"excludedTopic": ["https://w3id.org/uschina-kg/id/topic/iran"]}],
        ),
    ] = None
    context: Context = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The words that a statement rests on: `body[start:end] == exact`, counted in code points."""

    id: Id
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    exact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a document says: a fact (subject, predicate and object or value), or a claim (content)."""

    id: Id
    type: Annotated[
        KindOfStatement, Field(serialization_alias="@type", description="`Fact`, or the kind of claim.")
    ]
    polarity: Annotated[
        Literal["Affirmed", "Negated"], Field(description="`Negated` if it is put in the negative.")
    ]
    account: Annotated[tuple[Account, ...], Field(description="Whose telling it is; joint claims have two.")]
    claimant: Annotated[
        tuple[Thing, ...], Field(description="Who says it; nobody for the document's own voice.")
    ]
    reportedIn: DocumentLink  # noqa: N815  # a term of the ontology
    evidence: tuple[Passage, ...]
    subject: Thing | None = None
    predicate: Annotated[
        str | None,
        Field(description="Name of the property of a fact in the ontology.", examples=["excludedTopic"]),
    ] = None
    object: Annotated[Thing | None, Field(description="What a fact ties its subject to.")] = None
    value: Annotated[
        str | None, Field(description="A fact's value that is no thing: a date, a duration.")
    ] = None
    content: Annotated[str | None, Field(description="What a claim says.")] = None
    about: Annotated[tuple[Thing, ...] | None, Field(description="Topics of a claim.")] = None
    affirms: Annotated[tuple[Thing, ...] | None, Field(description="Policies that a claim upholds.")] = None
    addressee: Annotated[Thing | None, Field(description="To whom a claim is put.")] = None
    relayedBy: Annotated[  # noqa: N815  # a term of the ontology
        Thing | None, Field(description="The outlet between claimant and document.")
    ] = None
    inCapacity: Annotated[  # noqa: N815  # a term of the ontology
        Thing | None, Field(description="The office by which the text names the claimant.")
    ] = None
    inEvent: Annotated[  # noqa: N815  # a term of the ontology
        Thing | None, Field(description="The exchange in which it was said.")
    ] = None
    cue: Annotated[str | None, Field(description="The reporting words.", examples=["emphasized"])] = None
    conflictsWith: Annotated[  # noqa: N815  # a term of the ontology
        tuple[Iri, ...] | None, Field(description="Statements that cannot hold together with it.")
    ] = None
    reviewStatus: Annotated[  # noqa: N815  # a term of the ontology
        Literal["Accepted", "Rejected", "Corrected", "Added", "Disputed"] | None,
        Field(description="What reviewers find of it; missing if nobody reviewed it."),
    ] = None
