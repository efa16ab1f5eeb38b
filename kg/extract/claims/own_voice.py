"""Finds what a document judges or foresees in its own voice."""

import re
from functools import cache

from spacy.tokens import Token

from kg.extract.claims.attributed import Attributed
from kg.extract.claims.features import FeatureReader
from kg.extract.clauses.en import is_clause, subtree, surface_subject
from kg.extract.clauses.en_reporting import is_participle, span_of
from kg.extract.references.resolver import Resolver
from kg.extract.rules import CueRule, Rules, TypeRule
from kg.extract.text.blocks import HEADINGS
from kg.extract.text.reading import Reading, Sentence, start_of

KINDS = ("Article", "Readout")


class OwnVoice:
    """Applies the rules for claims that nobody else makes."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading = reading
        self.judgements = [rule for rule in rules.types if rule.claimants == {"document"}]
        self.personal = rules.lists["personal_words"]
        self.features = FeatureReader(reading, rules, resolver)
        self.moves = rules.lists["move_nouns"]
        self.participles = {verb: rule for rule in rules.cues if rule.own_voice for verb in rule.verbs}
        self.spoken = {verb for rule in rules.cues if not rule.own_voice for verb in rule.verbs}
        self.is_article = reading.document.kind == "Article"

    def find(self, sentence: Sentence, attributed: list[Attributed]) -> list[Attributed]:
        """The main clause and the participles of a sentence, as far as they judge or foresee."""
        if self.reading.document.kind not in KINDS or sentence.block.kind in HEADINGS:
            return []
        main = self._main_clause(sentence, attributed)
        if main or not self.is_article:
            return main
        return self._participles(sentence, attributed) + self._appositions(sentence, attributed)

    def _main_clause(self, sentence: Sentence, attributed: list[Attributed]) -> list[Attributed]:
        root = sentence.root
        if not is_clause(root) or any(a.head == root or a.verb == root for a in attributed):
            return []
        subject = surface_subject(root)
        if subject is None or subject.lower_ in self.personal:
            return []
        if subject.pos_ == "PROPN" and root.lemma_.lower() in self.spoken:
            return []  # somebody whom the text does not tell says so
        subordinate = {t for a in attributed for t in _branch(a, root)}
        words = [t for t in subtree(root) if t not in subordinate]
        if not words or words[-1].i < root.i:
            return []
        return self._judged(sentence, words, root)

    def _participles(self, sentence: Sentence, attributed: list[Attributed]) -> list[Attributed]:
        found: list[Attributed] = []
        for token in sentence.span:
            is_inside = any(a.head != token and a.start <= start_of(token) < a.end and a.verb is not None
                            and not (a.rule is not None and a.rule.attitude) for a in attributed)  # fmt: skip
            if token.lemma_.lower() in self.participles and is_participle(token) and not is_inside:
                words = [t for t in subtree(token) if t.i >= token.i]
                rule = self.participles[token.lemma_.lower()]
                found += self._judged(sentence, words, token, rule)
        return found

    def _appositions(self, sentence: Sentence, attributed: list[Attributed]) -> list[Attributed]:
        """“…, *a move which could affect* trade”: what comes of what was told."""
        found: list[Attributed] = []
        for noun in sentence.span:
            is_inside = any(a.start <= start_of(noun) < a.end and a.is_statement for a in attributed)
            relative = next((c for c in noun.children if c.dep_ == "relcl"), None)
            if noun.lemma_.lower() in self.moves and relative is not None and not is_inside:
                words = [t for t in subtree(noun) if t.i >= noun.left_edge.i]
                found += self._judged(sentence, words, relative)
        return found

    def _judged(
        self, sentence: Sentence, words: list[Token], head: Token, rule: CueRule | None = None
    ) -> list[Attributed]:
        start, end = span_of(words)
        text = self.reading.text[start:end]
        found = Attributed(sentence, start, end, head, rule=rule)
        return [found] if any(self._fits(rule, found, text) for rule in self.judgements) else []

    def _fits(self, rule: TypeRule, found: Attributed, text: str) -> bool:
        if (
            rule.subject
            and found.rule is None
            and self.features.conduct(found, found.head) not in rule.subject
        ):
            return False
        if rule.verbs and found.head.lemma_.lower() not in rule.verbs:
            return False
        if rule.not_pattern and _compiled(rule.not_pattern).search(text):
            return False
        return not rule.pattern or _compiled(rule.pattern).search(text) is not None


def _branch(found: Attributed, root: Token) -> list[Token]:
    """The subordinate clause below `root` that holds an attribution (“*although X claimed that …*, …”)."""
    top = found.verb if found.verb is not None else found.head
    while top.head not in (root, top):
        top = top.head
    return list(top.subtree) if top.head == root and top != root else []


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
