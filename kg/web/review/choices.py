"""What a reviewer can choose from in each field of a statement."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.identity import event_iri
from kg.model import Claim, Event, Fact, Statement
from kg.review.apply import PARTIES
from kg.review.change import EVENTS, TOPICS
from kg.review.places import events_of
from kg.terms import BASE, KG
from kg.views.statements import CLAIM_KINDS
from kg.web.review.service import Subject, lexicon

__all__ = ["NAMED_VALUES", "Choice", "event_paths", "kinds_below", "known_paths", "options"]

_OPEN = ("NotResolved", "NotStated", "ToBeDetermined")
NAMED_VALUES: Mapping[str, tuple[str, ...]] = {
    "status": ("Cancelled", "Occurred", "Planned", "Proposed"),
    "medium": ("InPerson", "Telephone", "Video"),
    "dayPart": ("Afternoon", "Evening", "Morning", "Night"),
    "effect": ("Easing", "Extending", "Restricting"),
    "dateStatus": _OPEN,
    "placeStatus": _OPEN,
    "approximate": ("false", "true"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the form: its value as it was read, and what it may be instead."""

    name: str
    value: str
    options: tuple[str, ...]

    @property
    def is_closed(self) -> bool:
        """Whether nothing else can be chosen."""
        return self.name in ("polarity", "certainty", "class", "property", "event")


def options(name: str, statement: Statement, it: Subject) -> tuple[str, ...]:
    """What a field may hold; nothing where anything may be written."""
    if name == "polarity":
        return ("Affirmed", "Negated")
    if name == "certainty":
        return ("Certain", "Hedged")
    if name == "class":
        return CLAIM_KINDS
    if name == "event":
        none = ("",) if isinstance(statement, Claim) else ()
        return (*none, *event_paths(it))
    if name == "property":
        assert isinstance(statement, Fact)
        groups = (tuple(sorted(PARTIES)), ("discussedTopic", "excludedTopic", "mainTopic"))
        return next((group for group in groups if statement.predicate in group), (statement.predicate,))
    kind = {"speaker": "Agent", "addressee": "Agent", "topics": "Topic", "affirms": "Policy"}.get(name)
    if isinstance(statement, Fact) and name == "value":
        return _values(statement.predicate, it)
    return known_paths(kind) if kind else ()


def _values(predicate: str, it: Subject) -> tuple[str, ...]:
    """What a property may have as its value."""
    if predicate == "type":
        return kinds_below("Event")
    if predicate in EVENTS:
        return event_paths(it)
    if predicate in PARTIES:
        return known_paths("Agent")
    if predicate in TOPICS:
        return known_paths("Topic")
    return known_paths("Place") if predicate == "place" else NAMED_VALUES.get(predicate, ())


def known_paths(kind: str) -> tuple[str, ...]:
    """The paths of what the reference data know of a class."""
    entries = lexicon().entries.values()
    return tuple(sorted(it.iri.removeprefix(f"{BASE}id/") for it in entries if lexicon().is_a(it.kind, kind)))


def event_paths(it: Subject) -> tuple[str, ...]:
    """The paths of the events that a document tells of."""
    events = {event for st in it.applied.sources.values() for event in events_of(st)}
    return tuple(sorted({_path(event, it.document.id) for event in events}))


def _path(event: Event, document_id: str) -> str:
    return event_iri(event, document_id).removeprefix(f"{BASE}id/")


def kinds_below(above: str) -> tuple[str, ...]:
    """The classes below a class."""
    names = (name for name in KG.__annotations__ if name[:1].isupper())
    return tuple(sorted(name for name in names if name != above and lexicon().is_a(name, above)))
