"""Makes the statement that a reviewer means from the fields that he or she chose."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kg.errors import InputError
from kg.identity import event_iri, slug
from kg.lexicon import Entry, Lexicon
from kg.model import Claim, Document, Entity, Event, Fact, Literal, Name, Passage, Statement, Term
from kg.review.apply import PARTIES
from kg.review.places import events_of
from kg.terms import BASE

__all__ = [
    "CLAIM_FIELDS",
    "EVENTS",
    "FACT_FIELDS",
    "TOPICS",
    "Names",
    "added",
    "added_event",
    "corrected",
    "fields",
    "passage",
]

TOPICS = frozenset({"discussedTopic", "mainTopic", "excludedTopic", "passedOverTopic"})
FACT_FIELDS = ("event", "property", "value", "speaker", "polarity", "certainty")
CLAIM_FIELDS = ("class", "speaker", "topics", "affirms", "addressee", "event", "polarity", "certainty")
_DATES = {10: "date", 7: "gYearMonth", 4: "gYear"}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_LITERALS = {"duration": "duration", "approximate": "boolean"}
EVENTS = frozenset({"follows", "precedes", "invitedTo", "changes", "firstSince"})
_OWN = {"person": "Person", "group": "Group", "organization": "Organization", "country": "Country"}
_KINDS = {"claimants": "Agent", "addressee": "Agent", "about": "Topic", "affirms": "Policy"}


@dataclass(frozen=True)
class Names:
    """What the words of a reviewer may mean in one document.

    Attributes:
        document: The document.
        lexicon: The names of the reference data.
        statements: What the document says.
        events: By other IRIs by which events of the document are called, the events.
    """

    document: Document
    lexicon: Lexicon
    statements: Sequence[Statement]
    events: Mapping[str, Event] = field(default_factory=dict)

    def entity(self, text: str, kind: str) -> Entity:
        """An agent, topic, policy or place by name, path or IRI; `group:analysts` is this document's own.

        Raises:
            InputError: nobody and nothing is called so, or several are.
        """
        wanted = text.strip()
        known = {it for it in self._named() if self._is_called(it, wanted, kind)}
        if len(known) == 1:
            return known.pop()
        entries = self._entries(wanted, kind)
        if len(entries) == 1:
            return Entity(entries[0].kind, entries[0].label, entries[0].iri)
        start, colon, label = wanted.partition(":")
        if colon and start in _OWN and kind == "Agent" and label.strip():
            return Entity(_OWN[start], label.strip())
        if not entries:
            raise InputError(
                f"no {kind.lower()} is called {text!r}; give a name of the reference data or a path"
            )
        paths = ", ".join(sorted(it.iri.removeprefix(f"{BASE}id/") for it in entries))
        raise InputError(f"{text!r} may mean several: {paths}")

    def event(self, text: str) -> Event:
        """An event of this document by its path or IRI.

        Raises:
            InputError: the document tells of no such event.
        """
        own = {event_iri(it, self.document.id): it for st in self.statements for it in events_of(st)}
        events = {**self.events, **own}
        iri = text if "://" in text else f"{BASE}id/{text}"
        if iri not in events:
            paths = ", ".join(sorted(it.removeprefix(f"{BASE}id/") for it in own))
            raise InputError(f"the document tells of no event {text!r}; it tells of {paths or 'none'}")
        return events[iri]

    def value(self, predicate: str, text: str) -> Term:
        """The value of a property.

        Raises:
            InputError: the text is none.
        """
        if predicate in TOPICS:
            return self.entity(text, "Topic")
        if predicate in PARTIES:
            return self.entity(text, "Agent")
        if predicate == "place":
            return self.entity(text, "Place")
        if predicate in ("date", "endDate") or (predicate == "firstSince" and _DATE.fullmatch(text)):
            return _date(text)
        if predicate in EVENTS:
            return self.event(text)
        if predicate in _LITERALS:
            return Literal(text.strip(), _LITERALS[predicate])
        return Name(text.strip().removeprefix("kg:"))

    def _named(self) -> Iterator[Entity]:
        for statement in self.statements:
            yield from statement.claimants
            yield from (it for it in (statement.relayed_by, *_terms(statement)) if isinstance(it, Entity))

    def _is_called(self, entity: Entity, text: str, kind: str) -> bool:
        own = entity.iri is None and f"{entity.kind.lower()}:{entity.label}".casefold() == text.casefold()
        is_named = own or (entity.iri is None and slug(entity.label) == slug(text))
        return is_named and self.lexicon.is_a(entity.kind, kind)

    def _entries(self, text: str, kind: str) -> list[Entry]:
        iri = text if "://" in text else f"{BASE}id/{text}"
        entry = self.lexicon.entries.get(iri)
        found = [entry] if entry else self.lexicon.lookup(text)
        if not found:
            tail = f"/{slug(text)}"
            found = [it for it in self.lexicon.entries.values() if it.iri.endswith(tail)]
        return [it for it in found if self.lexicon.is_a(it.kind, kind)]


def fields(statement: Statement, document_id: str) -> dict[str, tuple[str, ...]]:
    """What a reviewer can put right in a statement, each as the words that would give it again."""
    found = {
        "speaker": tuple(map(_words, statement.claimants)),
        "polarity": (statement.polarity,),
        "certainty": (statement.certainty,),
    }

    def event(it: object) -> tuple[str, ...]:
        return (event_iri(it, document_id).removeprefix(f"{BASE}id/"),) if isinstance(it, Event) else ()

    if isinstance(statement, Fact):
        its = statement.object
        value = event(its) if isinstance(its, Event) else (_words(its),)
        return {
            "event": event(statement.subject),
            "property": (statement.predicate,),
            "value": value,
            **found,
        }
    assert isinstance(statement, Claim)
    return {
        "class": (statement.kind,),
        "topics": tuple(map(_words, statement.about)),
        "affirms": tuple(map(_words, statement.affirms)),
        "addressee": (_words(statement.addressee),) if statement.addressee else (),
        "event": event(statement.in_event),
        **found,
    }


def corrected(statement: Statement, changes: Mapping[str, Sequence[str]], names: Names) -> Statement:
    """A statement with other values in some fields.

    Args:
        statement: As it was read.
        changes: By name of the field, its values; none where it shall have none.
        names: What the values may mean.

    Raises:
        InputError: there is no such field or value, or nothing is changed.
    """
    known = FACT_FIELDS if isinstance(statement, Fact) else CLAIM_FIELDS
    aliases = {"day": "value", "people": "value", "place": "value", "topics": "value", "class": "value"}
    made = statement
    # the property first: it tells what its value may be
    for name in sorted(changes, key=lambda it: it != "property"):
        field = aliases.get(name, name) if isinstance(statement, Fact) else name
        if field not in known:
            raise InputError(f"there is no field {name!r}; this statement has {', '.join(known)}")
        made = _with(made, field, [it for it in changes[name] if it.strip()], names)
    if made == statement:
        raise InputError("the correction changes nothing")
    return made


def added(parts: Mapping[str, Sequence[str]], evidence: Passage, names: Names) -> Statement:
    """A statement that was missed, from its fields; one with a property is a fact, any other a claim.

    Raises:
        InputError: a field is missing, or there is no such value.
    """
    if parts.get("property"):
        event, predicate = names.event(_one(parts, "event")), _one(parts, "property")
        value = names.value(predicate, _one(parts, "value"))
        made: Statement = Fact(evidence=(evidence,), subject=event, predicate=predicate, object=value)
        rest = {name: parts[name] for name in ("speaker", "polarity", "certainty") if parts.get(name)}
    else:
        made = Claim(evidence=(evidence,), kind=_one(parts, "class"), content=evidence.exact)
        rest = {name: its for name, its in parts.items() if name != "class" and any(it.strip() for it in its)}
    return corrected(made, rest, names) if rest and not _is_plain(rest) else made


def added_event(
    kind: str, people: Sequence[str], day: str, status: str, evidence: Passage, names: Names
) -> list[Fact]:
    """An event that was missed: its class, status, parties, and day or why it has none.

    Raises:
        InputError: somebody is not known, or the day is none.
    """
    roles = {"Invitation": ("inviter", "invitee"), "PolicyAction": ("imposedBy", "target")}
    directed = next((its for base, its in roles.items() if names.lexicon.is_a(kind, base)), None)
    parties = [names.entity(it, "Agent") for it in people]
    event = Event(kind, evidence, day or None, tuple(parties), directed is not None)
    properties = directed or ("participant",) * len(parties)
    when: tuple[str, Term] = ("date", _date(day)) if day else ("dateStatus", Name("NotStated"))
    told: list[tuple[str, Term]] = [
        ("type", Name(kind)),
        ("status", Name(status)),
        *zip(properties, parties, strict=False),
        when,
    ]
    return [Fact(evidence=(evidence,), subject=event, predicate=name, object=value) for name, value in told]


def passage(document: Document, quote: str, start: int | None = None) -> Passage:
    """Words of a document as a passage.

    Args:
        document: The document.
        quote: The words, character for character.
        start: Where they begin, where they stand in several places.

    Raises:
        InputError: they do not stand there, or stand in several places.
    """
    if start is not None:
        if not quote or document.body[start : start + len(quote)] != quote:
            raise InputError(f"{quote[:80]!r} does not stand at {start} in {document.id!r}")
        return Passage(start, start + len(quote), quote)
    found = document.body.find(quote) if quote else -1
    if found < 0:
        raise InputError(f"{quote[:80]!r} does not stand in {document.id!r}")
    if document.body.find(quote, found + 1) >= 0:
        raise InputError(
            f"{quote[:80]!r} stands in several places of {document.id!r}; quote more, or say where"
        )
    return Passage(found, found + len(quote), quote)


def _with(statement: Statement, field: str, values: list[str], names: Names) -> Statement:
    def entities(name: str) -> tuple[Entity, ...]:
        return tuple(names.entity(it, _KINDS[name]) for it in values)

    def one() -> str:
        if len(values) != 1:
            raise InputError(f"the field {field!r} takes one value")
        return values[0]

    made: dict[str, Callable[[], Any]] = {
        "speaker": lambda: {"claimants": entities("claimants")},
        "polarity": lambda: {"polarity": _choice(one(), ("Affirmed", "Negated"))},
        "certainty": lambda: {"certainty": _choice(one(), ("Certain", "Hedged"))},
        "class": lambda: {"kind": one()},
        "topics": lambda: {"about": entities("about")},
        "affirms": lambda: {"affirms": entities("affirms")},
        "addressee": lambda: {"addressee": next(iter(entities("addressee")), None)},
        "property": lambda: {"predicate": one()},
    }
    if field == "event":
        name = "subject" if isinstance(statement, Fact) else "in_event"
        return replace(statement, **{name: names.event(one()) if values or name == "subject" else None})  # type: ignore[arg-type]  # both take it
    if field == "value":
        assert isinstance(statement, Fact)
        return replace(statement, object=names.value(statement.predicate, one()))
    parts = made[field]()
    if "claimants" in parts and parts["claimants"] != statement.claimants:
        parts["capacity"] = None  # which was that of whom it was read as
    return replace(statement, **parts)


def _choice(value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise InputError(f"{value!r} is none of {', '.join(known)}")
    return value


def _is_plain(parts: Mapping[str, Sequence[str]]) -> bool:
    """Whether fields give only what a statement has anyway."""
    usual = {"polarity": ["Affirmed"], "certainty": ["Certain"], "speaker": [], "event": []}
    return all([it for it in its if it.strip()] == usual.get(name) for name, its in parts.items())


def _one(parts: Mapping[str, Sequence[str]], name: str) -> str:
    values = [it.strip() for it in parts.get(name, ()) if it.strip()]
    if len(values) != 1:
        raise InputError(f"the field {name!r} needs one value")
    return values[0]


def _date(text: str) -> Literal:
    if not _DATE.fullmatch(text.strip()):
        raise InputError(f"date {text!r}: write 2025-06-05, 2025-06 or 2025")
    return Literal(text.strip(), _DATES[len(text.strip())])


def _terms(statement: Statement) -> Iterable[Term | None]:
    if isinstance(statement, Fact):
        return (statement.subject, statement.object)
    if isinstance(statement, Claim):
        return (*statement.about, *statement.affirms, statement.addressee)
    return ()


def _words(term: Term) -> str:
    match term:
        case Entity():
            return term.iri.removeprefix(f"{BASE}id/") if term.iri else f"{term.kind.lower()}:{term.label}"
        case Literal():
            return term.lexical
        case Name():
            return term.name
        case Event():
            return ""
