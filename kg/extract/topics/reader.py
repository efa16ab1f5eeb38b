"""Reads what was talked about sentence by sentence, and gives each topic to its exchange."""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.events.clusters import EventClusters
from kg.extract.events.mention import EventMention
from kg.extract.events.record import EventRecord
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, Sentence
from kg.extract.topics.exchange_resolution import ExchangeResolver
from kg.extract.topics.finder import TopicFinder
from kg.extract.topics.followups import FollowUps
from kg.extract.topics.mention import TopicStatement
from kg.model import Entity


class TopicReader:
    """What is known of the topics of one document while it is read."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver, clusters: EventClusters) -> None:
        self.text = reading.text
        self.finder = TopicFinder(reading, rules)
        self.followups = FollowUps(reading, rules)
        self.occasions = ExchangeResolver(reading, rules, resolver, clusters)
        self.raised: dict[tuple[int, str], set[str]] = {}
        self.resolver, self.rules = resolver, rules
        self.silent: list[tuple[TopicStatement, Token]] = []

    def read(
        self,
        sentence: Sentence,
        drafts: list[EventMention],
        records: list[EventRecord],
        *,
        is_question: bool,
    ) -> Iterator[tuple[TopicStatement, EventRecord]]:
        """The topics of a sentence with the exchange that each was raised in or left out of.

        Args:
            sentence: The sentence.
            drafts: The events that it tells of.
            records: Those of them that the document keeps.
            is_question: Whether a reporter asks it.
        """
        self.occasions.enter(sentence, drafts, records)
        predicates = list(self.finder.predicates(sentence))
        self.followups.hold_back(sentence, predicates)
        if is_question or sentence.is_question:
            self.followups.ask(sentence, predicates)
            return
        by_phrase = list(self.finder.by_pattern(sentence))
        taken = {told.topic.start for told in by_phrase}
        found = [
            *by_phrase,
            *(t for p in predicates for t in p.told if t.predicate and t.topic.start not in taken),
            *self.followups.complete(sentence, predicates),
        ]
        for told in dict.fromkeys(found):
            if told.is_excluded and (document := self.occasions.document(told)) is not None:
                self.silent.append((told, document))
            elif (record := self.occasions.of(told, drafts)) is not None and self._is_news(told, record):
                yield told, record

    def ask(self, sentence: Sentence) -> None:
        """Keep a reporter's question in mind, for what is answered."""
        self.followups.ask(sentence, list(self.finder.predicates(sentence)))

    def _is_news(self, told: TopicStatement, record: EventRecord) -> bool:
        """Whether it may stand beside what was told: a part left out leaves the whole raised."""
        words = self.text[told.topic.start : told.topic.end].lower().removesuffix("s")
        raised = self.raised.setdefault((id(record), told.topic.entry.iri), set())
        if not told.is_excluded:
            raised.add(words)
            return True
        return not raised or words in raised

    def passed_over(self) -> Iterator[tuple[TopicStatement, Entity]]:
        """The topics that other documents are said to leave out (“*the Chinese readout* omits Iran”)."""
        for told, noun in self.silent:
            owners = [c for c in noun.children if c.dep_ in ("poss", "compound", "amod")]
            if any(c.tag_ == "PRP$" for c in owners):
                continue  # “in *its* account”: whose is not told here
            parties = self.resolver.all_parties(owners)
            publisher = parties[0].entity.iri if len(parties) == 1 else None
            words = noun.doc[noun.left_edge.i : noun.i + 1]
            kind = "Readout" if noun.lemma_.lower() in self.rules.lists["readouts"] else "Document"
            yield told, Entity(kind, words.text, publisher=publisher)
