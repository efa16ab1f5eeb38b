"""An event as a whole document tells of it, with the passages that give each of its values."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from kg.extract.events.mention import EventMention, is_later
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import CHINA, UNITED_STATES
from kg.extract.time.dates import DateMention
from kg.lexicon import Entry, Lexicon
from kg.model import DateBasis, Entity

LOOSE = frozenset({"discussion", "conversation", "exchange", "talk", "dialogue"})
RECENT = timedelta(days=45)  # a readout tells of something newer than this


@dataclass(slots=True)
class SupportedValue:
    """A value that sentences give for an event, the offsets of those sentences, and rules that read them."""

    value: object
    spans: list[tuple[int, int]] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class EventRecord:
    """An event as the whole document tells of it."""

    kind: str
    drafts: list[EventMention]
    roles: list[tuple[str, Party, tuple[int, int] | None]] = field(default_factory=list)
    date: SupportedValue | None = None
    status: SupportedValue | None = None
    place: SupportedValue | None = None
    duration: SupportedValue | None = None
    medium: SupportedValue | None = None
    is_place_open: SupportedValue | None = None
    topics: dict[tuple[str, str, tuple[Entity, ...]], SupportedValue] = field(default_factory=dict)
    headline: EventMention | None = None
    effect: str | None = None
    date_basis: DateBasis = "Stated"
    details: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    supports: list[tuple[int, int]] = field(default_factory=list)
    occasion: "EventRecord | None" = None
    deadline: SupportedValue | None = None

    @property
    def parties(self) -> set[Entity]:
        """Who takes part."""
        return {party.entity for _, party, _ in self.roles}

    @classmethod
    def of_headline(cls, draft: EventMention) -> "EventRecord":
        """An event that the title names and the body is yet to bear out."""
        return cls(draft.kind, [], [(role, party, None) for role, party in draft.roles], headline=draft)

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of the rules that found it."""
        drafts = [*self.drafts, *([self.headline] if self.headline else [])]
        return tuple(sorted({draft.rule.id for draft in drafts}))

    @property
    def attribution(self) -> tuple[tuple[Entity, ...], Entity | None]:
        """Its source, and the outlet between: nobody where the document tells of it by itself."""
        is_somebodys = self.headline is None and self.drafts and all(d.claimants for d in self.drafts)
        return (self.drafts[0].claimants, self.drafts[0].relay) if is_somebodys else ((), None)

    @property
    def happened(self) -> bool:
        """Whether it came about, as far as is known."""
        value = self.status.value if self.status else self.headline.status if self.headline else None
        return value == "Occurred"

    @property
    def excluded(self) -> set[str]:
        """The topics that somebody says were not raised."""
        return {iri for name, iri, _ in self.topics if name == "excludedTopic"}

    @property
    def is_ahead(self) -> bool:
        """Whether it is planned or proposed."""
        return self.status is not None and self.status.value in ("Planned", "Proposed")

    def support(self, span: tuple[int, int], parties: Iterable[Entity] = ()) -> None:
        """Note a passage that bears the event out, and those whom it shows to take part."""
        self.supports.append(span)
        for index, (role, party, shown) in enumerate(self.roles):
            if shown is None and party.entity in parties:
                self.roles[index] = (role, party, span)

    def settle(self, published: str | None) -> bool:
        """Fill what only the title told and settle what disagrees; whether the body bears the event out."""
        if not self.parties or not self.supports:
            return False
        first = self.status.spans[0] if self.status else self.supports[0]
        if self.status is None:
            self.status = SupportedValue(self.headline.status if self.headline else "Occurred", [first])
        self.roles = [(role, party, shown or first) for role, party, shown in self.roles]
        self._settle_date(published)
        self._settle_topics()
        return True

    def _settle_date(self, published: str | None) -> None:
        """Leave out a date that another sentence gave and that the status forbids."""
        mention = self.date.value if self.date else None
        if not isinstance(mention, DateMention) or not mention.date or not published:
            return
        last = mention.end_date or mention.date
        is_past, is_future = last < published[: len(last)], is_later(mention.date, published)
        if (self.is_ahead and is_past) or (self.happened and is_future):
            self.date = None

    def _settle_topics(self) -> None:
        """Of a topic that one and the same voice puts in and out, neither is certain."""
        sure = {(iri, who) for name, iri, who in self.topics if name == "excludedTopic"}
        unsure = {(iri, who) for name, iri, who in self.topics if name != "excludedTopic"} & sure
        self.topics = {key: told for key, told in self.topics.items() if key[1:] not in unsure}

    def merge(self, other: "EventRecord") -> None:
        """Add all that is known of what turned out to be the same event."""
        self.supports += other.supports
        self.roles += [
            r for r in other.roles if (r[0], r[1].entity) not in {(a, b.entity) for a, b, _ in self.roles}
        ]
        for key, told in other.topics.items():
            self.topics.setdefault(key, told)
        self._settle_topics()
        self.place = self.place or other.place
        self.duration = self.duration or other.duration
        self.medium = self.medium or other.medium

    def prune(self, lexicon: Lexicon, side_of: Callable[[Entity], str | None]) -> None:
        """Leave out countries for which a named person takes part."""
        persons = {side_of(p.entity) for _, p, _ in self.roles if lexicon.is_a(p.entity.kind, "Person")}
        countries = {p.entity.iri for _, p, _ in self.roles if p.entity.kind == "Country"}
        if {UNITED_STATES, CHINA} <= countries:
            self.roles = [
                r for r in self.roles
                if not lexicon.is_a(r[1].entity.kind, "Organization") or side_of(r[1].entity) not in countries
            ]  # fmt: skip
        if self.kind in ("Call", "Meeting") and len(persons) > 1:
            self.roles = [
                r for r in self.roles if r[1].entity.kind != "Country" or r[1].entity.iri not in persons
            ]

    def absorb(self, draft: EventMention) -> None:
        """Add what one more sentence tells."""
        span = (draft.sentence.start, draft.sentence.end)
        if not self.drafts:
            self.effect, self.details = draft.effect, draft.details
        self.objects = self.objects or draft.objects
        self.drafts.append(draft)
        if draft.deadline is not None and self.deadline is None:
            self.deadline = SupportedValue(draft.deadline, [span])
        self.support(span, draft.parties)
        for role, party in draft.roles:
            if party.entity not in self.parties or role not in [
                r for r, p, _ in self.roles if p.entity == party.entity
            ]:
                self.roles.append((role, party, span))
        if draft.date is not None and (self.date is None or _finer(draft.date, self.date.value)):
            day = (draft.date.start, draft.date.end)
            self.date = SupportedValue(draft.date, [span] if span[0] <= day[0] < span[1] else [day, span])
        if self.status is None:
            self.status = SupportedValue(draft.status, [span])
        if self.place is None and draft.place is not None:
            self.place = SupportedValue(draft.place, [span])
        if self.medium is None and draft.rule.medium:
            self.medium = SupportedValue(draft.rule.medium, [span])

    def add_topic(
        self,
        name: str,
        topic: Entry,
        span: tuple[int, int],
        claimants: tuple[Entity, ...] = (),
        *,
        rule: str,
    ) -> None:
        """Add a topic that a sentence, or `claimants` in it, put in or out."""
        told = self.topics.setdefault((name, topic.iri, claimants), SupportedValue(topic))
        if span not in told.spans:
            told.spans.append(span)
        if rule not in told.rules:
            told.rules.append(rule)


def _finer(new: DateMention, old: object) -> bool:
    return isinstance(old, DateMention) and len(new.date or "") > len(old.date or "")
