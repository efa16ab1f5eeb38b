"""Keeps the events of one document apart or together: one for each kind, pair and date."""

from collections.abc import Callable, Container, Iterable
from datetime import date, timedelta

from kg.extract.events.matching import (
    LOOSE,
    dates_agree,
    is_next_again,
    is_other_agreement,
    is_same,
    lies_in,
    may_name,
    same_date,
)
from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.events.record import EventRecord, SupportedValue
from kg.extract.references.discourse import Party
from kg.extract.references.mention import Mention
from kg.extract.references.pairs import CHINA, TAIWAN, UNITED_STATES
from kg.model import Entity

RECENT = timedelta(days=45)  # a readout tells of something newer than this


class EventClusters:
    """The events of one document in order of first mention."""

    def __init__(
        self,
        side_of: Callable[[Entity], str | None],
        published: str | None,
        *,
        has_one_subject: bool,
        concerns_both: bool,
        presumed_side: Callable[[Entity], str | None],
    ) -> None:
        """Begin without events.

        Args:
            side_of: Tells for whom an agent speaks.
            published: Day of publication.
            has_one_subject: Whether, as in a readout, later exchanges are background to the first.
            concerns_both: Whether the document speaks of both countries.
            presumed_side: Tells of which side somebody unknown must be.
        """
        self.side_of, self.presumed_side = side_of, presumed_side
        self.published = published
        self.has_one_subject = has_one_subject
        self.concerns_both = concerns_both
        self.records: list[EventRecord] = []
        self.current: EventRecord | None = None
        self.main: EventRecord | None = None
        self.pending: EventRecord | None = None

    def enter(self, draft: EventMention, occasion: EventRecord | None = None) -> EventRecord | None:
        """The record that `draft` belongs to, an old one or a new one; `None` if it leads nowhere.

        Args:
            draft: What a sentence tells.
            occasion: Of an agreement, the exchange in which it was settled.
        """
        record = self._known(draft, occasion)
        if record is None:
            is_short = len(set(draft.parties)) < max(draft.rule.minimum, 2 if draft.kind in EXCHANGES else 1)
            if draft.is_reference or is_short or not draft.parties:
                return self._await(draft)
            if not self._is_ours(draft):
                return None
            record = EventRecord(draft.kind, [])
            self.records.append(record)
        record.absorb(draft)
        record.occasion = record.occasion or occasion
        if draft.is_background and self.current is not None:
            return record
        if draft.kind in EXCHANGES and record.happened:
            self.main = self.main or record
            self.current = self.main if self.has_one_subject and self.main.happened else record
        elif record is self.current:
            self.current = None
        return record

    def open(self, draft: EventMention, scene: Mention | None = None) -> None:
        """Begin with the exchange that the title names, if it is one between the two countries.

        Args:
            draft: What the title tells.
            scene: Where the document says that it was spoken.
        """
        if not self._is_ours(draft):
            return
        record = EventRecord.of_headline(draft)
        if scene is not None and draft.kind == "Meeting":
            record.place = SupportedValue(scene.entity, [(scene.start, scene.end)])
        self.records.append(record)
        self.main = record
        if record.happened:
            self.current = record

    @property
    def ahead(self) -> EventRecord | None:
        """The exchange to come that a text tells of first, if it names persons of both sides."""
        first = next((r for r in self.records if r.kind in EXCHANGES), None)
        persons = [p for p in (first.parties if first is not None else ()) if p.kind != "Country"]
        is_of_both = len(persons) == 2 and {self.side_of(p) for p in persons} == {UNITED_STATES, CHINA}
        return first if first is not None and first.is_ahead and is_of_both else None

    def complete(self, parties: Iterable[Party], span: tuple[int, int]) -> None:
        """Give the exchange that was spoken of without its parties those who are now said to have talked."""
        if self.pending is not None and self.main is None:
            self.pending.roles = [("participant", party, span) for party in parties]
            self.records.insert(0, self.pending)
            self.main = self.current = self.pending
            self.pending = None

    def _is_ours(self, draft: EventMention) -> bool:
        """Whether it is between the two countries; an action needs one of them to take or to suffer it."""
        sides = {self.side_of(entity) for entity in draft.parties}
        if "imposedBy" in draft.rule.roles:
            return self._is_our_measure(draft, sides)
        presumed = {self.presumed_side(entity) for entity in draft.parties}
        if draft.kind == "Visit" and TAIWAN in presumed and self.concerns_both:
            return bool(presumed & {UNITED_STATES, CHINA})  # a journey that the two quarrel over
        if "invitee" in draft.rule.roles and presumed & {UNITED_STATES, CHINA}:
            return draft.rule.minimum < len(sides) + 1
        return {UNITED_STATES, CHINA} <= presumed

    def _is_our_measure(self, draft: EventMention, sides: set[str | None]) -> bool:
        """Whether one of the two takes a measure that hits the other, or nobody else in sight."""
        both = {UNITED_STATES, CHINA}
        doers = {self.side_of(p.entity) for role, p in draft.roles if role == "imposedBy"}
        if doers and not doers & both:
            return False
        if sides >= both:
            return True
        is_alone = not draft.names_others if doers else draft.is_between_sides
        if draft.effect is None and not draft.names_partner:
            return False
        return bool(sides & both) and sides <= both | {TAIWAN, None} and is_alone

    def _await(self, draft: EventMention) -> EventRecord | None:
        """Keep “the call” in mind until the text says who took part."""
        if self.main is not None or draft.kind not in ("Call", "Meeting") or draft.status != "Occurred":
            return None
        if self.pending is None:
            self.pending = EventRecord(draft.kind, [])
        if self.pending.kind == draft.kind:
            self.pending.absorb(draft)
            self.current = self.pending
            return self.pending
        return None

    def mentioned(
        self, drafts: Iterable[EventMention], kinds: Container[str] = EXCHANGES
    ) -> EventRecord | None:
        """The exchange, or event of other `kinds`, that the drafts of a sentence name."""
        for draft in drafts:
            record = self._known(draft)
            if record is not None and record.kind in kinds:
                return record
        return None

    def _known(self, draft: EventMention, occasion: EventRecord | None = None) -> EventRecord | None:
        for record in reversed(self.records):
            if draft in record.drafts:
                return record
        if draft.is_reference:
            return self._referred(draft)
        if self._goes_on(draft) or self._is_it(draft):
            return self.current
        fitting = [
            r
            for r in self.records
            if ((is_same(r, draft) and self._places_agree(r, draft)) or self._is_named_by_sides(r, draft))
            and not self._is_background(r, draft)
            and not is_other_agreement(r, draft, occasion)
        ]
        return fitting[-1] if fitting else None

    def _goes_on(self, draft: EventMention) -> bool:
        """“The two leaders also *spoke about* Taiwan”: nothing but the exchange that is told of."""
        if self.current is None or not draft.rule.verbs or draft.rule.medium or draft.kind != "Call":
            return False
        if draft.date or draft.place or draft.status != "Occurred" or not draft.is_among_themselves:
            return False
        sides = {self.side_of(entity) for entity in draft.parties}
        return sides <= {self.side_of(entity) for entity in self.current.parties}

    def _is_it(self, draft: EventMention) -> bool:
        """“The two sides had candid *discussions*”, in a readout of one exchange: that exchange."""
        is_bare = draft.date is None and draft.place is None and not draft.is_new and not draft.rule.medium
        if not self.has_one_subject or self.current is None or not is_bare or not draft.rule.nouns:
            return False
        is_loose = draft.trigger.lemma_.lower() in LOOSE and draft.kind in EXCHANGES
        are_countries = all(entity.kind == "Country" for entity in draft.parties)
        sides = {self.side_of(entity) for entity in draft.parties}
        is_told = draft.status == "Occurred" and not draft.is_background and draft.governor is not None
        return (
            is_loose
            and are_countries
            and is_told
            and sides == {self.side_of(e) for e in self.current.parties}
        )

    def _is_named_by_sides(self, record: EventRecord, draft: EventMention) -> bool:
        """Whether a record that names but the two countries means this exchange of persons.

        So do titles (“call of the two presidents”), and trade talks of which it is then said who held them.
        """
        if (
            is_next_again(record, draft)
            and dates_agree(record, draft)
            and self._are_of_their_sides(record, draft)
        ):
            return True
        are_talks = record.kind == "TradeTalk" and draft.trigger.lemma_.lower() == "talk"
        are_talks |= record.kind == draft.kind == "Agreement" and draft.is_definite
        is_title = record.headline is not None and record.kind == draft.kind
        if not (are_talks or is_title) or not dates_agree(record, draft) or draft.is_new:
            return False
        are_countries = all(entity.kind == "Country" for entity in record.parties)
        if draft.kind == "Agreement":
            are_countries |= all(entity.kind == "Country" for entity in draft.parties)
        sides = {self.side_of(entity) for entity in draft.parties}
        is_same_status = record.status is None or record.status.value == draft.status
        return are_countries and is_same_status and sides == {self.side_of(e) for e in record.parties}

    def _are_of_their_sides(self, record: EventRecord, draft: EventMention) -> bool:
        """Whether one of the two names but the countries of those whom the other names."""
        sides = {self.side_of(entity) for entity in draft.parties}
        is_bare = any(all(e.kind == "Country" for e in who) for who in (record.parties, draft.parties))
        return is_bare and sides == {self.side_of(entity) for entity in record.parties}

    def _is_background(self, record: EventRecord, draft: EventMention) -> bool:
        """Whether `draft` is too old to be the exchange that the title announces."""
        when = draft.date.date if draft.date else None
        if record.headline is None or when is None or self.published is None:
            return False
        day = date.fromisoformat(f"{when}-01-01"[:10] if len(when) == len("2000") else f"{when}-01"[:10])
        return day < date.fromisoformat(self.published) - RECENT

    def _places_agree(self, record: EventRecord, draft: EventMention) -> bool:
        """Whether an event may be at the place of another: there, or in a city of the country named."""
        known, new = record.place.value if record.place else None, draft.place
        if not isinstance(known, Entity) or new is None or known == new:
            return True
        return lies_in(self.side_of(known), new) or lies_in(self.side_of(new), known)

    def _referred(self, draft: EventMention) -> EventRecord | None:
        """Which event “the call”, “their meeting” or “the talks” means: the latest that it may name."""
        candidates = [
            r
            for r in self.records
            if may_name(draft, r)
            and self._places_agree(r, draft)
            and not self._is_background(r, draft)
            and not (r.happened and draft.date is not None and draft.status == "Planned")
            and not (r.is_ahead and draft.place is not None and draft.status == "Occurred")
            and not (r is not self.main and draft.place is not None and r.place is None and r.date is None)
        ]
        if self.main in candidates and draft.date is None and draft.place is None:
            return self.main
        if dated := [r for r in candidates if same_date(r, draft)]:
            return dated[-1]  # “the conversation *today*”, after another without a day was told of
        if self.main in candidates and draft.place is None and self.main.date is None:
            return self.main
        return candidates[-1] if candidates else None
