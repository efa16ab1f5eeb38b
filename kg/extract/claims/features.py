"""What tells the class of a claim: whose conduct it is about, in which mode, and under which words."""

from collections.abc import Iterator
from itertools import pairwise

from spacy.tokens import Token

from kg.extract.claims.attributed import Attributed
from kg.extract.clauses.en import (
    OBJECTS,
    SUBJECTS,
    auxiliaries,
    conjuncts,
    has_negation,
    is_clause,
    is_infinitive,
    objects,
    surface_subject,
)
from kg.extract.references.resolver import CHINA, UNITED_STATES, Resolver
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, end_of, start_of

PREDICATIVES = ("acomp", "attr", "oprd")
NOMINALS = (*PREDICATIVES, "dobj")
DEEPEST = 3  # clauses, one governed by the other, that are looked at
LONGEST = 60  # words of a claim that are looked at


class FeatureReader:
    """Describes claims by names of features, each there or not."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver

    def features(self, source: Attributed) -> frozenset[str]:
        """All that is known of what somebody puts forward."""
        return frozenset(self._features(source))

    def conduct(self, source: Attributed, clause: Token) -> str:
        """Whose conduct a clause is about, seen from the claimant: own, other, both, or none of these."""
        subject = surface_subject(clause) if is_clause(clause) else None
        if subject is None:
            return "own" if source.rule is not None else "none"
        return self.side(source, subject)

    def side(self, source: Attributed, subject: Token) -> str:
        """Whose a subject is, seen from the claimant."""
        word = subject.lower_
        lists = self.rules.lists
        if word in lists["speaker_words"]:
            return "own" if word in lists["i_words"] else "we"
        if word in lists["they_words"] and speaks_as_i(source, self.reading):
            return "other"
        words = [t.lower_ for t in subject.subtree if t.i <= subject.i]
        parties = self.resolver.all_parties(conjuncts(subject))
        sides = {self.resolver.side_of(p.entity) for p in parties} - {None}
        if words and words[0] in lists["our_words"]:
            return "own" if subject.lemma_.lower() in lists["own_nouns"] else "none"
        if {UNITED_STATES, CHINA} <= sides or lists["both_words"] & set(words):
            return "both"
        if not sides:
            return "other" if word in lists["he_words"] else "none"
        own = {self.resolver.side_of(party.entity) for party in source.claimants}
        return "own" if sides & own else "other"

    def _features(self, source: Attributed) -> Iterator[str]:
        yield "always"
        yield from self._of_claimant(source)
        yield from self._of_cue(source)
        found = list(clauses(source.head))
        for depth, clause in enumerate(found):
            yield from self._of_clause(source, clause, f"{depth}:")
        innermost = found[-1]
        yield from self._of_clause(source, innermost, "in:")
        yield from self._of_words(source)

    def _of_claimant(self, source: Attributed) -> Iterator[str]:
        lexicon = self.reading.lexicon
        names = ("Person", "Country", "MediaOutlet", "ThinkTank", "Company", "Organization", "Group")
        entities = [party.entity for party in source.claimants]
        kinds = [next((n for n in names if lexicon.is_a(e.kind, n)), "Agent") for e in entities]
        sides = {self.resolver.side_of(entity) for entity in entities}
        kind = "several" if len(source.claimants) > 1 else (kinds or ["document"])[0]
        yield f"claimant={kind}"
        yield f"claimant-side={'known' if sides & {UNITED_STATES, CHINA} else 'third'}"
        yield f"document={self.reading.document.kind}"

    def _of_cue(self, source: Attributed) -> Iterator[str]:
        cue = source.verb.lemma_.lower() if source.verb is not None else (source.cue or "").lower()
        yield f"cue={cue or 'none'}"
        if source.rule is not None:
            yield f"cue-rule={source.rule.id}"
            yield f"attitude={source.rule.attitude}"
        if source.noun:
            yield f"cue-noun={source.noun}"
        if source.sentence.block.speaker is not None:
            yield "turn"

    def _of_clause(self, source: Attributed, clause: Token, depth: str) -> Iterator[str]:
        conduct = self.conduct(source, clause)
        modals = sorted(t.lower_ for t in auxiliaries(clause))
        yield f"{depth}conduct={conduct}"
        yield f"{depth}head={clause.lemma_.lower()}"
        yield f"{depth}form={clause.tag_}"
        subject = surface_subject(clause) if is_clause(clause) else None
        if subject is not None:
            yield f"{depth}subject={subject.lemma_.lower()}"
        for modal in modals:
            yield f"{depth}modal={modal}"
            yield f"{depth}modal={modal}&conduct={conduct}"
        yield f"{depth}form={clause.tag_}&conduct={conduct}"
        if has_negation(clause):
            yield f"{depth}negated"
        for child in clause.children:
            if child.dep_ in ("acomp", "attr", "oprd", "xcomp", "prt"):
                yield f"{depth}{child.dep_}={child.lemma_.lower()}"
                yield f"{depth}{child.dep_}={child.lemma_.lower()}&conduct={conduct}"
            if child.dep_ == "advcl":
                marks = {t.lower_ for t in child.children if t.dep_ in ("mark", "advmod")}
                yield from (f"{depth}clause={mark}" for mark in sorted(marks))
        for found in objects(clause):
            if found.dep_ in OBJECTS:
                yield f"{depth}object={found.lemma_.lower()}"

    def _of_words(self, source: Attributed) -> Iterator[str]:
        words = [
            t.lemma_.lower() for t in source.sentence.span
            if source.start <= start_of(t) and end_of(t) <= source.end and not t.is_punct and not t.is_space
        ][:LONGEST]  # fmt: skip
        yield from (f"first={word}" for word in words[:1])
        yield from (f"word={word}" for word in words if word.isalpha())
        yield from (f"pair={one} {other}" for one, other in pairwise(words))


def speaks_as_i(source: Attributed, reading: Reading) -> bool:
    """Whether a speaker's own words are given, in which “they” are always others."""
    return source.cue is None and (
        source.sentence.block.speaker is not None or reading.document.kind == "Post"
    )


def clauses(head: Token) -> Iterator[Token]:
    """A clause and those that it governs, one below the other: “I *hope* that we *can make* it *work*”."""
    clause: Token | None = head
    for _ in range(DEEPEST):
        if clause is None:
            return
        yield clause
        above = [clause, *(c for c in clause.children if c.dep_ in NOMINALS)]
        clause = next((c for t in above for c in t.children if _is_governed(c, t)), None)


def predicates(clause: Token) -> set[str]:
    """What a clause says of its subject: “*hopes*”, “is *sure*”, “has a *duty*”, “our *hope* is”."""
    words = [clause, *(c for c in clause.children if c.dep_ in NOMINALS)]
    if clause.lemma_ == "be":
        words += [c for c in clause.children if c.dep_ in SUBJECTS]
    return {t.lemma_.lower() for t in words}


def has_subject(clause: Token) -> bool:
    """Whether a clause has a subject of its own."""
    return any(child.dep_ in SUBJECTS for child in clause.children)


def _is_governed(clause: Token, above: Token) -> bool:
    is_of_noun = above.dep_ in NOMINALS and clause.dep_ in ("acl", "relcl") and is_infinitive(clause)
    return is_clause(clause) and (clause.dep_ in ("ccomp", "xcomp") or is_of_noun)
