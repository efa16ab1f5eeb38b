"""Finds what a government's own text says that a side will do: in sentences and in lists under a lead-in."""

from collections.abc import Iterable
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.claims.attributed import Attributed
from kg.extract.clauses.en import auxiliaries, conjuncts, is_clause, surface_subject
from kg.extract.clauses.en_reporting import span_of
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import CHINA, UNITED_STATES, Resolver
from kg.extract.rules import Rules
from kg.extract.text.blocks import HEADINGS, Block
from kg.extract.text.reading import Reading, Sentence


class CommitmentFinder:
    """Follows the sentences of a document that speaks for a side."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.is_official = reading.document.kind == "Readout" and resolver.publishing_side is not None
        self.owners: tuple[Party, ...] = ()
        self.lead: Block | None = None

    def find(self, sentence: Sentence, found: list[Attributed], told: Iterable[Token]) -> list[Attributed]:
        """The sentence, if it promises what a side will do; `told` are words that tell of events."""
        if not self.is_official or sentence.block.kind in HEADINGS:
            return []
        promised = self._item(sentence) or ([] if found else self._promise(sentence, set(told)))
        self._note_lead(sentence)
        return promised

    def _promise(self, sentence: Sentence, told: set[Token]) -> list[Attributed]:
        """“*China will purchase* …”: told by the side that publishes, or by both of what both will do."""
        root = sentence.root
        subject = surface_subject(root) if is_clause(root) else None
        is_future = {t.lower_ for t in auxiliaries(root)} & self.rules.lists["will_words"]
        if subject is None or not is_future or root in told:
            return []
        sides = self._sides(subject)
        if {UNITED_STATES, CHINA} <= sides:
            return self._whole(sentence, tuple(self.resolver.sides(root)))
        publisher = self.resolver.publishing_side
        if publisher is None or not sides:
            return []
        return self._whole(sentence, (self.resolver.country(publisher, root),))

    def _item(self, sentence: Sentence) -> list[Attributed]:
        """An act without subject in a list under “Chinese commitments to:”, as the promise of their owner."""
        root = sentence.root
        is_act = root.tag_ == "VB" and surface_subject(root) is None
        if not self.owners or sentence.block is self.lead:
            return []
        if not is_act:
            self.owners = ()
            return []
        return [replace(item, is_promise=True) for item in self._whole(sentence, self.owners)]

    def _note_lead(self, sentence: Sentence) -> None:
        """Remember whose promises a line that ends in a colon announces."""
        if not self.reading.text[: sentence.block.end].rstrip().endswith(":"):
            return
        nouns = self.rules.lists["promise_nouns"]
        for token in sentence.span:
            if token.lemma_.lower() in nouns and (owners := self.resolver.owners(token)):
                self.owners, self.lead = tuple(owners), sentence.block
                return
        root = sentence.root
        subject = surface_subject(root) if is_clause(root) else None
        is_promise = root.lemma_.lower() in self.rules.lists["plan_words"] or (
            {t.lower_ for t in auxiliaries(root)} & self.rules.lists["will_words"]
        )
        parties = self.resolver.all_parties(conjuncts(subject)) if subject is not None and is_promise else []
        self.owners, self.lead = tuple(parties), sentence.block

    def _sides(self, subject: Token) -> set[str]:
        """The two sides that are the subject themselves, as countries or governments."""
        lexicon = self.reading.lexicon
        parties = self.resolver.all_parties(conjuncts(subject))
        bodies = [p.entity for p in parties if not lexicon.is_a(p.entity.kind, "Person")]
        sides = {self.resolver.side_of(e) for e in bodies} & {UNITED_STATES, CHINA}
        return {side for side in sides if side is not None} if len(bodies) == len(parties) else set()

    def _whole(self, sentence: Sentence, claimants: tuple[Party, ...]) -> list[Attributed]:
        start, end = span_of([t for t in sentence.span if not t.is_space and t.text not in "-–•*"])
        return [Attributed(sentence, start, end, sentence.root, claimants)]
