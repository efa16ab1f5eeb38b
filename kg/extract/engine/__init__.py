"""Reads one document: sentences in their order, each for its events, topics and claims."""

from collections.abc import Iterator
from dataclasses import replace

from kg.extract.claims.attributed import Attributed
from kg.extract.claims.finder import ClaimFinder, SourceAttribution
from kg.extract.claims.reader import ClaimDraft
from kg.extract.clauses.en import auxiliaries, conjuncts, is_clause, subjects, surface_subject
from kg.extract.clauses.en_raising import only_dates
from kg.extract.emit import Emitter
from kg.extract.engine.claim_exchanges import OPENING, ClaimExchanges
from kg.extract.engine.topic_sources import TopicSources
from kg.extract.events.clusters import EventClusters
from kg.extract.events.dating import date_agreements, date_main, date_undertakings
from kg.extract.events.details import EventDetails
from kg.extract.events.finder import EventFinder
from kg.extract.events.invitations import InvitationReader
from kg.extract.events.mention import EXCHANGES, EventMention
from kg.extract.events.record import EventRecord, SupportedValue
from kg.extract.events.triggers import is_occasion, makes_up
from kg.extract.frame import ONE_SUBJECT, Frame, find_frame
from kg.extract.references.discourse import Discourse
from kg.extract.references.resolver import CHINA, UNITED_STATES, Resolver
from kg.extract.rules import Rule, Rules
from kg.extract.text.blocks import HEADINGS
from kg.extract.text.reading import Reading, Sentence, end_of, start_of
from kg.extract.topics.agreements import AgreementTopics, Undertaking
from kg.extract.topics.reader import TopicReader
from kg.model import Statement


