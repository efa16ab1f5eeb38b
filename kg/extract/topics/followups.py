"""Completes what a sentence says of topics that it leaves to the words before it.

“Hong Kong was not.”, “It did not come up.”, “so was Taiwan”, “Did Taiwan come up? — It did not.”
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.extract.clauses.en import is_clause, surface_subject
from kg.extract.references.mentions import TopicMention
from kg.extract.rules import Rules, TopicRule
from kg.extract.text.reading import Reading, Sentence, start_of
from kg.extract.topics.arguments import EXCLUDED
from kg.extract.topics.finder import Predicate
from kg.extract.topics.mention import TopicStatement
from kg.extract.topics.spans import Spans

ELLIPSES = (("was_not", True), ("bare_not", True), ("neither_was", True), ("so_was", False))


class FollowUps:
    """Remembers what the last sentences spoke of."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules, self.spans = reading, rules, Spans(reading, rules)
        self.patterns = rules.patterns
        self.last: list[Predicate] = []
        self.named: list[TopicMention] = []
        self.question: Sentence | None = None
        self.asked: list[TopicMention] = []
        self.rule: TopicRule = next(r for r in rules.topics if r.property != EXCLUDED)

    def ask(self, sentence: Sentence, predicates: list[Predicate]) -> None:
        """Keep a question in mind, for what is answered."""
        topics = _distinct(t.topic for p in predicates for t in p.told)
        if topics or self.question is None or self.question.block is not sentence.block:
            self.question, self.asked = sentence, topics
        self.last, self.named = predicates, topics or self._topics(sentence)

    def complete(self, sentence: Sentence, predicates: list[Predicate]) -> Iterator[TopicStatement]:
        """What the sentence says of topics named before its words, or before the sentence."""
        found = [*self._of_pronouns(sentence, predicates), *self._of_ellipsis(sentence, predicates)]
        found += [*self._answers(sentence), *self._denied_when_asked(sentence)]
        found += self._out_of_time(sentence, predicates)
        yield from found
        self.remember(sentence, predicates)

    def hold_back(self, sentence: Sentence, predicates: list[Predicate]) -> None:
        """Take back what there was no time for: “ran out of time *to discuss* it”."""
        if not self.patterns["out_of_time"].search(self.reading.text, sentence.start, sentence.end):
            return
        for predicate in predicates:
            word = predicate.word
            is_later = word.tag_ == "VBG" or any(c.dep_ == "aux" for c in word.children)
            if predicate.property != EXCLUDED and is_later:
                predicate.property = None
                predicate.told = [replace(told, predicate="") for told in predicate.told]

    def remember(self, sentence: Sentence, predicates: list[Predicate]) -> None:
        """Go on to the next sentence."""
        named = self._topics(sentence)
        if named or any(p.told for p in predicates):
            self.named = named
        if predicates:
            self.last = predicates
        elif not named:
            return
        else:
            self.last = []
        if self.question is not None and self.question.block is not sentence.block and named:
            self.question, self.asked = None, []

    def _of_pronouns(self, sentence: Sentence, predicates: list[Predicate]) -> Iterator[TopicStatement]:
        """“*The subject* was not raised”, “*it* never came up”."""
        for predicate in predicates:
            if predicate.told or not predicate.pronouns or predicate.property is None:
                continue
            at = start_of(predicate.pronouns[0])
            for topic in self._antecedents(sentence, at):
                name = predicate.property
                yield TopicStatement(predicate.rule, sentence, predicate.word, name, topic, "Certain",
                                predicate.is_ahead, at)  # fmt: skip

    def _antecedents(self, sentence: Sentence, at: int) -> list[TopicMention]:
        asked = self._asked_about(sentence)
        if asked:
            return asked
        before = _distinct(self.reading.mentions.topics_in(sentence.start, at))
        if before:
            return before if len(before) == 1 else []
        if self.question is not None and self.asked:
            return self.asked
        return self.named if len(self.named) == 1 else []

    def _asked_about(self, sentence: Sentence) -> list[TopicMention]:
        """“*asked about* Iran”, “*asked whether* they had discussed Iran”: the topics asked about."""
        match = self.patterns["asked_about"].search(self.reading.text, sentence.start, sentence.end)
        if match is None:
            return []
        comma = self.reading.text.find(",", match.end(), sentence.end)
        return _distinct(self.reading.mentions.topics_in(match.end(), comma if comma > 0 else sentence.end))

    def _of_ellipsis(self, sentence: Sentence, predicates: list[Predicate]) -> Iterator[TopicStatement]:
        text = self.reading.text[sentence.start : sentence.end]
        base = self._base(predicates)
        asked = self._asked_about(sentence)
        if not base and not asked and not self.asked:
            return
        for name, is_out in ELLIPSES:
            for match in self.patterns[name].finditer(text):
                start, end = (sentence.start + i for i in match.span("subject"))
                subject = self.patterns["lead_in"].sub("", text[slice(*match.span("subject"))]).strip()
                topics = [t for t in self.reading.mentions.topics_in(start, end) if t.end <= end]
                if topics and (base or self.asked) and not self._is_told(predicates, topics):
                    pass
                elif not topics and self.patterns["stands_for_topic"].match(subject) and is_out:
                    topics = asked or self._antecedents(sentence, start)
                else:
                    continue
                predicate = EXCLUDED if is_out else "discussedTopic"
                for topic in topics:
                    if not is_out or start > topic.start or self.spans.is_whole(sentence, topic):
                        yield TopicStatement(
                            self._rule(base), sentence, None, predicate, topic, offset=end - 1
                        )

    def _is_told(self, predicates: list[Predicate], topics: list[TopicMention]) -> bool:
        told = {t.topic.start for p in predicates for t in p.told}
        return all(t.start in told for t in topics)

    def _base(self, predicates: list[Predicate]) -> list[Predicate]:
        """The words of raising that an ellipsis may repeat: of its own sentence, or of the one before."""
        return [p for p in predicates if p.told] or [p for p in self.last if p.told or p.pronouns]

    def _rule(self, base: list[Predicate]) -> TopicRule:
        return next((p.rule for p in base if p.rule.property != EXCLUDED), self.rule)

    def _answers(self, sentence: Sentence) -> Iterator[TopicStatement]:
        """Give the topics of a question as left out by “No”."""
        if self.question is None or not self.asked or sentence.block is self.question.block:
            return
        question = self.reading.text[self.question.start : self.question.end]
        answer = self.reading.text[sentence.start : sentence.end]
        is_first = self.reading.text[sentence.block.start : sentence.start].strip(' \n"') == ""
        if (
            is_first
            and self.patterns["yes_or_no"].match(question)
            and self.patterns["no_answer"].match(answer)
        ):
            for topic in self.asked:
                yield TopicStatement(
                    self._rule(self.last), sentence, None, EXCLUDED, topic, offset=sentence.start
                )

    def _denied_when_asked(self, sentence: Sentence) -> Iterator[TopicStatement]:
        """“*Asked whether* they had discussed Iran, he *said no*”: left out by whom was asked."""
        text, asked = self.reading.text, self._asked_about(sentence)
        match = self.patterns["said_no"].search(text, sentence.start, sentence.end)
        if not asked or match is None or asked[-1].end > match.start():
            return
        if not self.patterns["asked_whether"].search(text, sentence.start, asked[0].start):
            return
        speaker = surface_subject(sentence.root) if is_clause(sentence.root) else None
        if speaker is None or speaker.i > sentence.root.i + 3:
            return  # nobody is known to have said it
        for topic in asked:
            if self.spans.is_whole(sentence, topic):
                yield TopicStatement(self._rule(self.last), sentence, None, EXCLUDED, topic, speaker=speaker)

    def _out_of_time(self, sentence: Sentence, predicates: list[Predicate]) -> Iterator[TopicStatement]:
        """Give what was to be raised as left out by those who “ran out of time”."""
        if not self.patterns["out_of_time"].search(self.reading.text, sentence.start, sentence.end):
            return
        for told in (t for p in predicates if p.property is None for t in p.told):
            if self.spans.is_whole(sentence, told.topic):
                yield TopicStatement(
                    told.rule, sentence, told.trigger, EXCLUDED, told.topic, offset=told.topic.start
                )

    def _topics(self, sentence: Sentence) -> list[TopicMention]:
        return _distinct(self.reading.mentions.topics_in(sentence.start, sentence.end))


def _distinct(topics: Iterable[TopicMention]) -> list[TopicMention]:
    return list({t.entry.iri: t for t in topics}.values())
