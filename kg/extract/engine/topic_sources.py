"""Gives each topic to its exchange, with whoever the document says tells of it."""

from collections.abc import Callable, Iterable

from kg.extract.claims.finder import ClaimFinder, SourceAttribution
from kg.extract.events.mention import EventMention
from kg.extract.events.record import EventRecord
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rule
from kg.extract.text.reading import Sentence
from kg.extract.topics.mention import TopicStatement
from kg.extract.topics.reader import TopicReader


class TopicSources:
    """What is told of topics in one document, and by whom; quotations wait for their speaker."""

    def __init__(
        self,
        topics: TopicReader,
        claims: ClaimFinder,
        resolver: Resolver,
        fire: Callable[[Rule | None, int, int], None],
    ) -> None:
        self.topics, self.claims, self.resolver, self.fire = topics, claims, resolver, fire
        self.quoted: list[tuple[TopicStatement, EventRecord]] = []

    def read(
        self,
        sentence: Sentence,
        drafts: list[EventMention],
        records: list[EventRecord],
        attributions: SourceAttribution,
    ) -> None:
        """Give the topics of a sentence to their exchanges.

        Args:
            sentence: The sentence.
            drafts: The events that it tells of.
            records: Those of them that the document keeps.
            attributions: Who says what in it.
        """
        is_question = self.claims.speakers.asks(sentence.block)
        is_open = not attributions.attributed and not attributions.speakers
        is_open = is_open and self.claims.quotations.holds(sentence)
        for told, event in self.topics.read(sentence, drafts, records, is_question=is_question):
            if told.speaker is not None:
                if answering := self.resolver.all_parties([told.speaker]):
                    self._add(told, event, answering)
            elif is_open:
                self.quoted.append((told, event))
            else:
                self._add(told, event, attributions.attribution_at(told.said_at).claimants)

    def _add(self, told: TopicStatement, event: EventRecord, sources: Iterable[Party]) -> None:
        """Give an exchange a topic, as somebody or the document tells of it."""
        span = (told.sentence.start, told.sentence.end)
        self.fire(told.rule, told.topic.start, told.topic.end)
        tellers = tuple(dict.fromkeys(party.entity for party in sources))
        event.add_topic(told.predicate, told.topic.entry, span, tellers, rule=told.rule.id)

    def attribute_quoted(self, sentence: Sentence) -> None:
        """Give the topics of a quotation to the speaker whom a later sentence names."""
        quotations = self.claims.quotations
        for told, event in tuple(self.quoted):
            if told.sentence in quotations.waiting and told.sentence.block is sentence.block:
                continue
            self.quoted.remove((told, event))
            if told.sentence.block is sentence.block and quotations.speakers:
                self._add(told, event, quotations.speakers)
