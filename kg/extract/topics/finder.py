"""Finds what a sentence says was, mostly was, or was not talked about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from spacy.tokens import Token

from kg.extract.clauses.clause import Factuality
from kg.extract.clauses.en import (
    auxiliaries,
    clause_above,
    is_clause,
    objects,
    surface_subject,
)
from kg.extract.clauses.en_factuality import FUTURE, judge
from kg.extract.clauses.en_negation import has_stray_negation
from kg.extract.clauses.en_raising import is_aside, is_definite, is_one_sided, is_past, is_predicate
from kg.extract.references.mentions import TopicMention
from kg.extract.rules import Rules, TopicRule
from kg.extract.text.reading import Reading, Sentence, end_of, start_of
from kg.extract.topics.arguments import EXCLUDED, Arguments
from kg.extract.topics.mention import TopicStatement
from kg.extract.topics.spans import Spans
from kg.model import Certainty

OTHER_CLAUSES = ("nsubj", "nsubjpass", "conj", "advcl", "ccomp", "parataxis", "mark", "relcl")


@dataclass(slots=True)
class Predicate:
    """A word of raising or leaving out, and how the text means it.

    Attributes:
        rule: The rule that knows it.
        word: The word.
        property: What it says of its topics; `None` if it tells of no fact.
        is_ahead: Whether it is told of an exchange to come.
        is_hedged: Whether it is told with a reservation.
        told: The topics that it names.
        pronouns: The words that stand for its topics where it names none.
    """

    rule: TopicRule
    word: Token
    property: str | None
    is_ahead: bool = False
    is_hedged: bool = False
    told: list[TopicStatement] = field(default_factory=list)
    pronouns: list[Token] = field(default_factory=list)


class TopicFinder:
    """Applies the topic rules to the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules, self.spans = reading, rules, Spans(reading, rules)
        self.arguments = Arguments(reading, rules)
        self.by_word: dict[str, list[TopicRule]] = {}
        for rule in rules.topics:
            for word in rule.verbs | rule.nouns:
                self.by_word.setdefault(word, []).append(rule)
        self.patterns = [(rule, _compiled(rule.pattern)) for rule in rules.topics if rule.pattern]

    def by_pattern(self, sentence: Sentence) -> Iterator[TopicStatement]:
        """The topics that whole phrases put in or out."""
        for rule, pattern in self.patterns:
            for match in pattern.finditer(self.reading.text[sentence.start : sentence.end]):
                start, end = (sentence.start + i for i in match.span("topics"))
                is_out = rule.property == EXCLUDED
                topics = list(self.spans.topics(sentence, start, end, is_negated=is_out))
                named = [t for t, _ in topics]
                around = self._around(sentence, sentence.start + match.start(), named) if is_out else ()
                for topic, is_excluded in topics:
                    if is_excluded is None or (is_out and not is_excluded):
                        continue
                    name = EXCLUDED if is_excluded else rule.property
                    yield TopicStatement(rule, sentence, None, name, topic, offset=start, around=around)

    def _around(self, sentence: Sentence, start: int, topics: list[TopicMention]) -> tuple[Token, ...]:
        """The words of a phrase from `start` to the end of its clause, without the topics."""
        last = max((t.end for t in topics), default=start)
        mark = re.compile(r"[.,;:]").search(self.reading.text, last, sentence.end)
        end = mark.start() if mark else sentence.end
        return tuple(
            t
            for t in sentence.span
            if start <= start_of(t) < end and not any(m.start <= start_of(t) < m.end for m in topics)
        )

    def predicates(self, sentence: Sentence) -> Iterator[Predicate]:
        """The words of raising and leaving out, in order of the text."""
        for word in sentence.span:
            forms = {word.lemma_.lower(), word.lower_}
            for rule in dict.fromkeys(r for form in sorted(forms) for r in self.by_word.get(form, ())):
                is_noun = word.pos_ == "NOUN" and bool(forms & rule.nouns)
                is_verb = (is_clause(word) or is_predicate(word)) and bool(forms & rule.verbs)
                if not (is_noun or is_verb) or not self._fits(rule, word):
                    continue
                predicate = self._predicate(rule, word)
                self._fill(predicate, sentence)
                if predicate.told or predicate.pronouns:
                    yield predicate
                    break

    def _fits(self, rule: TopicRule, word: Token) -> bool:
        if rule.particles and not any(c.lower_ in rule.particles for c in word.children):
            after = word.doc[word.i + 1 : word.i + 3]
            if not rule.complements or not any(t.lower_ in rule.particles for t in after):
                return False
        if rule.complements and not rule.particles and not self._has_complement(rule, word):
            return False
        if rule.objects and not any(t.lemma_.lower() in rule.objects for t in objects(word)):
            return False
        if rule.subjects:
            subject = surface_subject(word)
            return subject is not None and subject.lemma_.lower() in rule.subjects
        return True

    def _has_complement(self, rule: TopicRule, word: Token) -> bool:
        cut = [c for c in word.children if c.dep_ in (*OTHER_CLAUSES, "cc") and c.i > word.i]
        end = min([c.left_edge.i for c in cut] or [word.sent.end])
        words = word.doc[word.i + 1 : max(end, word.i + 1)].text.lower()
        return any(
            re.match(rf"(?:[\w',-]+ ){{0,4}}{re.escape(phrase)}\b", words) for phrase in rule.complements
        )

    def _predicate(self, rule: TopicRule, word: Token) -> Predicate:
        """What the text means by a word of raising or leaving out."""
        judgement = judge(word.head if is_predicate(word) else word, self.rules)
        is_hedged = judgement.certainty == "Hedged"
        found = Predicate(rule, word, None, is_hedged=is_hedged)
        verb = word if is_clause(word) else clause_above(word) or word
        own = {helper.lower_ for helper in auxiliaries(verb)}
        is_ahead = judgement.factuality is Factuality.PLANNED and bool(own & FUTURE) and "would" not in own
        raises = rule.property != EXCLUDED
        if (
            judgement.happened
            and raises
            and is_clause(word)
            and has_stray_negation(word, surface_subject(word))
        ):
            return found
        unasserted = self.rules.lists["unasserted_words"]
        if judgement.happened and any(c.dep_ == "det" and c.lower_ in unasserted for c in word.children):
            return found  # “*any* mention of it”: of which is not told
        is_denied = judgement.factuality is Factuality.UNTRUE and judgement.polarity == "Affirmed"
        is_denied = is_denied and judgement.reason in self.rules.lists["denial_verbs"]
        if judgement.happened and raises:
            found.property = rule.property
        elif is_ahead and raises and judgement.polarity == "Affirmed" and not is_hedged:
            found.property, found.is_ahead = rule.property, True
        elif rule.property == "mainTopic":
            return found  # what was not the focus may have been raised
        elif is_hedged or is_aside(word):
            return found
        elif (raises and (judgement.is_denied_plainly or is_denied) and is_past(verb)) or (
            not raises and judgement.happened and is_past(verb)
        ):
            found.property = EXCLUDED
        elif is_ahead and (judgement.polarity == "Negated") == raises:
            found.property, found.is_ahead = EXCLUDED, True
        if found.property == EXCLUDED and raises and is_one_sided(verb):
            found.property = None
        return found

    # ── The topics of a predicate ──

    def _fill(self, predicate: Predicate, sentence: Sentence) -> None:
        rule, word = predicate.rule, predicate.word
        is_out = predicate.property == EXCLUDED
        taken: set[int] = set()
        for words in self.arguments.of(rule, word, is_out=is_out):
            if not self.arguments.name_topics(words):
                words = self.arguments.named_after(words, word) or words
            start, end = min(start_of(t) for t in words), max(end_of(t) for t in words)
            for topic, is_excluded in self.spans.topics(sentence, start, end, is_negated=is_out):
                if topic.start in taken:
                    continue
                taken.add(topic.start)
                name = predicate.property
                if is_excluded is None or name is None:
                    name = None
                elif is_excluded != is_out:
                    name = EXCLUDED if is_excluded and rule.property != EXCLUDED else None
                elif not is_out:
                    name = rule.property
                certainty: Certainty = "Hedged" if predicate.is_hedged else "Certain"
                predicate.told.append(TopicStatement(
                    rule, sentence, word, name or "", topic, certainty, predicate.is_ahead, start_of(word)
                ))  # fmt: skip
            if not taken and len(words) < 8 and word.dep_ not in ("relcl", "acl"):
                predicate.pronouns += [t for t in words if self._stands_for_topic(t)][:1]

    def _stands_for_topic(self, token: Token) -> bool:
        lemma = token.lemma_.lower()
        if token.lower_ in self.rules.lists["matter_pronouns"]:
            return token.dep_ not in ("det", "mark")
        is_noun = lemma in self.rules.lists["topic_pronouns"] and token.pos_ == "NOUN"
        return is_noun and is_definite(token)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
