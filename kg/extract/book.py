"""Keeps the events of one document apart or together: one for each kind, pair and date."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.extract.dates import DateMention
from kg.extract.durations import DurationMention
from kg.extract.events import EXCHANGES, EventDraft
from kg.extract.reading import Sentence
from kg.extract.reference import Party
from kg.model import Entity

NEW = frozenset({"another", "again", "next", "new", "second", "further", "more", "follow-up", "subsequent", "future"})


@dataclass(slots=True)
class Told:
    """A value that sentences give for an event, and the offsets of those sentences."""

    value: object
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class EventRecord:
    """An event as the whole document tells of it."""

    kind: str
    drafts: list[EventDraft]
    roles: list[tuple[str, Party, tuple[int, int]]] = field(default_factory=list)
    date: Told | None = None
    status: Told | None = None
    place: Told | None = None
    duration: Told | None = None
    medium: Told | None = None
    is_place_open: Told | None = None
    topics: dict[tuple[str, str], Told] = field(default_factory=dict)
    claimants: tuple[Party, ...] = ()

    @property
    def parties(self) -> set[Entity]:
        """Who takes part."""
        return {party.entity for _, party, _ in self.roles}

    def absorb(self, draft: EventDraft) -> None:
        """Add what one more sentence tells."""
        span = (draft.sentence.start, draft.sentence.end)
        self.drafts.append(draft)
        for role, party in draft.roles:
            if party.entity not in self.parties or role not in [r for r, p, _ in self.roles if p.entity == party.entity]:
                self.roles.append((role, party, span))
        if draft.date is not None and (self.date is None or _finer(draft.date, self.date.value)):
            self.date = Told(draft.date, [span])
        if self.status is None:
            self.status = Told(draft.status, [span])
        if self.place is None and draft.place is not None:
            self.place = Told(draft.place, [span])
        if self.medium is None and draft.rule.medium:
            self.medium = Told(draft.rule.medium, [span])

    def add_topic(self, name: str, iri: str, entry: object, span: tuple[int, int]) -> None:
        """Add a topic that a sentence puts in or out."""
        told = self.topics.setdefault((name, iri), Told(entry))
        if span not in told.spans:
            told.spans.append(span)


class EventBook:
    """The events of one document in order of first mention."""

    def __init__(self) -> None:
        self.records: list[EventRecord] = []
        self.current: EventRecord | None = None
        self.main: EventRecord | None = None

    def enter(self, draft: EventDraft) -> EventRecord | None:
        """The record that `draft` belongs to, an old one or a new one; `None` if it leads nowhere."""
        record = self._known(draft)
        if record is None:
            if draft.is_reference or len(set(draft.parties)) < draft.rule.minimum:
                return None
            record = EventRecord(draft.kind, [])
            self.records.append(record)
        if not draft.is_reference or record.kind == draft.kind:
            record.absorb(draft)
        if draft.kind in EXCHANGES and record.status and record.status.value == "Occurred":
            self.current = record
            self.main = self.main or record
        return record

    def mentioned(self, drafts: Iterable[EventDraft]) -> EventRecord | None:
        """The exchange that the drafts of a sentence name."""
        for draft in drafts:
            record = self._known(draft)
            if record is not None and record.kind in EXCHANGES:
                return record
        return None

    def _known(self, draft: EventDraft) -> EventRecord | None:
        for record in reversed(self.records):
            if draft in record.drafts:
                return record
        if draft.is_reference:
            return self._referred(draft)
        fitting = [record for record in self.records if _is_same(record, draft)]
        return fitting[-1] if fitting else None

    def _referred(self, draft: EventDraft) -> EventRecord | None:
        """Which event “the call”, “their meeting” or “the talks” means: the latest that it may name."""
        candidates = [r for r in self.records if may_name(draft, r)]
        if self.main in candidates and draft.date is None and draft.place is None:
            return self.main
        return candidates[-1] if candidates else None


def may_name(draft: EventDraft, record: EventRecord) -> bool:
    """Whether the words of `draft` fit what is known of `record`."""
    lemma = draft.trigger.lemma_.lower()
    loose = {"discussion", "conversation", "exchange", "talk", "dialogue"}
    kinds = record.kind == draft.kind or record.kind in EXCHANGES and lemma in loose and draft.kind in EXCHANGES
    return kinds and _dates_agree(record, draft) and _places_agree(record, draft)


def _is_same(record: EventRecord, draft: EventDraft) -> bool:
    if record.kind != draft.kind or not _dates_agree(record, draft) or not _places_agree(record, draft):
        return False
    if _is_new(draft) and not _same_date(record, draft):
        return False
    if record.status and record.status.value != draft.status and not _same_date(record, draft):
        return False
    if "inviter" in draft.rule.roles:
        return [(r, p.entity) for r, p, _ in record.roles] == [(r, p.entity) for r, p in draft.roles]
    mine, its = record.parties, set(draft.parties)
    return mine <= its or its <= mine


def _is_new(draft: EventDraft) -> bool:
    words = {child.lower_ for child in draft.trigger.children}
    return bool(words & NEW)


def _same_date(record: EventRecord, draft: EventDraft) -> bool:
    if record.date is None or draft.date is None:
        return False
    return _date(record) == draft.date.date


def _dates_agree(record: EventRecord, draft: EventDraft) -> bool:
    if record.date is None or draft.date is None:
        return True
    one, other = _date(record) or "", draft.date.date or ""
    return one.startswith(other) or other.startswith(one)


def _places_agree(record: EventRecord, draft: EventDraft) -> bool:
    return record.place is None or draft.place is None or record.place.value == draft.place


def _date(record: EventRecord) -> str | None:
    value = record.date.value if record.date else None
    return value.date if isinstance(value, DateMention) else None


def _finer(new: DateMention, old: object) -> bool:
    return isinstance(old, DateMention) and len(new.date or "") > len(old.date or "")


__all__ = ["DurationMention", "EventBook", "EventRecord", "Sentence", "Told", "may_name"]
