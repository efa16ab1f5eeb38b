"""Finds who says what: reporting words, their source and the words that they report."""

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.claims.attributed import ACCORDING, Attributed
from kg.extract.claims.claimants import Claimants
from kg.extract.claims.nesting import Nesting, before
from kg.extract.claims.quotations import Span, quoted_by, spans_in, top_of
from kg.extract.clauses.en import (
    OBJECTS,
    clause_of_object,
    complements,
    conjuncts,
    is_clause,
    is_infinitive,
    is_passive,
    obliques,
    subjects,
    subtree,
    surface_subject,
)
from kg.extract.clauses.en_factuality import judge
from kg.extract.clauses.en_reporting import (
    QUOTING,
    after_that,
    around,
    beside,
    chains_on,
    hearers,
    is_contrast,
    is_gerund,
    is_governed,
    is_participle,
    is_swallowed,
    is_that,
    judgement,
    owners_of_record,
    owners_of_word,
    quoters,
    span_of,
    speaks,
)
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import Resolver
from kg.extract.rules import CueRule, Rule, Rules
from kg.extract.text.blocks import HEADINGS
from kg.extract.text.reading import Reading, Sentence, end_of, start_of


class AttributionFinder:
    """Applies the cue rules to the sentences of one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.claimants = Claimants(rules, resolver)
        self.by_verb: dict[str, list[CueRule]] = {}
        self.missed: list[tuple[Rule, Token, str]] = []
        for rule in rules.cues:
            for verb in rule.verbs:
                self.by_verb.setdefault(verb, []).append(rule)
        self.nesting = Nesting(reading, rules, resolver)
        self.by_noun = {noun: rule for rule in rules.cues for noun in rule.nouns}

    def find(self, sentence: Sentence) -> list[Attributed]:
        """What a sentence attributes, in its order; what is inside another's words with them as relay."""
        found: list[Attributed] = []
        quotations = spans_in(self.reading.text, sentence)
        for token in sentence.span:
            attributed = self._of_verb(sentence, token, found[-1] if found else None, quotations)
            if attributed is not None:
                found = [before(a, attributed) for a in found]
                found.append(attributed)
        found += self._introduced(sentence, found, quotations)
        found += self._according_to(sentence)
        found += self._of_nouns(sentence)
        found += self._headline(sentence) if sentence.block.kind in HEADINGS and not found else []
        return self.nesting.settle(sorted(found, key=lambda a: (a.start, -a.end)), quotations)

    def _of_verb(
        self, sentence: Sentence, verb: Token, last: Attributed | None, quotations: list[Span]
    ) -> Attributed | None:
        if verb.pos_ not in ("VERB", "AUX") or verb.lemma_.lower() not in self.by_verb or is_governed(verb):
            return None
        is_chained = last is not None and chains_on(verb)
        for rule in self.by_verb[verb.lemma_.lower()]:
            if rule.own_voice:
                if is_participle(verb):
                    return None
                continue
            content = self._content(rule, verb, is_chained=is_chained)
            if content is None and "quote" in rule.takes:
                content = quoted_by(verb, sentence, quotations) or around(verb) or beside(verb)
            if content is None:
                takes = ", ".join(sorted(rule.takes)) or ", ".join(sorted(rule.prepositions))
                self.missed.append((rule, verb, f"takes: it reports nothing in the form of {takes}"))
                continue
            claimants = list(last.claimants) if is_chained and last else self.claimants.of_verb(verb)
            if "state" in rule.takes and (subject := surface_subject(verb)) is not None:
                claimants = self.resolver.all_parties(conjuncts(subject), unknown=True)
            if is_chained and verb.tag_ == "VBG" and rule.attitude:
                continue
            if claimants and (is_swallowed(verb) or self._is_said(verb, rule)):
                found = self._attributed(sentence, rule, verb, content, claimants)
                return replace(
                    found, verb=verb, is_chained=is_chained, relay=self._quoting(verb) or self._hearer(verb)
                )
            reason = "it is not said to be so" if claimants else "nobody could be told who says it"
            self.missed.append((rule, verb, reason))
        return None

    def _quoting(self, verb: Token) -> Party | None:
        """The outlet that a passive says somebody was quoted by."""
        if verb.lemma_ not in QUOTING or not is_passive(verb):
            return None
        return next((p for p in self.resolver.all_parties(quoters(verb)) if self._is_outlet(p)), None)

    def _hearer(self, verb: Token) -> Party | None:
        """“told *the Global Times* that …”, “said in talks with *CNN*”: the outlet that passes it on."""
        return next((p for p in self.resolver.all_parties(hearers(verb)) if self._is_outlet(p)), None)

    def _is_said(self, verb: Token, rule: CueRule) -> bool:
        is_aside = verb.dep_ in ("parataxis", "ccomp") and verb.i < verb.head.i and speaks(verb)
        judgement = judge(verb, self.rules, within=verb.head if is_aside else None)
        if judgement.is_denied_plainly:
            return not is_infinitive(verb) and (rule.type == "Commitment" or rule.attitude)
        return judgement.happened

    def _content(self, rule: CueRule, verb: Token, *, is_chained: bool) -> list[Token] | None:
        """The words that `rule` takes as reported, or `None` if `verb` reports nothing of that kind."""
        if "clause" in rule.takes and is_swallowed(verb):
            return after_that(verb)
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
        if "state" in rule.takes and self._is_state(rule, verb):
            return self._phrase(verb)
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

    def _is_state(self, rule: CueRule, verb: Token) -> bool:
        """“was *unwilling* to talk”, “is *worried* that …”: in what mind the subject is about something."""
        states = [c for c in verb.children if c.dep_ == "acomp"] + [verb]
        about = ("xcomp", "ccomp", "prep")
        return any(
            state.lower_ in rule.objects and any(c.dep_ in about and c.i > state.i for c in state.children)
            for state in states
        )

    def _phrase(self, verb: Token) -> list[Token]:
        """The verb with all that hangs on it but its subject and what is coordinated with it."""
        cut = ("nsubj", "nsubjpass", "conj", "cc", "aux", "auxpass", "punct", "mark", "preconj")
        other = [c for c in verb.children if c.dep_ == "advcl" and (self._is_view(c) or is_contrast(c))]
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
        head = next((c for c in (verb, *heads) if c is not None and c in content), None) or top_of(content)
        start, end = span_of(content)
        noun = (
            next((c.lemma_.lower() for c in verb.children if c.dep_ in OBJECTS), None)
            if head == verb
            else None
        )
        negated = rule.polarity == "Negated" or judge(verb, self.rules).polarity == "Negated"
        return Attributed(sentence, start, end, head, tuple(claimants), verb.text, rule, noun, None, negated)

    def _introduced(
        self, sentence: Sentence, found: list[Attributed], quotations: list[Span]
    ) -> Iterator[Attributed]:
        """“Bush deplored the violence*: "I call on …"*”: a quotation behind a colon is its subject's."""
        for start, end in quotations:
            is_given = any(a.start < end and start < a.end and a.is_statement for a in found)
            if is_given or not self.reading.text[sentence.start : start].rstrip().endswith(":"):
                continue
            words = [t for t in sentence.span if start < start_of(t) and end_of(t) <= end and t.text != '"']
            verb = next((t for t in sentence.span if is_clause(t) and end_of(t) <= start and speaks(t)), None)
            claimants = self.resolver.all_parties(subjects(verb)) if verb is not None else []
            if claimants and any(is_clause(t) for t in words):
                begin, stop = span_of(words)
                yield Attributed(sentence, begin, stop, top_of(words), tuple(claimants))

    def _according_to(self, sentence: Sentence) -> Iterator[Attributed]:
        """“*According to* X”, “*for* many observers”, “*in* X's view”: a source in a phrase of its own."""
        for token in sentence.span:
            head = token.head
            if not is_clause(head) or not (sources := self._phrase_sources(token, sentence)):
                continue
            claimants = self.resolver.all_parties(sources, unknown=True)
            claimants = claimants or [p for t in sources if t.tag_ == "NNS" for p in self.claimants.people(t)]
            if claimants:
                words = [t for t in subtree(head) if t not in set(token.subtree)]
                start, end = span_of(words)
                yield Attributed(sentence, start, end, head, tuple(claimants), ACCORDING)

    def _phrase_sources(self, token: Token, sentence: Sentence) -> list[Token]:
        """Whom a phrase names as a source."""
        lists = self.rules.lists
        governed = [g for c in token.children if c.dep_ in ("prep", "pcomp") for g in c.children]
        governed = [t for g in governed for t in conjuncts(g)]
        if token.lower_ in lists["according_words"]:
            is_record = any(g.lemma_.lower() in lists["record_nouns"] for g in governed)
            owners = [t for g in governed for t in owners_of_record(g)] if is_record else []
            return owners or governed
        if token.dep_ != "prep" or start_of(token) != sentence.start:
            return []
        nouns = [t for c in token.children if c.dep_ == "pobj" for t in conjuncts(c)]
        if token.lower_ in lists["for_words"]:
            return [t for t in nouns if t.lemma_.lower() in lists["person_nouns"] and t.tag_ == "NNS"]
        views = [t for t in nouns if t.lemma_.lower() in lists["view_nouns"]]
        return [o for t in views for o in owners_of_word(t)]

    def _of_nouns(self, sentence: Sentence) -> Iterator[Attributed]:
        """“*Xi's warning* that the step would do harm”: a noun of saying with its source and its clause."""
        for noun in sentence.span:
            rule = self.by_noun.get(noun.lemma_.lower()) if noun.pos_ == "NOUN" else None
            clause = next(
                (c for c in noun.children if c.dep_ in ("acl", "ccomp", "relcl") and is_that(c)), None
            )
            if rule is None or clause is None:
                continue
            sources = owners_of_word(noun)
            claimants = self.resolver.all_parties(sources, unknown=True) or self.claimants.body(sources)
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

    def _is_outlet(self, party: Party) -> bool:
        return self.reading.lexicon.is_a(party.entity.kind, "MediaOutlet")
