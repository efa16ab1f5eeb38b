"""Tells what class of claim a proposition is."""

import re
from functools import cache
from itertools import pairwise

from spacy.tokens import Token

from kg.extract.claims.attributed import Attributed
from kg.extract.claims.features import FeatureReader, clauses, has_subject, predicates
from kg.extract.claims.model import best
from kg.extract.clauses.en import auxiliaries
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules, TypeRule, Words
from kg.extract.text.reading import Reading

NO_CLAIM = "None"
PROMISE = "Commitment"


class ClassReader:
    """Applies the rules of classes, and the model where they leave it open."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.lexicon = reading.lexicon
        self.features = FeatureReader(reading, rules, resolver)

    def class_of(self, source: Attributed) -> tuple[TypeRule | None, str | None]:
        """The rule that fits, and the class: the rule's where it is certain, else the model's."""
        rule = self.by_rules(source)
        if rule is None or rule.type == NO_CLAIM or self.is_certain(rule, source):
            return rule, rule.type if rule is not None else None
        return rule, best(self.features_of(source, rule)) or rule.type

    def features_of(self, source: Attributed, rule: TypeRule) -> frozenset[str]:
        """All that the model is told: the features of a claim, and which rule fits."""
        return self.features.features(source) | {f"rule={rule.id}", f"rule-class={rule.type}"}

    def by_rules(self, source: Attributed) -> TypeRule | None:
        """The first rule that fits; a cue that fixes the class is asked before."""
        words = self.reading.text[source.start : source.end]
        kind = PROMISE if source.is_promise else source.rule.type if source.rule is not None else None
        if kind is not None:
            fixed = next((r for r in self.rules.types if r.type == kind), None)
            if fixed is not None and (kind != PROMISE or self._is_official(source)):
                return fixed
        return next((rule for rule in self.rules.types if self._fits(rule, source, words)), None)

    def is_certain(self, rule: TypeRule, source: Attributed) -> bool:
        """Whether a rule decides alone: where a cue fixes the class, and unless it is tentative."""
        is_fixed = source.is_promise or (source.rule is not None and source.rule.type == rule.type)
        return is_fixed or not rule.tentative or not source.claimants

    def _is_official(self, source: Attributed) -> bool:
        return all(party.entity.kind not in ("Group", "ThinkTank") for party in source.claimants)

    def _fits(self, rule: TypeRule, source: Attributed, words: str) -> bool:
        if rule.claimants and not any(self._is(source, name) for name in rule.claimants):
            return False
        if rule.pattern and not _compiled(rule.pattern).search(words):
            return False
        if rule.not_pattern and _compiled(rule.not_pattern).search(words):
            return False
        if rule.cues and (source.cue or "").lower() not in rule.cues:
            return False
        if rule.cue_nouns and source.noun not in rule.cue_nouns:
            return False
        is_view = not source.claimants and source.rule is not None
        if rule.subject and not rule.governors and not is_view:
            return _among(self.features.conduct(source, source.head), rule.subject) and self._fits_clause(
                rule, source
            )
        return self._fits_clause(rule, source)

    def _fits_clause(self, rule: TypeRule, source: Attributed) -> bool:
        """Whether the proposition that is left below what governs it is as the rule asks."""
        chain = list(clauses(source.head))
        clause = next((c for c in reversed(chain) if has_subject(c)), source.head)
        if rule.governors:
            governed = self._governed(rule, source, chain)
            if governed is None:
                return False
            clause = governed
        if rule.verbs and clause.lemma_.lower() not in rule.verbs:
            return False
        if rule.modals and not rule.modals & {t.lower_ for c in chain for t in auxiliaries(c)}:
            return False
        return not rule.conduct or self.features.conduct(source, clause) in rule.conduct

    def _governed(self, rule: TypeRule, source: Attributed, chain: list[Token]) -> Token | None:
        """What stands below a predicate that the rule asks for, if that is said of whom it asks for."""
        for above, below in pairwise(chain):
            if rule.governors & predicates(above) and (
                not rule.subject or _among(self.features.conduct(source, above), rule.subject)
            ):
                return below
        cue = source.verb
        is_cue = cue is not None and cue != source.head and cue.lemma_.lower() in rule.governors
        return source.head if is_cue else None

    def _is(self, source: Attributed, name: str) -> bool:
        if name == "document":
            return not source.claimants
        if name == "several":
            return len(source.claimants) > 1
        if len(source.claimants) != 1:
            return False
        entity = source.claimants[0].entity
        if name == "outsider":
            return self.lexicon.is_a(entity.kind, "Person") and self.resolver.side_of(entity) is None
        return self.lexicon.is_a(entity.kind, name)


def _among(conduct: str, wanted: Words) -> bool:
    return conduct in wanted or (conduct == "we" and "own" in wanted)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
