"""Tells what an agreement is about by what it binds its parties to."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.events.clusters import EventClusters
from kg.extract.events.record import EventRecord
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading
from kg.lexicon import Entry
from kg.terms import ID

TRADE = str(ID["topic/trade"])
TRADE_AGREEMENT = str(ID["topic/trade-agreement"])
ONE_SUBJECT = ("Readout", "Post", "JointStatement")


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What a document says that a side will do.

    Attributes:
        topics: What it is about.
        start: Offset of its first character.
        end: Offset after its last.
        rule: Name of the rule that found it.
    """

    topics: tuple[Entry, ...]
    start: int
    end: int
    rule: str


class AgreementTopics:
    """Gives agreements the topics that their own words leave to the rest of a document."""

    def __init__(self, reading: Reading, rules: Rules, clusters: EventClusters) -> None:
        self.reading, self.rules, self.clusters = reading, rules, clusters

    def complete(self, undertakings: Iterable[Undertaking], opening: int) -> None:
        """Add the topics of what is undertaken, and of a deal on trade that names no other.

        Args:
            undertakings: What the document says that a side will do.
            opening: Offset up to which a document comes to its subject.
        """
        subject = self._subject(opening)
        if subject is not None:
            begun = min(start for start, _ in subject.supports)
            for told in undertakings:
                for topic in told.topics if told.start > begun else ():
                    subject.add_topic("discussedTopic", topic, (told.start, told.end), rule=told.rule)
        for record in self.clusters.records:
            self._of_trade(record)

    def _subject(self, opening: int) -> EventRecord | None:
        """The one agreement that the document is about."""
        if self.reading.document.kind not in ONE_SUBJECT:
            return None
        agreements = [r for r in self.clusters.records if r.kind == "Agreement" and r.happened]
        first = [r for r in agreements if any(start < opening for start, _ in r.supports)]
        return first[0] if len(first) == 1 else None

    def _of_trade(self, record: EventRecord) -> None:
        """“They struck *a deal*”, in a document that speaks of trade."""
        named = {iri for _, iri, _ in record.topics}
        entries = self.reading.lexicon.entries
        if record.kind != "Agreement" or named - {TRADE} or TRADE_AGREEMENT not in entries:
            return
        plain = [d for d in record.drafts if self._is_plain(d.trigger)]
        if plain and (named or self._speaks_of_trade()):
            draft = plain[0]
            span = (draft.sentence.start, draft.sentence.end)
            record.topics = {key: value for key, value in record.topics.items() if key[1] != TRADE}
            record.add_topic("discussedTopic", entries[TRADE_AGREEMENT], span, rule=draft.rule.id)

    def _is_plain(self, noun: Token) -> bool:
        """Whether a deal is named by nothing that it is about, or by trade alone."""
        if noun.lemma_.lower() not in self.rules.lists["deal_nouns"]:
            return False
        if any(child.lower_ in self.rules.lists["matter_prepositions"] for child in noun.children):
            return False
        kinds = [c for c in noun.children if c.dep_ == "compound" and c.pos_ == "NOUN"]
        return all(c.lemma_.lower() in self.rules.lists["deal_kinds"] for c in kinds)

    def _speaks_of_trade(self) -> bool:
        lexicon = self.reading.lexicon
        named = {mention.entry.iri for mention in self.reading.mentions.topics}
        return any(iri == TRADE or TRADE in lexicon.ancestors(iri) for iri in named)
