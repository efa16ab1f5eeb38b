"""What an extractor found in a document, in the terms of annotations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.identity import entity_iri, event_iri, slug, statement_iri
from kg.lexicon import Lexicon
from kg.model import Claim, Document, Entity, Event, Fact, Literal, Name, Statement, Term

Span = tuple[int, int]
FAMILIES = ("Exchange", "PolicyAction", "Invitation", "Agreement")
PARTICIPANTS = ("participant", "initiator", "host", "inviter", "invitee", "imposedBy", "target")
DISCUSSED = ("discussedTopic", "mainTopic")
EXCLUDED = ("excludedTopic",)


@dataclass(slots=True)
class Value:
    """One thing said of an event or claim.

    Attributes:
        label: What to call it in a message.
        names: Slugs that mean it.
        spans: Offsets of the passages that say so.
        rules: Names of the rules that gave it.
    """

    label: str
    names: frozenset[str]
    spans: list[Span] = field(default_factory=list)
    rules: set[str] = field(default_factory=set)


@dataclass(slots=True)
class PredictedEvent:
    """An event as the extractor tells of it: its values by property, and all passages that tell of it."""

    iri: str
    values: dict[str, dict[str, Value]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)

    def of(self, *properties: str) -> list[Value]:
        """The values of properties, each thing once."""
        found: dict[str, Value] = {}
        for name in properties:
            for key, value in self.values.get(name, {}).items():
                found.setdefault(key, value)
        return [found[key] for key in sorted(found)]

    def texts(self, name: str) -> list[str]:
        """The values of a property as text, sorted."""
        return sorted(value.label for value in self.of(name))

    @property
    def rules(self) -> set[str]:
        """Names of the rules that found it."""
        return {rule for value in self.of("type") for rule in value.rules}


@dataclass(frozen=True, slots=True)
class PredictedClaim:
    """A claim that the extractor found."""

    iri: str
    kind: str
    polarity: str
    claimants: tuple[Value, ...]
    topics: tuple[Value, ...]
    spans: tuple[Span, ...]
    rules: frozenset[str]


class Predictions:
    """All that an extractor found in one document.

    Passages are placed where their words first occur in the body, as quotations of annotations are.

    Attributes:
        events: Those of a known family, sorted by family and IRI.
        claims: The claims, sorted by class and IRI.
        passages: The words of each passage, by offsets as the extractor gives them.
    """

    def __init__(self, document: Document, statements: Iterable[Statement], lexicon: Lexicon,
                 names: Mapping[str, str]) -> None:  # fmt: skip
        self._document, self._lexicon, self._names = document, lexicon, names
        self._events: dict[str, PredictedEvent] = {}
        claims: dict[str, PredictedClaim] = {}
        self.passages: dict[Span, str] = {}
        for statement in statements:
            self.passages |= {(p.start, p.end): p.exact for p in statement.evidence}
            if isinstance(statement, Fact) and isinstance(statement.subject, Event):
                self._add(statement.subject, statement)
            elif isinstance(statement, Claim):
                found = self._claim(statement)
                claims.setdefault(found.iri, found)
        self.events = sorted((e for e in self._events.values() if self.families(e)), key=self._event_order)
        self.claims = sorted(claims.values(), key=lambda claim: (claim.kind, claim.iri))

    def kinds(self, event: PredictedEvent) -> frozenset[str]:
        """The classes that the extractor gives an event."""
        return frozenset(event.texts("type"))

    def is_of(self, event: PredictedEvent, kind: str) -> bool:
        """Whether an event is said to be of a class or one below it."""
        return any(self._lexicon.is_a(given, kind) for given in self.kinds(event))

    def families(self, event: PredictedEvent) -> frozenset[str]:
        """The broad classes of an event, within which annotations are compared."""
        return frozenset(family for family in FAMILIES if self.is_of(event, family))

    def family(self, kind: str) -> str | None:
        """The broad class of an annotated class."""
        return next((family for family in FAMILIES if self._lexicon.is_a(kind, family)), None)

    def _event_order(self, event: PredictedEvent) -> tuple[list[str], str]:
        return event.texts("type"), event.iri

    def _add(self, subject: Event, fact: Fact) -> None:
        iri = event_iri(subject, self._document.id)
        event = self._events.setdefault(iri, PredictedEvent(iri))
        spans = self._spans(fact)
        event.spans += spans
        if fact.polarity == "Affirmed":
            key, made = self._value(fact.object)
            value = event.values.setdefault(fact.predicate, {}).setdefault(key, made)
            value.spans += spans
            value.rules |= set(fact.rules)

    def _claim(self, claim: Claim) -> PredictedClaim:
        # `kg:affirms` implies `kg:about`, and what stands in both counts in both
        topics = [*dict.fromkeys((*claim.about, *claim.affirms)), *claim.affirms]
        return PredictedClaim(
            iri=statement_iri(claim, self._document.id),
            kind=claim.kind,
            polarity=claim.polarity,
            claimants=tuple(self._value(who)[1] for who in claim.claimants),
            topics=tuple(self._value(topic)[1] for topic in topics),
            spans=tuple(self._spans(claim)),
            rules=frozenset(claim.rules),
        )

    def _value(self, term: Term) -> tuple[str, Value]:
        """What tells a term from others, and the value that it is."""
        match term:
            case Name():
                return term.name, Value(term.name, frozenset([slug(term.name)]))
            case Literal():
                return term.lexical, Value(term.lexical, frozenset([term.lexical]))
            case Event():
                iri = event_iri(term, self._document.id)
                return iri, Value(iri, frozenset())
            case Entity():
                known = slug(term.iri.rstrip("/").rsplit("/", 1)[-1]) if term.iri else slug(term.label)
                names = frozenset([known, self._names.get(known, known)])
                return entity_iri(term, self._document.id), Value(term.label, names)

    def _spans(self, statement: Statement) -> list[Span]:
        begins = [(self._document.body.find(p.exact), len(p.exact)) for p in statement.evidence]
        return [(start, start + length) for start, length in begins if start >= 0]