class Engine:
    """What is known of one document while it is read."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules = reading, rules
        self.discourse = Discourse()
        self.resolver = Resolver(reading, rules, self.discourse)
        self.events = EventFinder(reading, rules, self.resolver)
        self.claims = ClaimFinder(reading, rules, self.resolver)
        self.clusters = EventClusters(
            self.resolver.side_of,
            reading.document.published,
            has_one_subject=reading.document.kind in ONE_SUBJECT,
            concerns_both=self.resolver.pairs.is_between_the_two,
            presumed_side=self.resolver.presumed_side,
        )
        self.document_frame = Frame()
        self.invitations = InvitationReader(self.resolver, self.clusters, self.discourse)
        self.details = EventDetails(reading, rules, self.clusters)
        self.topics = TopicReader(reading, rules, self.resolver, self.clusters)
        self.topic_sources = TopicSources(self.topics, self.claims, self.resolver, self._fire)
        self.claim_exchanges = ClaimExchanges(reading, rules, self.resolver, self.clusters, self.discourse)
        self.fired: list[tuple[Rule, str]] = []
        self.claimed: list[tuple[ClaimDraft, EventRecord | None]] = []

    def statements(self) -> Iterator[Statement]:
        """Everything that the document says."""
        self._headline()
        for sentence in self.reading.sentences:
            self._read(sentence)
        self.fired += [*self.resolver.used, *self.claims.reader.dropped]
        sentences = self.reading.sentences[:OPENING]
        opening = sentences[-1].end if sentences else 0
        if self.document_frame.has_one_subject or self.document_frame.is_spoken_there:
            date_main(self.clusters, opening)
        agreements = AgreementTopics(self.reading, self.rules, self.clusters)
        agreements.complete(self._undertakings(), opening)
        date_agreements(self.clusters.records)
        if self.reading.document.kind == "JointStatement":
            date_undertakings(self.clusters)
        emitter = Emitter(self.reading, self.resolver.side_of)
        same = self._borne_out(emitter)
        for record in dict.fromkeys(same.values()):
            yield from emitter.facts(record)
        for statement, document in self.topics.passed_over():
            yield emitter.passed_over(statement, document)
        for claim, said_in in self.claimed:
            yield emitter.claim(claim, same.get(said_in) if said_in else None)

    def _borne_out(self, emitter: Emitter) -> dict[EventRecord, EventRecord]:
        """The events that the body bears out, each led to the first that is the same."""
        same: dict[EventRecord, EventRecord] = {}
        first_by_key: dict[object, EventRecord] = {}
        for record in self.clusters.records:
            if record.settle(self.reading.document.published):
                record.prune(self.reading.lexicon, self.resolver.side_of)
                first = first_by_key.setdefault(emitter.key(record), record)
                if first is not record:
                    first.merge(record)
                same[record] = first
        return same

    def _headline(self) -> None:
        """Begin with the exchange that a title outside the body names."""
        self.document_frame = find_frame(self.reading, self.rules, self.discourse)
        self.claim_exchanges.is_spoken_there = self.document_frame.is_spoken_there
        exchange = self.document_frame.exchange
        if exchange is not None:
            self.clusters.has_one_subject |= self.document_frame.is_spoken_there
            self.clusters.open(exchange, self.document_frame.scene)
            self.discourse.principals = self.document_frame.parties

    def _read(self, sentence: Sentence) -> None:
        self.discourse.voice = self.claims.enter(sentence)
        if sentence.is_question and self._is_asked(sentence):
            self.topics.ask(sentence)
            return  # it assumes what the answer may deny
        self._complete(sentence)
        attributions = self.claims.attribute(sentence)
        self.discourse.sources = attributions
        mentions = [d for d in self.events.find(sentence) if sentence.block.kind not in HEADINGS]
        for mention in mentions:
            mention.is_background = (
                mention.is_background or _is_aside(mention, mentions) or only_dates(mention.trigger)
            )
        in_turn = sorted(
            mentions, key=lambda mention: mention.kind == "Agreement"
        )  # settled in what comes first
        entered = {mention: self._enter(mention, attributions, mentions) for mention in in_turn}
        records = [record for mention in mentions if (record := entered[mention]) is not None]
        self._at_the_table(sentence)
        subject = self.clusters.main or self.clusters.ahead
        if subject is not None:
            self.discourse.principals = tuple(p for _, p, _ in subject.roles)
        self.details.read(sentence, records)
        invited = {mention.trigger for mention in mentions if mention.kind == "Invitation"}
        done = {mention.trigger.head for mention in mentions if mention.has_role("imposedBy")}
        found = [
            a
            for a in attributions.attributed
            if a.head not in invited and (a.verb not in done or a.head != a.verb)
        ]
        attributions = replace(attributions, attributed=tuple(found))
        self.topic_sources.read(sentence, mentions, records, attributions)
        self.claim_exchanges.enter(sentence, mentions)
        is_speech = self._claims(sentence, mentions, attributions)
        self.topic_sources.attribute_quoted(sentence)
        if not is_speech or self.discourse.voice is not None:
            self._remember(sentence, found)

    def _occasion(self, mention: EventMention, mentions: list[EventMention]) -> EventRecord | None:
        """“the consensus reached *at the Busan meeting*”: the exchange in which an agreement was settled."""
        if mention.kind != "Agreement":
            return None
        inside = [d for d in mentions if d.kind in EXCHANGES and is_occasion(d.trigger, mention)]
        exchange = self.clusters.mentioned(inside)
        if exchange is None and mention.status == "Occurred" and makes_up(mention, self.clusters.current):
            exchange = self.clusters.current
        return exchange if exchange is not None and exchange.happened else None

    def _at_the_table(self, sentence: Sentence) -> None:
        """What a principal says at the exchange itself bears out that it took place."""
        voice, main = self.discourse.voice, self.clusters.main
        if self.document_frame.is_spoken_there and voice and main and voice.entity in main.parties:
            span = (sentence.start, sentence.end)
            main.support(span, [voice.entity])
            if main.status is None or main.status.value != "Occurred":
                main.status = SupportedValue("Occurred", [span])

    def _is_asked(self, sentence: Sentence) -> bool:
        """Whether a reporter speaks, whose questions assume what the answer may deny."""
        return self.claims.speakers.asks(sentence.block)

    # ── Events ──

    def _enter(
        self, mention: EventMention, attributions: SourceAttribution, mentions: list[EventMention]
    ) -> EventRecord | None:
        attribution = attributions.attribution_at(start_of(mention.trigger))
        mention.claimants = tuple(dict.fromkeys(party.entity for party in attribution.claimants))
        mention.relay = attribution.relay.entity if attribution.relay else None
        if mention.kind == "Invitation":
            record = self.invitations.enter(mention)
        else:
            record = self.clusters.enter(mention, self._occasion(mention, mentions))
        if record is None:
            reason = "it names no parties of both sides, and no event told before"
            self.events.missed.append((mention.rule, mention.trigger, reason))
            return None
        self._fire(mention.rule, start_of(mention.trigger), end_of(mention.trigger))
        self._subject_matter(mention, record)
        return record

    def _subject_matter(self, mention: EventMention, record: EventRecord) -> None:
        """Topics of its class and of the words for it (“talks *on tariffs*”, but “*trade talks*” name it)."""
        if record.kind != mention.kind:
            return
        matters = self.reading.lexicon.matters_of(record.kind)
        start = mention.trigger.left_edge if mention.rule.nouns else mention.trigger
        words = (start_of(start), end_of(mention.trigger.right_edge))
        named = self.claims.reader.topics(*words) if mention.rule.topical else ()
        head = start_of(mention.trigger)
        name = {m.entry.iri for m in self.reading.mentions.topics_in(*words) if m.start <= head < m.end}
        above = {matter.iri for matter in matters}
        ancestors = self.reading.lexicon.ancestors
        topics = [t for t in named if t.iri not in name or not above & ancestors(t.iri)]
        span = (mention.sentence.start, mention.sentence.end)
        for topic in dict.fromkeys((*topics, *matters)):
            record.add_topic("discussedTopic", topic, span, rule=mention.rule.id)

    def _fire(self, rule: Rule | None, start: int, end: int) -> None:
        """Note which rule gave what, for tests and explanations."""
        if rule is not None:
            self.fired.append((rule, self.reading.words(start, end)))

    def _complete(self, sentence: Sentence) -> None:
        """Two persons of both sides who are said to have talked were in the exchange spoken of."""
        if self.clusters.pending is None:
            return
        talked = self.rules.lists["topic_verbs"] | self.rules.lists["speak_verbs"]
        for trigger in (t for t in sentence.span if t.lemma_.lower() in talked and is_clause(t)):
            parties = self.resolver.all_parties(subjects(trigger))
            sides = {self.resolver.side_of(party.entity) for party in parties}
            if len(parties) == 2 and {UNITED_STATES, CHINA} <= sides:
                self.clusters.complete(parties, (sentence.start, sentence.end))

    # ── Claims ──

    def _claims(
        self, sentence: Sentence, mentions: list[EventMention], attributions: SourceAttribution
    ) -> bool:
        """Read the claims of a sentence; whether all of it is somebody's speech."""
        occurred = [d.trigger for d in mentions if d.status == "Occurred" and not d.is_reference]
        ahead = [d.trigger for d in mentions if d.status != "Occurred" and d.kind in EXCHANGES]
        read = self.claims.claims(sentence, attributions, occurred, ahead)
        for source, claims in read:
            for claim in claims:
                self.claimed.append((claim, self.claim_exchanges.said_in(claim)))
                self._fire(source.rule, claim.start, claim.end)
                self._fire(claim.rule, claim.start, claim.end)
        return any(source.cue is None and source.claimants for source, _ in read)

    def _undertakings(self) -> Iterator[Undertaking]:
        """What sides will do, promised or told without a source."""
        will_words = self.rules.lists["will_words"]
        for claim, _ in self.claimed:
            if claim.source.cue is not None or claim.is_negated:
                continue
            if claim.kind == "Commitment" or {t.lower_ for t in auxiliaries(claim.head)} & will_words:
                yield Undertaking(claim.topics, claim.start, claim.end, claim.rule.id)

    def _remember(self, sentence: Sentence, found: list[Attributed]) -> None:
        subject = surface_subject(sentence.root) if is_clause(sentence.root) else None
        if subject is not None:
            self.discourse.saw(self.resolver.all_parties(conjuncts(subject), unknown=True), self.reading)
        for source in found:
            if source.rule is not None:
                self.discourse.saw(source.claimants, self.reading)


def _is_aside(mention: EventMention, mentions: list[EventMention]) -> bool:
    """“*The call* was a follow-up to *a meeting* in May”: an exchange that only tells of another."""
    others = (other.trigger for other in mentions if other is not mention and other.kind in EXCHANGES)
    is_spoken_of = any(t.dep_ in ("nsubj", "nsubjpass") and is_clause(t.head) for t in others)
    return is_spoken_of and mention.trigger.dep_ == "pobj"
