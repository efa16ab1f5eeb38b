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
        mentions: list[EventMention],
        records: list[EventRecord],
        attributions: SourceAttribution,
    ) -> None:
        """Give the topics of a sentence to their exchanges.

        Args:
            sentence: The sentence.
            mentions: The events that it tells of.
            records: Those of them that the document keeps.
            attributions: Who says what in it.
        """
        is_question = self.claims.speakers.asks(sentence.block)
        is_open = not attributions.attributed and not attributions.speakers
        is_open = is_open and self.claims.quotations.holds(sentence)
        for statement, event in self.topics.read(sentence, mentions, records, is_question=is_question):
            if statement.speaker is not None:
                if answering := self.resolver.all_parties([statement.speaker]):
                    self._add(statement, event, answering)
            elif is_open:
                self.quoted.append((statement, event))
            else:
                self._add(statement, event, attributions.attribution_at(statement.said_at).claimants)

    def _add(self, statement: TopicStatement, event: EventRecord, sources: Iterable[Party]) -> None:
        """Give an exchange a topic, as somebody or the document tells of it."""
        span = (statement.sentence.start, statement.sentence.end)
        self.fire(statement.rule, statement.topic.start, statement.topic.end)
        tellers = tuple(dict.fromkeys(party.entity for party in sources))
        event.add_topic(statement.predicate, statement.topic.entry, span, tellers, rule=statement.rule.id)

    def attribute_quoted(self, sentence: Sentence) -> None:
        """Give the topics of a quotation to the speaker whom a later sentence names."""
        quotations = self.claims.quotations
        for statement, event in tuple(self.quoted):
            if statement.sentence in quotations.waiting and statement.sentence.block is sentence.block:
                continue
            self.quoted.remove((statement, event))
            if statement.sentence.block is sentence.block and quotations.speakers:
                self._add(statement, event, quotations.speakers)
