"""Finds who says what: reporting words, their source and the words that they report."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.reading import Reading, Sentence, end_of, start_of
from kg.extract.reference import Party, Resolver
from kg.extract.rules import CueRule, Rules
from kg.extract.syntax import (
    OBJECTS,
    complements,
    conjuncts,
    has_negation,
    is_clause,
    is_passive,
    obliques,
    subjects,
    subtree,
)
from kg.extract.veridicality import reading_of

NOT_CONTENT = ("mark", "cc", "punct", "preconj")


@dataclass(frozen=True, slots=True)
class Attributed:
    """Words that somebody puts forward.

    Attributes:
        sentence: Where.
        start: Offset of the first character.
        end: Offset after the last character.
        head: The word that heads them.
        claimants: Who says so; empty for the document's own voice.
        cue: The reporting words.
        rule: The rule that found the cue; `None` where a speaker simply goes on.
        noun: Lemma of the noun of the reporting phrase (“raised *concerns*”).
        relay: The outlet between claimant and document.
        is_negated: Whether the claimant denies it.
    """

    sentence: Sentence
    start: int
    end: int
    head: Token
    claimants: tuple[Party, ...] = ()
    cue: str | None = None
    rule: CueRule | None = None
    noun: str | None = None
    relay: Party | None = None
    is_negated: bool = False


class AttributionFinder:
    """Applies the cue rules to the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.by_verb: dict[str, list[CueRule]] = {}
        for rule in rules.cues:
            for verb in rule.verbs:
                self.by_verb.setdefault(verb, []).append(rule)

    def find(self, sentence: Sentence) -> list[Attributed]:
        """What a sentence attributes, in its order; what is inside another's words with them as relay."""
        found = [a for token in sentence.span if (a := self._of_verb(sentence, token)) is not None]
        found += self._according_to(sentence)
        return self._without_outer(sorted(found, key=lambda a: (a.start, -a.end)))

    def _of_verb(self, sentence: Sentence, verb: Token) -> Attributed | None:
        if verb.pos_ not in ("VERB", "AUX") or verb.lemma_.lower() not in self.by_verb:
            return None
        for rule in self.by_verb[verb.lemma_.lower()]:
            content = self._content(rule, verb)
            if content is None:
                continue
            claimants = self._claimants(verb)
            if claimants and self._is_said(verb, rule):
                return self._attributed(sentence, rule, verb, content, claimants)
        return None

    def _claimants(self, verb: Token) -> list[Party]:
        found = self.resolver.all_parties(subjects(verb), unknown=True)
        if found or verb.tag_ != "VBG" or verb.head.lower_ != "as":
            return found
        quoted = verb.head.head  # “Xinhua quoted Xi as saying”
        return self.resolver.all_parties([c for c in quoted.children if c.dep_ in OBJECTS], unknown=True)

    def _is_said(self, verb: Token, rule: CueRule) -> bool:
        meant = reading_of(verb, self.rules)
        if meant == "negated":
            return rule.type == "Commitment" or rule.attitude
        return meant == "real"

    def _content(self, rule: CueRule, verb: Token) -> list[Token] | None:
        """The words that `rule` takes as reported, or `None` if `verb` reports nothing of that kind."""
        for child in complements(verb):
            if child.dep_ == "ccomp" and "clause" in rule.takes and not _is_gerund(child):
                return subtree(child)
            if "infinitive" in rule.takes and _is_infinitive(child):
                return self._phrase(verb)
            if "gerund" in rule.takes and _is_gerund(child):
                return self._phrase(verb) if rule.attitude else subtree(child)
        if "noun" in rule.takes or rule.prepositions:
            nouns = [t for child in verb.children if child.dep_ in OBJECTS for t in conjuncts(child)]
            if is_passive(verb):
                nouns = []
            governed = [t for name in sorted(rule.prepositions) for t in obliques(verb).get(name, [])]
            if rule.prepositions and governed and "infinitive" in rule.takes:
                return self._phrase(verb)
            if "noun" in rule.takes:
                candidates = governed if rule.prepositions and not nouns else nouns
                if any(not rule.objects or t.lemma_.lower() in rule.objects for t in candidates):
                    return self._phrase(verb)
        return None

    def _phrase(self, verb: Token) -> list[Token]:
        """The verb with all that hangs on it but its subject and what is coordinated with it."""
        cut = ("nsubj", "nsubjpass", "conj", "cc", "aux", "auxpass", "punct", "mark", "preconj")
        words = [t for t in subtree(verb, without=cut) if t.i >= verb.i]
        return words

    def _attributed(
        self, sentence: Sentence, rule: CueRule, verb: Token, content: list[Token], claimants: list[Party]
    ) -> Attributed:
        head = verb if verb in content else next(c for c in complements(verb) if c in content)
        start, end = span_of(content)
        noun = next((c.lemma_.lower() for c in verb.children if c.dep_ in OBJECTS), None) if head is verb else None
        negated = rule.polarity == "Negated" or has_negation(verb)
        return Attributed(sentence, start, end, head, tuple(claimants), verb.text, rule, noun, None, negated)

    def _according_to(self, sentence: Sentence) -> Iterator[Attributed]:
        for token in sentence.span:
            if token.lower_ != "according":
                continue
            sources = [t for c in token.children if c.lower_ == "to" for g in c.children for t in conjuncts(g)]
            claimants = self.resolver.all_parties(sources, unknown=True)
            head = token.head
            if claimants and is_clause(head):
                words = [t for t in subtree(head) if t not in set(token.subtree)]
                start, end = span_of(words)
                yield Attributed(sentence, start, end, head, tuple(claimants), "according to")

    def _without_outer(self, found: list[Attributed]) -> list[Attributed]:
        """Where one attribution holds nothing but another, the inner one, relayed by the outer if an outlet."""
        kept: list[Attributed] = []
        for outer in found:
            inner = [a for a in found if a is not outer and outer.start <= a.start and a.end <= outer.end]
            direct = [a for a in inner if _heads(outer, a)]
            if not direct:
                kept.append(outer)
        relays = {id(a): o for o in found for a in found if a is not o and _heads(o, a)}
        return [self._relayed(a, relays.get(id(a))) for a in kept]

    def _relayed(self, inner: Attributed, outer: Attributed | None) -> Attributed:
        if outer is None or not outer.claimants or outer.claimants == inner.claimants:
            return inner
        relay = outer.claimants[0]
        return Attributed(inner.sentence, inner.start, inner.end, inner.head, inner.claimants, inner.cue, inner.rule,
                          inner.noun, relay if self._is_outlet(relay) else None, inner.is_negated)  # fmt: skip

    def _is_outlet(self, party: Party) -> bool:
        return self.reading.lexicon.is_a(party.entity.kind, "MediaOutlet")


def span_of(tokens: list[Token]) -> tuple[int, int]:
    """The offsets of words, without conjunctions, commas and full stops at their ends."""
    words = [t for t in tokens if not t.is_space]
    while len(words) > 1 and (words[0].dep_ in NOT_CONTENT or words[0].is_punct) and words[0].lower_ not in ("if", '"'):
        words = words[1:]
    while len(words) > 1 and (words[-1].is_punct and words[-1].text not in "\")%" or words[-1].dep_ == "cc"):
        words = words[:-1]
    return start_of(words[0]), end_of(words[-1])


def _heads(outer: Attributed, inner: Attributed) -> bool:
    """Whether the words of `outer` are just the statement that makes up `inner`: their heads meet."""
    if outer.rule is not None and outer.rule.attitude or outer.head is outer.sentence.root:
        return False
    current = inner.head
    while current is not outer.head and current.head is not current:
        if current.dep_ not in ("ccomp", "xcomp"):
            return False
        current = current.head
    return current is outer.head


def _is_infinitive(token: Token) -> bool:
    return token.dep_ in ("xcomp", "ccomp") and any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)


def _is_gerund(token: Token) -> bool:
    return token.tag_ == "VBG" and not any(c.dep_ in ("aux", "nsubj") for c in token.children)
