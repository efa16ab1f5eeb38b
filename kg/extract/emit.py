"""Makes statements of what was found in a document."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from kg.extract.claims.reader import ClaimDraft
from kg.extract.events.mention import EXCHANGES
from kg.extract.events.record import EventRecord, SupportedValue
from kg.extract.references.mentions import as_entity
from kg.extract.references.resolver import CHINA, UNITED_STATES
from kg.extract.text.reading import Reading
from kg.extract.time.dates import DateMention
from kg.extract.time.durations import DurationMention
from kg.extract.topics.mention import TopicStatement
from kg.lexicon import Entry
from kg.model import Claim, DateBasis, Entity, Event, Fact, Literal, Name, Passage, Statement, Term

DIRECTED = {"Invitation": ("inviter", "invitee"), "PolicyAction": ("imposedBy", "target")}
DATATYPES = {10: "date", 7: "gYearMonth", 4: "gYear"}


class Emitter:
    """Turns the records and drafts of one document into statements."""

    def __init__(self, reading: Reading, side_of: Callable[[Entity], str | None]) -> None:
        """Begin with what was read, and with what tells for whom an agent speaks."""
        self.reading, self.side_of = reading, side_of
        self._anchors: dict[int, Passage] = {}

    def event(self, record: EventRecord) -> Event:
        """The key of an event."""
        roles = next(
            (r for base, r in DIRECTED.items() if self.reading.lexicon.is_a(record.kind, base)), None
        )
        date = record.date.value if record.date else None
        return Event(
            kind=record.kind,
            anchor=self._anchor(record),
            date=date.date if isinstance(date, DateMention) else None,
            principals=self._principals(record, roles),
            directed=roles is not None,
            effect=record.effect,
            objects=tuple(sorted(record.objects)) if roles is not None else (),
        )

    def key(self, record: EventRecord) -> object:
        """What makes two records the same event: kind, day and parties; unknown ones are all different."""
        event = self.event(record)
        if not event.date or len(event.date) < len("2000-01-01"):
            return record
        return (
            event.kind,
            event.effect,
            event.objects,
            event.date,
            event.principals if event.directed else frozenset(event.principals),
        )

    def facts(self, record: EventRecord) -> Iterator[Statement]:
        """Everything that the document says of an event, in a fixed order."""
        claimants, relay = record.attribution
        for fact in self._facts(record):
            told = fact if fact.claimants else replace(fact, claimants=claimants, relayed_by=relay)
            yield told if told.rules else replace(told, rules=record.rules)

    def _facts(self, record: EventRecord) -> Iterator[Statement]:
        event = self.event(record)
        status = record.status
        assert status is not None
        yield self._fact(event, "type", Name(record.kind), status)
        yield self._fact(event, "status", Name(str(status.value)), status)
        for role, party, span in record.roles:
            if span is not None:
                yield self._fact(event, role, party.entity, SupportedValue(None, [span]))
        if record.effect:
            yield self._fact(event, "effect", Name(record.effect), status)
        yield from self._when(event, record)
        yield from self._where(event, record)
        for (name, _, claimants), told in record.topics.items():
            if isinstance(told.value, Entry):
                yield replace(self._fact(event, name, as_entity(told.value), told), claimants=claimants)

    def passed_over(self, told: TopicStatement, document: Entity) -> Fact:
        """A topic that another document is said to leave out."""
        passage = self.reading.passage(told.sentence.start, told.sentence.end)
        return Fact(evidence=(passage,), subject=document, predicate="passedOverTopic",
                    object=as_entity(told.topic.entry), rules=(told.rule.id,))  # fmt: skip

    def claim(self, draft: ClaimDraft, in_event: EventRecord | None) -> Statement:
        """A claim as a statement."""
        passage = self.reading.passage(draft.start, draft.end)
        source = draft.source
        capacity = source.claimants[0].capacity if len(source.claimants) == 1 else None
        return Claim(
            evidence=(passage,),
            claimants=tuple(dict.fromkeys(party.entity for party in source.claimants)),
            relayed_by=source.relay.entity if source.relay else None,
            cue=" ".join(filter(None, (draft.hedge, source.cue))) or None,
            polarity="Negated" if draft.is_negated else "Affirmed",
            certainty=draft.certainty,
            in_event=self.event(in_event) if in_event else None,
            capacity=capacity,
            kind=draft.kind,
            content=self.reading.words(draft.start, draft.end),
            about=tuple(as_entity(topic) for topic in draft.topics),
            addressee=draft.addressee.entity if draft.addressee else None,
            affirms=tuple(as_entity(policy) for policy in draft.affirms),
            rules=(*([source.rule.id] if source.rule else []), draft.decided_by),
        )

    def _when(self, event: Event, record: EventRecord) -> Iterator[Statement]:
        if record.date and isinstance(mention := record.date.value, DateMention) and mention.date:
            is_today = mention.form == "relative day" and mention.date == self.reading.document.published
            basis: DateBasis = "DayOfPublication" if is_today else record.date_basis
            fact = self._fact(event, "date", _date(mention.date), record.date)
            yield replace(fact, date_basis=basis)
            if mention.end_date:
                yield self._fact(event, "endDate", _date(mention.end_date), record.date)
            if mention.part_of_day:
                yield self._fact(event, "dayPart", Name(mention.part_of_day), record.date)
        elif record.status:
            yield self._fact(event, "dateStatus", Name("NotStated"), record.status)
        if record.duration and isinstance(length := record.duration.value, DurationMention):
            yield self._fact(event, "duration", Literal(length.iso, "duration"), record.duration)
            if length.approximate:
                yield self._fact(event, "approximate", Literal("true", "boolean"), record.duration)

    def _where(self, event: Event, record: EventRecord) -> Iterator[Statement]:
        if record.place and isinstance(record.place.value, Entity) and record.kind != "Call":
            yield self._fact(event, "place", record.place.value, record.place)
        elif record.is_place_open:
            yield self._fact(event, "placeStatus", Name("ToBeDetermined"), record.is_place_open)
        if record.medium and record.kind in EXCHANGES:
            yield self._fact(event, "medium", Name(str(record.medium.value)), record.medium)

    def _principals(self, record: EventRecord, roles: tuple[str, str] | None) -> tuple[Entity, ...]:
        if roles is not None:
            return tuple(p.entity for name in roles for role, p, _ in record.roles if role == name)
        parties = list(dict.fromkeys(party.entity for _, party, _ in record.roles))
        persons = [e for e in parties if self.reading.lexicon.is_a(e.kind, "Person")]
        return tuple(self._leading(persons) if len(persons) > 1 else parties)

    def _leading(self, persons: list[Entity]) -> list[Entity]:
        """The one person of each side who names an exchange: its leader, or else who is named first.

        One telling lists all who sat at the table, another only the two presidents; both mean one meeting.
        """
        first_by_side: dict[str | None, Entity] = {}
        for person in sorted(persons, key=lambda e: e.kind != "Leader"):
            first_by_side.setdefault(self.side_of(person), person)
        if not {UNITED_STATES, CHINA} <= first_by_side.keys():
            return persons
        return [
            person for person in persons if person in (first_by_side[UNITED_STATES], first_by_side[CHINA])
        ]

    def _fact(self, event: Event, predicate: str, value: Term, told: SupportedValue) -> Fact:
        evidence, rules = self._passages(told), tuple(sorted(told.rules))
        return Fact(evidence=evidence, subject=event, predicate=predicate, object=value, rules=rules)

    def _passages(self, told: SupportedValue) -> tuple[Passage, ...]:
        return tuple(self.reading.passage(start, end) for start, end in sorted(set(told.spans)))

    def _anchor(self, record: EventRecord) -> Passage:
        """The passage that names an event: no two of a kind have one that begins at the same place."""
        if id(record) not in self._anchors:
            start, end = sorted(record.supports)[0]
            taken = {passage.start for passage in self._anchors.values()}
            while start in taken:
                start += 1
            self._anchors[id(record)] = self.reading.passage(start, end)
        return self._anchors[id(record)]


def _date(text: str) -> Literal:
    return Literal(text, DATATYPES[len(text)])
