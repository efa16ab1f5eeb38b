"""Finds what a sentence says was, mostly was, or was not talked about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from kg.extract.clauses.clause import Factuality
from kg.extract.clauses.en import (
    auxiliaries,
    is_clause,
    is_infinitive,
    is_passive,
    objects,
    obliques,
    surface_subject,
)
from kg.extract.clauses.en_factuality import FUTURE, UNCERTAIN, is_negative, judge
from kg.extract.references.mentions import TopicMention
from kg.extract.rules import Rules, TopicRule
from kg.extract.text.reading import Reading, Sentence, end_of, start_of

# Between two topics, words that turn the one after them around: “trade, *not* Taiwan”, “all *except* Iran”.
TURN = re.compile(
    r"\b(?:(?:but |and )?not(?! (?:just|only|merely|simply|solely|least|to mention|so much|necessarily)\b)|"
    r"except(?: for)?|other than|apart from|aside from|barring)\b",
    re.I,
)
# What is not said *in depth* may well have been said.
IN_PART = re.compile(
    r"\b(?:in (?:any )?(?:depth|detail|great detail)|at (?:any )?(?:great )?length|extensively|specifically|"
    r"directly|explicitly|publicly|much|a lot|only|just|always|yet)\b",
    re.I,
)
SKIP = re.compile(r"\b(?:rather than|instead of)\b", re.I)
# Where the words that a pattern takes for topics end: something else is said of what comes then.
NEW_CLAUSE = re.compile(
    r"\b(?:but (?!not\b)|although|though|while|whereas|instead|however|despite|who|which)\b"
    r"|\bwith(?:out| no)\b|,? and (?:they|he|she|it|instead|both|neither|the (?:two|leaders|sides))\b",
    re.I,
)
OTHER_CLAUSES = ("nsubj", "nsubjpass", "conj", "advcl", "ccomp", "parataxis", "mark")


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """A topic that a sentence puts into or out of an exchange."""

    rule: TopicRule
    sentence: Sentence
    trigger: Token | None
    property: str
    topic: TopicMention


class TopicFinder:
    """Applies the topic rules to the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules = reading, rules

    def find(self, sentence: Sentence) -> list[TopicDraft]:
        """The topics of a sentence; what a pattern excludes is excluded whatever its verb says."""
        if not self.reading.mentions.topics_in(sentence.start, sentence.end) or _asks(sentence):
            return []
        by_pattern = [
            d for rule in self.rules.topics if rule.pattern for d in self._by_pattern(rule, sentence)
        ]
        taken = {draft.topic for draft in by_pattern}
        by_verb = [
            d for token in sentence.span for d in self._by_verb(sentence, token) if d.topic not in taken
        ]
        return list(dict.fromkeys([*by_pattern, *by_verb]))

    def _by_pattern(self, rule: TopicRule, sentence: Sentence) -> Iterator[TopicDraft]:
        for match in _compiled(rule.pattern).finditer(self.reading.text, sentence.start, sentence.end):
            start, end = match.span("topics")
            if other := NEW_CLAUSE.search(self.reading.text, start, end):
                end = other.start()
            yield from self._in_span(rule, sentence, None, start, end, is_excluded=False)

    def _by_verb(self, sentence: Sentence, verb: Token) -> Iterator[TopicDraft]:
        lemma = verb.lemma_.lower()
        if verb.pos_ not in ("VERB", "AUX") or not is_clause(verb):
            return
        for rule in self.rules.topics:
            if lemma not in rule.verbs or not self._has_object(rule, verb):
                continue
            meant = self._meant(verb)
            if meant is None:
                return
            for start, end in self._spans(rule, verb):
                yield from self._in_span(rule, sentence, verb, start, end, is_excluded=meant == "negated")
            return

    def _has_object(self, rule: TopicRule, verb: Token) -> bool:
        if rule.particles and not any(c.lower_ in rule.particles for c in verb.children):
            return False
        found = objects(verb)
        return not rule.objects or any(token.lemma_.lower() in rule.objects for token in found)

    def _meant(self, verb: Token) -> str | None:
        """`real` or `negated`; `None` for what is only planned, wished or left open."""
        if verb.dep_ == "pcomp" and verb.head.lower_ == "without":
            return None  # “without addressing the tensions” tells of an effect, not of a topic
        judgement = judge(verb, self.rules)
        is_untrue = judgement.factuality is Factuality.UNTRUE and judgement.polarity == "Affirmed"
        if judgement.is_denied_plainly or is_untrue or (
            judgement.happened and is_negative(verb, self.rules)
        ):  # fmt: skip
            return "negated" if self._is_left_out(verb) else None
        return "real" if judgement.happened else None

    def _is_left_out(self, verb: Token) -> bool:
        """Whether a negation says that something was not raised, and not less than that.

        It must bear on the verb of raising itself (“*did not* discuss”, “*declined to* discuss”), which must
        be such a verb (“we must not *consider* it done” says nothing of a talk) and speak of what is past.
        """
        if verb.lemma_.lower() not in self.rules.lists["exclusion_verbs"]:
            return False
        if any(helper.lower_ in FUTURE | UNCERTAIN for helper in auxiliaries(verb)):
            return False
        first, last = verb.left_edge, verb.right_edge
        if IN_PART.search(self.reading.text, start_of(first), end_of(last)):
            return False
        refuses = {"untrue_words", "avoidance_verbs", "omit_words", "refuse_words"}
        above = verb.head.lemma_.lower() if verb.dep_ in ("xcomp", "ccomp", "pcomp", "dobj") else ""
        is_refused = any(above in self.rules.lists[name] for name in refuses)
        if is_infinitive(verb):  # “, *not to mention* trade”
            return is_refused
        return is_negative(verb, self.rules) or is_refused

    def _spans(self, rule: TopicRule, verb: Token) -> Iterator[tuple[int, int]]:
        """The offsets between which the topics stand."""
        for path in rule.topics:
            if path == "subject" or (path == "object" and is_passive(verb)):
                subject = surface_subject(verb)
                words = [t for t in subject.subtree if t.i < verb.i] if subject is not None else []
            elif path == "object":
                words = self._complement(verb, objects(verb))
            else:
                nouns = [verb, *objects(verb)]
                words = self._complement(verb, [t for noun in nouns for t in obliques(noun).get(path, [])])
            if words:
                yield min(start_of(t) for t in words), max(end_of(t) for t in words)

    def _complement(self, verb: Token, heads: list[Token]) -> list[Token]:
        """From the first of `heads` to the end of the clause: enumerations are often parsed in pieces."""
        if not heads:
            return []
        first = min(t.i for head in heads for t in head.subtree)
        clause = [t for child in verb.children if child.dep_ not in OTHER_CLAUSES for t in child.subtree]
        return [t for t in clause if t.i >= first]

    def _in_span(
        self,
        rule: TopicRule,
        sentence: Sentence,
        verb: Token | None,
        start: int,
        end: int,
        *,
        is_excluded: bool,
    ) -> Iterator[TopicDraft]:
        for topic in self.reading.mentions.topics_in(start, end):
            before = self.reading.text[start : topic.start]
            if SKIP.search(before):
                return
            is_turned = bool(TURN.search(before))
            if rule.property == "excludedTopic" and is_turned:
                return  # “no mention of Iran, not even of Taiwan”: too involved to tell
            name = "excludedTopic" if is_excluded != is_turned else rule.property
            yield TopicDraft(rule, sentence, verb, name, topic)


def _asks(sentence: Sentence) -> bool:
    """Whether a sentence is a question, which assumes what the answer may deny."""
    return sentence.span.text.rstrip().rstrip('"').endswith("?")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
