"""Finds who says what: reporting words, their source and the words that they report."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extract.claims.reporting import (
    QUOTING,
    chains_on,
    is_gerund,
    is_governed,
    is_participle,
    is_swallowed,
    is_that,
    judgement,
    quoting_verb,
    span_of,
    speaks,
)
from kg.extract.clauses.en import (
    OBJECTS,
    clause_of_object,
    complements,
    conjuncts,
    has_negation,
    is_clause,
    is_infinitive,
    is_passive,
    objects,
    obliques,
    subjects,
    subtree,
)
from kg.extract.clauses.en_factuality import reading_of
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import Resolver
from kg.extract.rules import CueRule, Rule, Rules
from kg.extract.text.blocks import HEADINGS
from kg.extract.text.reading import Reading, Sentence, start_of

ACCORDING = "according to"


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
        verb: The reporting verb.
        is_chained: Whether that verb shares the subject of the reporting verb before it.
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
    verb: Token | None = None
    is_chained: bool = False

    @property
    def is_statement(self) -> bool:
        """Whether somebody says something, and not only opposes or welcomes it."""
        return self.rule is None or not self.rule.attitude


class AttributionFinder:
    """Applies the cue rules to the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.by_verb: dict[str, list[CueRule]] = {}
        self.missed: list[tuple[Rule, Token, str]] = []
        for rule in rules.cues:
            for verb in rule.verbs:
                self.by_verb.setdefault(verb, []).append(rule)
        self.by_noun = {noun: rule for rule in rules.cues for noun in rule.nouns}

    def find(self, sentence: Sentence) -> list[Attributed]:
        """What a sentence attributes, in its order; what is inside another's words with them as relay."""
        found: list[Attributed] = []
        for token in sentence.span:
            attributed = self._of_verb(sentence, token, found[-1] if found else None)
            if attributed is not None:
                found = [_before(a, attributed) for a in found]
                found.append(attributed)
        found += self._according_to(sentence)
        found += self._of_nouns(sentence)
        found += self._headline(sentence) if sentence.block.kind in HEADINGS and not found else []
        return self._without_outer(sorted(found, key=lambda a: (a.start, -a.end)))

    def _of_verb(self, sentence: Sentence, verb: Token, before: Attributed | None) -> Attributed | None:
        if verb.pos_ not in ("VERB", "AUX") or verb.lemma_.lower() not in self.by_verb or is_governed(verb):
            return None
        is_chained = before is not None and chains_on(verb)
        for rule in self.by_verb[verb.lemma_.lower()]:
            if rule.own_voice:
                if is_participle(verb):
                    return None
                continue
            content = self._content(rule, verb, is_chained=is_chained)
            if content is None:
                takes = ", ".join(sorted(rule.takes)) or ", ".join(sorted(rule.prepositions))
                self.missed.append((rule, verb, f"takes: it reports nothing in the form of {takes}"))
                continue
            claimants = list(before.claimants) if is_chained and before else self._claimants(verb)
            if is_chained and verb.tag_ == "VBG" and rule.attitude:
                continue
            if claimants and (is_swallowed(verb) or self._is_said(verb, rule)):
                found = self._attributed(sentence, rule, verb, content, claimants)
                return replace(found, verb=verb, is_chained=is_chained, relay=self._quoting(verb))
            reason = "it is not said to be so" if claimants else "nobody could be told who says it"
            self.missed.append((rule, verb, reason))
        return None

    def _claimants(self, verb: Token) -> list[Party]:
        if verb.lemma_ in QUOTING and is_passive(verb):  # “…,” Xi was quoted as saying by Xinhua
            return self.resolver.all_parties(objects(verb), unknown=True)
        if (quoted := quoting_verb(verb)) is not None:  # “Xinhua quoted Xi as saying”, “as saying” a clause
            return self.resolver.all_parties(objects(quoted), unknown=True)
        return self.resolver.all_parties(subjects(verb), unknown=True) or self._body(subjects(verb))

    def _body(self, sources: list[Token]) -> list[Party]:
        """“*It* said that …”, “*its* warning that …”: the organization or country last spoken of."""
        is_it = len(sources) == 1 and sources[0].lower_ in ("it", "its")
        body = self.resolver.pronouns.body(sources[0]) if is_it else None
        return [body] if body is not None else []

    def _quoting(self, verb: Token) -> Party | None:
        """The outlet that a passive says somebody was quoted by."""
        if verb.lemma_ not in QUOTING or not is_passive(verb):
            return None
        words = [verb, *(t for child in verb.children if child.lower_ == "as" for t in child.children)]
        by = [t for word in words for t in obliques(word).get("by", [])]
        return next((p for p in self.resolver.all_parties(by) if self._is_outlet(p)), None)

    def _is_said(self, verb: Token, rule: CueRule) -> bool:
        meant = reading_of(verb, self.rules)
        if meant == "negated":
            return rule.type == "Commitment" or rule.attitude
        return meant == "real"

    def _content(self, rule: CueRule, verb: Token, *, is_chained: bool) -> list[Token] | None:
        """The words that `rule` takes as reported, or `None` if `verb` reports nothing of that kind."""
        if "clause" in rule.takes and is_swallowed(verb):
            begin = next((t.i for t in verb.sent if t.i > verb.i and t.lower_ == "that"), verb.i)
            return [t for t in verb.sent if t.i > begin]
        for child in complements(verb):
            if is_chained and child.i < verb.i:
                continue
            if child.dep_ == "ccomp" and "clause" in rule.takes and not is_gerund(child):
                return subtree(child)
            if "infinitive" in rule.takes and is_infinitive(child):
                return self._phrase(verb)
            if "gerund" in rule.takes and is_gerund(child):
                return self._phrase(verb) if rule.attitude else subtree(child)
        if "clause" in rule.takes and (clause := clause_of_object(verb)) is not None:
            return subtree(clause)
        if "judgement" in rule.takes and judgement(verb) is not None:
            return self._phrase(verb)
        if "noun" in rule.takes or rule.prepositions:
            nouns = [t for child in verb.children if child.dep_ in OBJECTS for t in conjuncts(child)]
            if is_passive(verb):
                nouns = []
            governed = [t for name in sorted(rule.prepositions) for t in obliques(verb).get(name, [])]
            if (
                any(t.tag_ == "VBG" or rule.type == "Commitment" for t in governed)
                and "infinitive" in rule.takes
            ):
                return self._phrase(verb)
            if "noun" in rule.takes:
                candidates = governed if rule.prepositions and not nouns else nouns
                if any(not rule.objects or t.lemma_.lower() in rule.objects for t in candidates):
                    return self._phrase(verb)
        return None

    def _phrase(self, verb: Token) -> list[Token]:
        """The verb with all that hangs on it but its subject and what is coordinated with it."""
        cut = ("nsubj", "nsubjpass", "conj", "cc", "aux", "auxpass", "punct", "mark", "preconj")
        other = [c for c in verb.children if c.dep_ == "advcl" and self._is_view(c)]
        own = [c for c in verb.children if c.dep_ == "conj" and c.tag_ in ("VBG", "VB") and not speaks(c)]
        views = {t for c in other for t in c.subtree}
        words = subtree(verb, without=cut) + [t for c in own for t in c.subtree]
        return sorted((t for t in words if t.i >= verb.i and t not in views), key=lambda t: t.i)

    def _is_view(self, verb: Token) -> bool:
        """Whether a participle gives the author's view of what was said."""
        rules = self.by_verb.get(verb.lemma_.lower(), [])
        return is_participle(verb) and any(rule.own_voice for rule in rules)

    def _attributed(
        self, sentence: Sentence, rule: CueRule, verb: Token, content: list[Token], claimants: list[Party]
    ) -> Attributed:
        heads = [*complements(verb), clause_of_object(verb)]
        head = (
            verb if verb in content else next((c for c in heads if c is not None and c in content), verb.head)
        )
        start, end = span_of(content)
        noun = (
            next((c.lemma_.lower() for c in verb.children if c.dep_ in OBJECTS), None)
            if head == verb
            else None
        )
        negated = rule.polarity == "Negated" or has_negation(verb)
        return Attributed(sentence, start, end, head, tuple(claimants), verb.text, rule, noun, None, negated)

    def _according_to(self, sentence: Sentence) -> Iterator[Attributed]:
        for token in sentence.span:
            if token.lower_ != "according":
                continue
            sources = [
                t for c in token.children if c.lower_ == "to" for g in c.children for t in conjuncts(g)
            ]
            claimants = self.resolver.all_parties(sources, unknown=True)
            head = token.head
            if claimants and is_clause(head):
                words = [t for t in subtree(head) if t not in set(token.subtree)]
                start, end = span_of(words)
                yield Attributed(sentence, start, end, head, tuple(claimants), ACCORDING)

    def _of_nouns(self, sentence: Sentence) -> Iterator[Attributed]:
        """“*Xi's warning* that the step would do harm”: a noun of saying with its source and its clause."""
        for noun in sentence.span:
            rule = self.by_noun.get(noun.lemma_.lower()) if noun.pos_ == "NOUN" else None
            clause = next(
                (c for c in noun.children if c.dep_ in ("acl", "ccomp", "relcl") and is_that(c)), None
            )
            if rule is None or clause is None:
                continue
            sources = [c for c in noun.children if c.dep_ == "poss"] + obliques(noun).get("by", [])
            claimants = self.resolver.all_parties(sources, unknown=True) or self._body(sources)
            if claimants:
                start, end = span_of(subtree(clause))
                is_negated = rule.polarity == "Negated"
                yield Attributed(
                    sentence, start, end, clause, tuple(claimants), noun.text, rule, is_negated=is_negated
                )

    def _headline(self, sentence: Sentence) -> Iterator[Attributed]:
        """“*U.S. claims* talks go well”: a heading's verb after the name, often parsed as a noun."""
        mention = self.reading.mentions.agent_at(sentence.start)
        words = [t for t in sentence.span if not t.is_space]
        rest = [t for t in words if mention is not None and start_of(t) >= mention.end and not t.is_punct]
        if mention is None or len(rest) < 4 or rest[0].lower_.removesuffix("s") not in self.by_verb:
            return
        start, end = span_of(rest[1:])
        head = next((t for t in rest[1:] if is_clause(t)), None)
        if head is not None and start_of(rest[0]) <= mention.end + 1:
            speaker = Party(mention.entity, mention.start, mention.end, mention.capacity)
            yield Attributed(sentence, start, end, head, (speaker,), rest[0].text)

    def _without_outer(self, found: list[Attributed]) -> list[Attributed]:
        """Where one attribution is all that another holds, the inner one, relayed by an outer outlet."""
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
        return [self._relayed(a, relays.get(id(a))) for a in kept]

    def _gives_way(self, outer: Attributed, inner: Attributed) -> bool:
        """Whether what somebody says is just that another has said something."""
        return (_heads(outer, inner) and inner.is_statement) or (
            inner.verb == outer.head and self._is_of_principal(inner, outer)
        )

    def _is_held(self, inner: Attributed, outer: Attributed) -> bool:
        """Whether an attitude is but part of what somebody else says."""
        if not _holds(outer, inner) or (inner.verb is not None and _is_aside(outer, inner.verb)):
            return False
        return not self._is_of_principal(inner, outer)

    def _is_of_principal(self, inner: Attributed, outer: Attributed) -> bool:
        """“*Biden* raised concerns, *an official* said”: the words of a person whom an office tells of."""
        lexicon, side_of = self.reading.lexicon, self.resolver.side_of
        if not inner.claimants or not outer.claimants:
            return False
        sides = {side_of(party.entity) for party in (*inner.claimants, *outer.claimants)}
        are_named = all(lexicon.is_a(party.entity.kind, "Person") for party in inner.claimants)
        is_office = not any(lexicon.is_a(party.entity.kind, "Person") for party in outer.claimants)
        return are_named and is_office and len(sides) == 1 and None not in sides

    def _relayed(self, inner: Attributed, outer: Attributed | None) -> Attributed:
        if outer is None or not outer.claimants or outer.claimants == inner.claimants:
            return inner
        relay = outer.claimants[0]
        return replace(inner, relay=relay if self._is_outlet(relay) else None)

    def _is_outlet(self, party: Party) -> bool:
        return self.reading.lexicon.is_a(party.entity.kind, "MediaOutlet")


def _before(one: Attributed, other: Attributed) -> Attributed:
    """`one` cut off where the next reporting word of its chain begins."""
    begin = start_of(other.verb) if other.verb is not None and other.is_chained else one.end
    if not one.start < begin < one.end:
        return one
    words = [t for t in one.sentence.span if one.start <= start_of(t) < begin and t.lower_ != "also"]
    start, end = span_of(words)
    return replace(one, start=start, end=end)


def _holds(outer: Attributed, inner: Attributed) -> bool:
    """Whether an attitude is but part of what somebody says (“he said that China *opposes* it”)."""
    within = outer.start <= inner.start and inner.end <= outer.end
    return within and outer.is_statement and not inner.is_statement and not inner.is_chained


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
