"""Finds the exchange in which a claim was made."""

from kg.extract.claims.reader import ClaimDraft
from kg.extract.clauses.en import clause_above
from kg.extract.events.clusters import EventClusters
from kg.extract.events.mention import EventMention
from kg.extract.events.record import EventRecord
from kg.extract.references.discourse import Discourse
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.blocks import Block
from kg.extract.text.reading import Reading, Sentence

OPENING = 4  # sentences in which an article comes to its subject


class ClaimExchanges:
    """In which exchange the words of one document fell.

    Attributes:
        is_spoken_there: Whether the whole document was spoken at its exchange.
    """

    is_spoken_there = False

    def __init__(
        self,
        reading: Reading,
        rules: Rules,
        resolver: Resolver,
        clusters: EventClusters,
        discourse: Discourse,
    ) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.clusters, self.discourse = clusters, discourse
        self.frame: tuple[Block, EventRecord] | None = None

    def said_in(self, claim: ClaimDraft) -> EventRecord | None:
        """The exchange in which a claim was made: a principal speaking in a readout of it."""
        is_readout = self.reading.document.kind == "Readout"
        event = self.clusters.current if is_readout else self._frame(claim.source.sentence)
        if self.is_spoken_there:
            event = self.clusters.main
        elif self.discourse.voice is not None:
            return None
        if event is None:
            self._raised(claim)
            return None
        sides = {self.resolver.side_of(e) for e in event.parties}
        claimants = claim.source.claimants
        if not claimants or not all(
            p.entity in event.parties or self.resolver.side_of(p.entity) in sides for p in claimants
        ):
            return None
        span = (claim.start, claim.end)
        event.support((claim.source.sentence.start, claim.source.sentence.end), [p.entity for p in claimants])
        for topic in claim.topics:
            if topic.iri not in event.excluded and not claim.is_negated:
                event.add_topic("discussedTopic", topic, span, rule=claim.rule.id)
        return event

    def _only_exchange(self) -> EventRecord | None:
        """The call or meeting that an article opens with, while no other is spoken of."""
        main = self.clusters.main
        if main is None or self.reading.document.kind != "Article" or self.clusters.current is not main:
            return None
        opening = self.reading.sentences[:OPENING]
        is_first = bool(main.supports) and min(main.supports)[0] < opening[-1].end
        return main if is_first and main.happened and main.kind in ("Call", "Meeting") else None

    def _raised(self, claim: ClaimDraft) -> None:
        """What a party is said to have raised, in news of one exchange: a matter of it, wherever it fell."""
        event, source = self._only_exchange(), claim.source
        raises = source.verb is not None and source.verb.lemma_.lower() in self.rules.lists["raising_verbs"]
        if event is None or not raises or claim.is_negated or not source.claimants:
            return
        words = {t.lemma_.lower() for t in source.sentence.span}
        if words & (self.rules.lists["other_occasions"] | self.rules.lists["documents"]):
            return
        if all(p.entity in event.parties and p.entity.kind != "Country" for p in source.claimants):
            for topic in claim.topics:
                if topic.iri not in event.excluded:
                    event.add_topic("discussedTopic", topic, (claim.start, claim.end), rule=claim.rule.id)

    def _frame(self, sentence: Sentence) -> EventRecord | None:
        """The exchange in which a paragraph says that words fell: “*During the call*, X warned …”."""
        return self.frame[1] if self.frame and self.frame[0] is sentence.block else None

    def enter(self, sentence: Sentence, mentions: list[EventMention]) -> None:
        """Note the exchange that a sentence names as where the words of its paragraph fell."""
        for mention in mentions:
            clause = clause_above(mention.trigger)
            if clause is not None and clause.dep_ in ("ccomp", "parataxis"):
                continue  # “it was raised *at the meeting*, she said”: said elsewhere
            if mention.is_reference and mention.trigger.dep_ == "pobj":
                record = self.clusters.mentioned([mention])
                is_inside = mention.trigger.head.lower_ in ("during", "in", "at", "on")
                self.frame = (sentence.block, record) if is_inside and record and record.happened else None
