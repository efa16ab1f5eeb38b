"""Reads one document: sentences in their order, each for its events, topics and claims."""

import re
from collections.abc import Iterator

from kg.extract.attribution import Attributed, AttributionFinder, span_of
from kg.extract.book import EventBook, EventRecord, Told
from kg.extract.claims import ClaimDraft, ClaimReader
from kg.extract.emit import Emitter
from kg.extract.events import EXCHANGES, EventDraft, EventFinder
from kg.extract.reading import Reading, Sentence
from kg.extract.reference import Discourse, Party, Resolver
from kg.extract.rules import Rules
from kg.extract.syntax import conjuncts, is_clause, surface_subject
from kg.extract.topics import TopicFinder
from kg.extract.voices import Voices
from kg.model import Statement

OPEN_PLACE = re.compile(
    r"\b(?:location|venue|place|site)\b[^.;]{0,40}\b(?:(?:yet|still|remains?) to be (?:determined|decided|announced|set|"
    r"confirmed)|to be (?:determined|decided|announced|confirmed)|undecided|not (?:yet )?(?:been )?(?:determined|"
    r"decided|announced|set|fixed)|TBD)",
    re.IGNORECASE,
)
LASTED = frozenset({"last", "run", "take", "go", "continue"})


class Engine:
    """What is known of one document while it is read."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules = reading, rules
        self.discourse = Discourse()
        self.resolver = Resolver(reading, rules, self.discourse)
        self.events = EventFinder(reading, rules, self.resolver)
        self.topics = TopicFinder(reading, rules)
        self.attributions = AttributionFinder(reading, rules, self.resolver)
        self.claims = ClaimReader(reading, rules, self.resolver)
        self.voices = Voices(reading, rules, self.resolver)
        self.book = EventBook()
        self.claimed: list[tuple[ClaimDraft, EventRecord | None]] = []

    def statements(self) -> Iterator[Statement]:
        """Everything that the document says."""
        for sentence in self.reading.sentences:
            self._read(sentence)
        emitter = Emitter(self.reading)
        for record in self.book.records:
            yield from emitter.facts(record)
        for draft, record in self.claimed:
            yield emitter.claim(draft, record)

    def _read(self, sentence: Sentence) -> None:
        self.voices.enter(sentence)
        self.discourse.voice = self.voices.speaker(sentence)
        drafts = list(self.events.find(sentence))
        records = [record for draft in drafts if (record := self._enter(draft)) is not None]
        if self.book.main is not None:
            self.discourse.principals = tuple(p for _, p, _ in self.book.main.roles)
        self._details(sentence, drafts, records)
        self._topics(sentence, drafts)
        found = self.attributions.find(sentence)
        self._claims(sentence, drafts, found)
        self._remember(sentence, found)

    # ── Events ──

    def _enter(self, draft: EventDraft) -> EventRecord | None:
        if draft.kind == "Invitation":
            return self._invitation(draft)
        return self.book.enter(draft)

    def _invitation(self, draft: EventDraft) -> EventRecord | None:
        """Who invites whom; where only one is named, the other party of the exchange is meant."""
        inviters = [p for role, p in draft.roles if role == "inviter"]
        invitees = [p for role, p in draft.roles if role == "invitee" and p.entity not in [i.entity for i in inviters]]
        partners = list(self.discourse.principals)
        pairs = [(one, other) for one in inviters for other in (invitees or self._others(one, inviters, partners))]
        record = None
        for inviter, invitee in pairs:
            part = EventDraft(draft.rule, draft.sentence, draft.trigger, draft.status,
                              [("inviter", inviter), ("invitee", invitee)], draft.date)  # fmt: skip
            record = self.book.enter(part)
            if record and record.date is None and self.book.current and self.book.current.date:
                told = self.book.current.date
                record.date = Told(told.value, [*told.spans, (draft.sentence.start, draft.sentence.end)])
        return record

    def _others(self, one: Party, inviters: list[Party], partners: list[Party]) -> list[Party]:
        others = [p for p in inviters if p.entity != one.entity]
        if not others and len(partners) == 2 and one.entity in [p.entity for p in partners]:
            others = [p for p in partners if p.entity != one.entity]
        return others[:1]

    def _details(self, sentence: Sentence, drafts: list[EventDraft], records: list[EventRecord]) -> None:
        """Durations and open places that a sentence gives of an event."""
        span = (sentence.start, sentence.end)
        text = self.reading.text[sentence.start : sentence.end]
        target = next((r for r in records if r.kind in EXCHANGES), None)
        if OPEN_PLACE.search(text) and (place_of := target or self._last_planned()) is not None:
            if place_of.status and place_of.status.value in ("Planned", "Proposed"):
                place_of.is_place_open = place_of.is_place_open or Told(True, [span])
        for length in self.reading.durations:
            if sentence.start <= length.start and length.end <= sentence.end and length.iso.startswith("PT"):
                event = target if target and target.status and target.status.value == "Occurred" else None
                event = event or (self.book.current if self._is_about_event(sentence) else None)
                if event is not None and event.duration is None:
                    event.duration = Told(length, [span])

    def _is_about_event(self, sentence: Sentence) -> bool:
        return any(token.lemma_ in LASTED and is_clause(token) for token in sentence.span)

    def _last_planned(self) -> EventRecord | None:
        planned = [r for r in self.book.records if r.status and r.status.value in ("Planned", "Proposed")]
        return planned[-1] if planned else None

    # ── Topics ──

    def _topics(self, sentence: Sentence, drafts: list[EventDraft]) -> None:
        event = self.book.mentioned(d for d in drafts if d.status == "Occurred") or self.book.current
        if event is None or sentence.block.is_question:
            return
        for draft in self.topics.find(sentence):
            if draft.trigger is not None and not self._is_of(draft.trigger, event):
                continue
            span = (sentence.start, sentence.end)
            event.add_topic(draft.property, draft.topic.entry.iri, draft.topic.entry, span)

    def _is_of(self, trigger, event: EventRecord) -> bool:  # type: ignore[no-untyped-def]
        subject = surface_subject(trigger)
        parties = self.resolver.all_parties(conjuncts(subject)) if subject is not None else []
        sides = {self.resolver.side_of(e) for e in event.parties}
        return not parties or any(
            p.entity in event.parties or self.resolver.side_of(p.entity) in sides for p in parties
        )

    # ── Claims ──

    def _claims(self, sentence: Sentence, drafts: list[EventDraft], found: list[Attributed]) -> None:
        for source in self._sources(sentence, drafts, found):
            for claim in self.claims.read(source):
                self.claimed.append((claim, self._said_in(claim)))

    def _sources(self, sentence: Sentence, drafts: list[EventDraft], found: list[Attributed]) -> list[Attributed]:
        """What is put forward in a sentence: what it attributes, or all of it if somebody is speaking."""
        if sentence.block.is_question:
            relay = self.voices.relay(sentence.block)
            return [_relayed(a, relay) for a in found if not a.rule or not a.rule.attitude]
        speaker = self.discourse.voice
        if speaker is not None:
            return self._whole(sentence, speaker, drafts)
        if self.voices.goes_on(sentence) and not self._has_source(found):
            assert self.voices.going_on is not None
            return self._whole(sentence, self.voices.going_on, drafts)
        self.voices.heard(sentence, found)
        return found

    def _has_source(self, found: list[Attributed]) -> bool:
        """Whether a sentence inside somebody's speech names another source than the speaker's own side."""
        own = self.resolver.side_of(self.voices.going_on.entity) if self.voices.going_on else None
        return any(
            party.entity.kind not in ("Country", "Group") or self.resolver.side_of(party.entity) != own and len(a.claimants) > 1
            for a in found for party in a.claimants
        )  # fmt: skip

    def _whole(self, sentence: Sentence, speaker: Party, drafts: list[EventDraft]) -> list[Attributed]:
        """A sentence as its speaker's, unless it only tells of an event."""
        if any(d.status == "Occurred" and d.trigger in (sentence.root, *sentence.root.children) for d in drafts):
            return []
        if not is_clause(sentence.root) or sentence.span.text.rstrip().endswith("?"):
            return []
        start, end = span_of(list(sentence.span))
        return [Attributed(sentence, start, end, sentence.root, (speaker,))]

    def _said_in(self, claim: ClaimDraft) -> EventRecord | None:
        """The exchange in which a claim was made: a principal speaking in a readout of it."""
        event = self.book.current
        if event is None or self.discourse.voice is not None or self.reading.document.kind != "Readout":
            return None
        sides = {self.resolver.side_of(e) for e in event.parties}
        claimants = claim.source.claimants
        if not claimants or not all(
            p.entity in event.parties or self.resolver.side_of(p.entity) in sides for p in claimants
        ):
            return None
        span = (claim.start, claim.end)
        for topic in (*claim.topics, *claim.affirms):
            if ("excludedTopic", topic.iri) not in event.topics and not claim.is_negated:
                event.add_topic("discussedTopic", topic.iri, topic, span)
        return event

    def _remember(self, sentence: Sentence, found: list[Attributed]) -> None:
        subject = surface_subject(sentence.root) if is_clause(sentence.root) else None
        if subject is not None:
            self.discourse.saw(self.resolver.all_parties(conjuncts(subject), unknown=True), self.reading)
        for source in found:
            if source.rule is not None:
                self.discourse.saw(source.claimants, self.reading)


def _relayed(source: Attributed, relay: Party | None) -> Attributed:
    return Attributed(source.sentence, source.start, source.end, source.head, source.claimants, source.cue,
                      source.rule, source.noun, source.relay or relay, source.is_negated)  # fmt: skip


__all__ = ["EXCHANGES", "Engine"]
