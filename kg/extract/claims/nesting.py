"""Tells, where attributions stand inside each other, whose words are whose and who only passes them on."""

from dataclasses import replace

from spacy.tokens import Token

from kg.extract.claims.attributed import ACCORDING, Attributed
from kg.extract.claims.quotations import Span, quotation_around
from kg.extract.clauses.en_reporting import span_of
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.reading import Reading, start_of


class Nesting:
    """Puts the attributions of a sentence in order."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver

    def settle(self, found: list[Attributed], quotations: list[Span]) -> list[Attributed]:
        """The inner one where it is all that the outer one holds, with who passes it on as its relay."""
        found = [self._quoted(self._without_others(a, found), quotations) for a in found]
        found = [a for a in found if not any(_is_quoted_by(o, a, quotations) for o in found if o is not a)]
        kept: list[Attributed] = []
        for outer in found:
            inner = [a for a in found if a is not outer and outer.start <= a.start and a.end <= outer.end]
            if any(_is_aside(outer, a.verb) for a in found if a.verb is not None):
                continue
            if any(self._gives_way(outer, a) for a in inner):
                continue
            if not any(self._is_held(outer, o) for o in found if o is not outer):
                kept.append(outer)
        relays = {id(a): o for o in found for a in found if a is not o and _heads(o, a)}
        relays |= {id(a): o for o in found for a in found if a.verb is not None and _is_aside(o, a.verb)}
        return [_relayed(a, relays.get(id(a))) for a in kept]

    def _without_others(self, one: Attributed, found: list[Attributed]) -> Attributed:
        """“X said A, *while Y said B*”: the words of one without the clause in which another speaks."""
        for other in found:
            verb = other.verb
            if verb is None or other is one or not one.is_statement or verb == one.verb:
                continue
            is_clause_of_its_own = verb.dep_ in ("advcl", "conj") and any(
                c.dep_ == "nsubj" for c in verb.children
            )
            if verb.dep_ == "conj" and self._is_own(other, one):
                continue  # “Zhao said the move did harm, and *China was opposed* to it”
            if is_clause_of_its_own and verb != one.head and other.claimants != one.claimants:
                one = _cut(one, start_of(verb.left_edge))
        return one

    def _quoted(self, found: Attributed, quotations: list[Span]) -> Attributed:
        """All between quotation marks, where the words of a speaker outside of them begin or end there."""
        span = quotation_around(found, quotations)
        if span is None:
            return found
        start = max(span[0], found.sentence.start)
        end = min(span[1], found.sentence.end)
        words = self.reading.text[start:end]
        start += len(words) - len(words.lstrip('" '))
        return replace(
            found, start=min(start, found.start), end=max(start + len(words.strip('" .,')), found.end)
        )

    def _gives_way(self, outer: Attributed, inner: Attributed) -> bool:
        """Whether what somebody says is just that another has said something."""
        if inner.verb is not None and inner.verb == outer.head and self._is_of_principal(inner, outer):
            return True
        return _heads(outer, inner) and inner.is_statement and not self._is_own(inner, outer)

    def _is_held(self, inner: Attributed, outer: Attributed) -> bool:
        """Whether an attribution is but part of what somebody else says."""
        is_aside = inner.verb is not None and _is_aside(outer, inner.verb)
        if is_aside or not _holds(outer, inner) or self._is_of_principal(inner, outer):
            return False
        return not inner.is_statement or self._is_own(inner, outer)

    def _is_own(self, inner: Attributed, outer: Attributed) -> bool:
        """“Mao Ning said that *China believes* …”: what a speaker tells of himself, his side, or thoughts."""
        if inner.verb is not None and inner.verb.lemma_.lower() in self.rules.lists["thought_verbs"]:
            return True
        if {p.entity for p in inner.claimants} <= {p.entity for p in outer.claimants}:
            return True
        lexicon, side_of = self.reading.lexicon, self.resolver.side_of
        sides = {side_of(party.entity) for party in outer.claimants}
        is_side = all(not lexicon.is_a(p.entity.kind, "Person") for p in inner.claimants)
        is_speaker = any(lexicon.is_a(p.entity.kind, "Person") for p in outer.claimants)
        return is_side and is_speaker and {side_of(p.entity) for p in inner.claimants} <= sides - {None}

    def _is_of_principal(self, inner: Attributed, outer: Attributed) -> bool:
        """“*Biden* raised concerns, *an official* said”: the words of a person whom an office tells of."""
        lexicon, side_of = self.reading.lexicon, self.resolver.side_of
        if not inner.claimants or not outer.claimants:
            return False
        sides = {side_of(party.entity) for party in (*inner.claimants, *outer.claimants)}
        are_named = all(lexicon.is_a(party.entity.kind, "Person") for party in inner.claimants)
        is_office = not any(lexicon.is_a(party.entity.kind, "Person") for party in outer.claimants)
        return are_named and is_office and len(sides) == 1 and None not in sides


def before(one: Attributed, other: Attributed) -> Attributed:
    """`one` cut off where the next reporting word of its chain begins."""
    begin = start_of(other.verb) if other.verb is not None and other.is_chained else one.end
    return _cut(one, begin)


def _cut(one: Attributed, begin: int) -> Attributed:
    if not one.start < begin < one.end:
        return one
    words = [t for t in one.sentence.span if one.start <= start_of(t) < begin]
    while len(words) > 1 and words[-1].pos_ == "ADV" and words[-1].head.i > words[-1].i:
        words = words[:-1]
    start, end = span_of(words)
    return replace(one, start=start, end=end)


def _is_quoted_by(outer: Attributed, inner: Attributed, quotations: list[Span]) -> bool:
    """Whether an attribution stands within the quotation that another gives as somebody's words."""
    if outer.verb is None or inner.verb is None or not outer.is_statement:
        return False
    for start, end in quotations:
        is_around = start <= start_of(inner.verb) < end and not start <= start_of(outer.verb) < end
        if is_around and outer.start < end and start < outer.end:
            return True
    return False


def _holds(outer: Attributed, inner: Attributed) -> bool:
    """Whether an attribution is part of what somebody says (“he said that China *opposes* it”)."""
    within = outer.start <= inner.start and inner.end <= outer.end
    return within and outer.is_statement and not inner.is_chained


def _heads(outer: Attributed, inner: Attributed) -> bool:
    """Whether the words of `outer` are just the statement that makes up `inner`: their heads meet."""
    if (outer.rule is not None and outer.rule.attitude) or outer.head == outer.sentence.root:
        return False
    current = inner.head
    while current != outer.head and current.head != current:
        if current.dep_ not in ("ccomp", "xcomp"):
            return False
        current = current.head
    return current == outer.head


def _is_aside(found: Attributed, verb: Token) -> bool:
    """“*According to* Xinhua, He urged …”: a source of what `verb` reports."""
    return found.verb is None and found.cue == ACCORDING and found.head == verb


def _relayed(inner: Attributed, outer: Attributed | None) -> Attributed:
    if outer is None or not outer.claimants or outer.claimants == inner.claimants:
        return inner
    relay: Party | None = outer.claimants[0] if len(outer.claimants) == 1 else None
    is_claimant = relay is not None and relay.entity in [p.entity for p in inner.claimants]
    return inner if is_claimant else replace(inner, relay=relay)
