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
    is_passive,
    objects,
    obliques,
    surface_subject,
)
from kg.extract.clauses.en_factuality import FUTURE, judge
from kg.extract.clauses.en_raising import (
    begins_clause,
    is_act,
    is_aside,
    is_definite,
    is_next_act,
    is_of_next,
    is_one_sided,
    is_past,
    is_predicate,
    is_relative,
)
from kg.extract.rules import Rules, TopicRule
from kg.extract.text.reading import Reading, Sentence, end_of, start_of
from kg.extract.topics.mention import TopicStatement
from kg.extract.topics.spans import Spans
from kg.model import Certainty

OTHER_CLAUSES = ("nsubj", "nsubjpass", "conj", "advcl", "ccomp", "parataxis", "mark", "relcl")
# What the parser may take an object without an article for.
MISREAD = ("advmod", "acomp", "npadvmod", "dep", "oprd")
EXCLUDED = "excludedTopic"


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
                for topic, is_excluded in self.spans.topics(sentence, start, end, is_negated=is_out):
                    if is_excluded is None or (is_out and not is_excluded):
                        continue
                    name = EXCLUDED if is_excluded else rule.property
                    yield TopicStatement(rule, sentence, None, name, topic, offset=start)

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
        for words in self._arguments(rule, word, is_out=is_out):
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

    def _arguments(self, rule: TopicRule, word: Token, *, is_out: bool) -> Iterator[list[Token]]:
        """The words that hold the topics."""
        if is_predicate(word):
            subject = surface_subject(word.head)
            for path in rule.topics:
                if path != "subject":
                    yield from filter(None, [[t for h in obliques(word).get(path, []) for t in h.subtree]])
                elif subject is not None:
                    yield [t for t in subject.subtree if t.i < word.i and not is_relative(t, subject)]
            return
        if not is_clause(word):
            yield from self._of_noun(rule, word)
            return
        passive = is_passive(word)
        for path in rule.topics:
            if path == "subject" or (path == "object" and passive):
                subject = surface_subject(word)
                if subject is None:
                    continue
                words = [t for t in subject.subtree if t.i < word.i and not is_relative(t, subject)]
                if passive and not self._topics(words):  # “everything was discussed *except Iran*”
                    after = [t for t in word.subtree if t.i > word.i and not t.is_punct]
                    if after and after[0].lower_ in self.rules.lists["exception_words"]:
                        yield after
                if subject.lemma_.lower() in self.rules.lists["generic_nouns"] and not self._topics(words):
                    words = self._equated(subject) or words
            elif path == "object":
                heads = [t for t in objects(word) if not is_of_next(t, word)]
                heads = heads or [c for c in word.children if c.i > word.i and c.dep_ in MISREAD]
                heads = heads or [c for c in word.children if c.i > word.i and is_act(c)]
                words = self._complement(word, heads, is_out=is_out)
                if rule.property == EXCLUDED and words:
                    words = [t for head in heads for t in head.subtree]
            else:
                with_it = (c for c in word.children if c.dep_ in ("acomp", "advmod", "prt", "oprd", "prep"))
                nouns = [word, *objects(word), *with_it]
                heads = [t for noun in nouns for t in obliques(noun).get(path, [])]
                heads = [
                    t
                    for t in heads
                    if (path != "to" or not self._is_hearer(t))
                    and (not self._is_exchange(t) or self._is_matter(t))
                ]
                words = self._complement(word, heads, is_out=is_out)
            if words:
                yield words
        if passive and not any(c.dep_ in ("nsubj", "nsubjpass") for c in word.children):
            return

    def _is_exchange(self, token: Token) -> bool:
        """“*on the call*”: where something was raised, and not what."""
        lists = self.rules.lists
        return token.lemma_.lower() in lists["exchange_words"] - lists["matter_nouns"]

    def _is_matter(self, noun: Token) -> bool:
        """“spoke on *Trump's upcoming visit* and the crisis”: an exchange to come as what is talked about."""
        is_somebodys = any(c.dep_ == "poss" for c in noun.children)
        return is_somebodys and self._topics(sorted(noun.subtree, key=lambda t: t.i))

    def _is_hearer(self, token: Token) -> bool:
        return token.lemma_.lower() in self.rules.lists["people_asked"]

    def _topics(self, words: list[Token]) -> bool:
        if not words:
            return False
        return bool(self.reading.mentions.topics_in(start_of(words[0]), end_of(words[-1])))

    def _equated(self, noun: Token) -> list[Token]:
        """“*Tariffs* were the only topic that was discussed”."""
        if noun.dep_ == "attr" and noun.head.lemma_ == "be":
            subject = surface_subject(noun.head)
            return [*subject.subtree] if subject is not None else []
        return []

    def _of_noun(self, rule: TopicRule, noun: Token) -> Iterator[list[Token]]:
        """“no mention *of Taiwan*”, “*Taiwan* received no mention”."""
        is_negative = judge(noun, self.rules).polarity == "Negated"
        verb = clause_above(noun)
        found = False
        for path in rule.topics:
            heads = list(obliques(noun).get(path, []))
            if verb is not None and (is_negative or verb.lemma_ in self.rules.lists["being_verbs"]):
                heads += obliques(verb).get(path, [])
            documents = self.rules.lists["documents"]
            heads = [t for t in heads if t.lemma_.lower() not in documents and t.i > noun.i]
            heads = [t for t in heads if not self._is_exchange(t)]
            if heads:
                found = True
                last = verb if verb is not None and verb.i < noun.i else noun
                yield self._complement(last, heads) or [t for h in heads for t in h.subtree]
        if (
            not found
            and verb is not None
            and noun.dep_ == "dobj"
            and verb.lemma_ in self.rules.lists["receiving_verbs"]
        ):
            subject = surface_subject(verb)
            if subject is not None:
                yield [t for t in subject.subtree if t.i < verb.i]

    def _complement(self, verb: Token, heads: list[Token], *, is_out: bool = False) -> list[Token]:
        """From the first of `heads` to the end of the clause: enumerations are often parsed in pieces."""
        if not heads:
            return []
        own = set(verb.subtree)
        if any(head not in own for head in heads):
            return [head for head in heads if head not in own]  # “Taiwan, *which* they discussed”
        first = min(t.i for head in heads for t in head.subtree)
        last = max(t.i for t in own)
        later = [c for c in own if c.i > first and (is_out or not is_next_act(c, verb))]
        ends = [c.left_edge.i for c in later if begins_clause(c, verb, is_out=is_out)]
        ends += [t.i for t in own if t.i > first and t.dep_ == "prep" and self._is_scene(t)]
        end = min(ends, default=last + 1)
        return [t for t in verb.doc[first:end] if not t.is_punct or t.i < end - 1]

    def _is_scene(self, preposition: Token) -> bool:
        """“*in the meeting*”, “*with Xi*”: where the topics of a verb end."""
        if preposition.lower_ in self.rules.lists["scene_words"]:
            return True
        nouns = [t.lemma_.lower() for t in preposition.children if t.dep_ == "pobj"]
        scenes = self.rules.lists["exchange_words"] | self.rules.lists["other_occasions"]
        return preposition.lower_ in self.rules.lists["place_prepositions"] and any(
            n in scenes for n in nouns
        )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
