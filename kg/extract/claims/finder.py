"""Finds what a document puts forward, sentence by sentence, and the source of what it tells."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extract.claims.attributed import Attributed
from kg.extract.claims.attribution import AttributionFinder
from kg.extract.claims.commitments import CommitmentFinder
from kg.extract.claims.own_voice import OwnVoice
from kg.extract.claims.quotations import Quotations
from kg.extract.claims.reader import ClaimDraft, ClaimReader
from kg.extract.claims.speakers import Speakers
from kg.extract.clauses.en import is_clause
from kg.extract.clauses.en_factuality import judge
from kg.extract.clauses.en_reporting import span_of
from kg.extract.references.discourse import Party
from kg.extract.references.resolver import Resolver
from kg.extract.rules import Rules
from kg.extract.text.blocks import HEADINGS
from kg.extract.text.reading import Reading, Sentence


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who stands behind some words of a document.

    Attributes:
        claimants: Who says so; empty for the document's own voice.
        relay: The outlet or spokesman who passes it on, if the document names one.
        is_denied: Whether it is told as what they deny.
    """

    claimants: tuple[Party, ...] = ()
    relay: Party | None = None
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class SourceAttribution:
    """Who says what in a sentence.

    Attributes:
        attributed: The parts that it attributes.
        speakers: Who says the rest: the speaker of a turn, a post, a quotation, speech that goes on.
    """

    attributed: tuple[Attributed, ...]
    speakers: tuple[Party, ...] = ()

    def attribution_at(self, offset: int) -> Attribution:
        """The source of the words at an offset: the innermost of those who are said to say them."""
        around = [a for a in self.attributed if a.start <= offset < a.end and a.claimants and a.is_statement]
        if not around:
            return Attribution(self.speakers)
        inner = min(around, key=lambda a: a.end - a.start)
        return Attribution(inner.claimants, inner.relay, inner.is_negated)


class ClaimFinder:
    """Keeps track of who speaks and reads the claims of one document."""

    def __init__(self, reading: Reading, rules: Rules, resolver: Resolver) -> None:
        self.reading, self.rules, self.resolver = reading, rules, resolver
        self.attributions = AttributionFinder(reading, rules, resolver)
        self.speakers = Speakers(reading, rules, resolver)
        self.own_voice = OwnVoice(reading, rules, resolver)
        self.undertakings = CommitmentFinder(reading, rules, resolver)
        self.quotations = Quotations(reading)
        self.reader = ClaimReader(reading, rules, resolver)

    def enter(self, sentence: Sentence) -> Party | None:
        """Go on to a sentence; who speaks in it as “I”."""
        self.speakers.enter(sentence)
        self.quotations.enter(sentence)
        return self.speakers.speaker(sentence)

    def attribute(self, sentence: Sentence) -> SourceAttribution:
        """Who says what in a sentence, before anything is made of it."""
        found: list[Attributed] = []
        for attributed in self.attributions.find(sentence):
            found.append(said := self.speakers.in_words_of(attributed))
            self.speakers.told_last(said)
        return SourceAttribution(tuple(found), self._speaking(sentence, found))

    def claims(
        self,
        sentence: Sentence,
        attributions: SourceAttribution,
        told: Iterable[Token],
        ahead: Iterable[Token] = (),
    ) -> list[tuple[Attributed, list[ClaimDraft]]]:
        """What is claimed in a sentence and in the quotation before it, by attribution.

        Args:
            sentence: The sentence.
            attributions: Who says what in it.
            told: The words that tell of events which it says took place.
            ahead: Those that tell of exchanges to come.
        """
        said = self.quotations.heard(attributions.attributed)
        sources = [a for s in said for a in self._whole(s, self.quotations.speakers, ())]
        sources += self._sources(sentence, attributions, tuple(told), tuple(ahead))
        return [(source, self.reader.read(source)) for source in sources if self._is_ours(source)]

    def _is_ours(self, source: Attributed) -> bool:
        """Whether words are the two countries' matter, and not one between one of them and a third."""
        return self.resolver.concerns(source.claimants, source.start, source.end)

    def _speaking(self, sentence: Sentence, found: list[Attributed]) -> tuple[Party, ...]:
        """Who says all of a sentence that it does not attribute to somebody else."""
        if self.speakers.asks(sentence.block):
            return ()
        if self.reading.document.kind == "JointStatement" and sentence.block.kind not in HEADINGS:
            return tuple(self.resolver.sides(sentence.root))
        if (speaker := self.speakers.speaker(sentence)) is not None:
            return (speaker,)
        if self.speakers.goes_on(sentence) and not self._has_source(found):
            return (self.speakers.going_on,) if self.speakers.going_on else ()
        is_own = not any(a.is_statement and self._is_of_another(a) for a in found)
        return self.quotations.speaking(sentence) if is_own else ()

    def _is_of_another(self, found: Attributed) -> bool:
        """Whether what stands in a quotation is told as another's words than its speaker's."""
        speaking = self.quotations.speakers or self.quotations.recent
        sides = {self.resolver.side_of(p.entity) for p in speaking}
        return any(
            p.entity.kind not in ("Country", "Group") or self.resolver.side_of(p.entity) not in sides
            for p in found.claimants
        )

    def _sources(
        self,
        sentence: Sentence,
        attributions: SourceAttribution,
        told: tuple[Token, ...],
        ahead: tuple[Token, ...],
    ) -> list[Attributed]:
        """What is put forward in a sentence: what it attributes, or all of it if somebody is speaking."""
        found = list(attributions.attributed)
        if self.speakers.asks(sentence.block):
            relay = self.speakers.relay(sentence.block)
            return [replace(a, relay=a.relay or relay) for a in found if a.is_statement]
        if attributions.speakers:
            passed_on = self._passed_on(sentence, found, attributions.speakers)
            return passed_on or self._whole(sentence, attributions.speakers, told)
        self.speakers.heard(found)
        if not found and self.quotations.holds(sentence):
            self.quotations.waiting.append(sentence)
            return []
        found += self.undertakings.find(sentence, found, ahead)
        return found + self.own_voice.find(sentence, found)

    def _passed_on(
        self, sentence: Sentence, found: list[Attributed], speakers: tuple[Party, ...]
    ) -> list[Attributed]:
        """“President Trump *also said* that …”, told by a spokesman: words of another whom he quotes."""
        own = {self.resolver.side_of(p.entity) for p in speakers}
        return [
            replace(a, relay=a.relay or speakers[0])
            for a in found
            if a.verb is not None and a.verb == sentence.root and a.is_statement and len(speakers) == 1
            and all(self.reading.lexicon.is_a(p.entity.kind, "Person") for p in a.claimants)
            and not own & {self.resolver.side_of(p.entity) for p in a.claimants}
        ]  # fmt: skip

    def _has_source(self, found: list[Attributed]) -> bool:
        """Whether a sentence inside somebody's speech names another source than the speaker's own side."""
        own = self.resolver.side_of(self.speakers.going_on.entity) if self.speakers.going_on else None
        for attributed in found:
            is_joint = len(attributed.claimants) > 1
            for party in attributed.claimants:
                if party.entity.kind not in ("Country", "Group"):
                    return True
                if is_joint and self.resolver.side_of(party.entity) != own:
                    return True
        return False

    def _whole(
        self, sentence: Sentence, speakers: tuple[Party, ...], told: tuple[Token, ...]
    ) -> list[Attributed]:
        """A sentence as its speaker's, unless the document itself only tells of an event with it."""
        is_first_hand = sentence.block.speaker is not None or self.reading.document.kind == "Post"
        is_telling = not is_first_hand and judge(sentence.root, self.rules).happened
        if is_telling and any(_makes_up(trigger, sentence) for trigger in told):
            return []
        if not is_clause(sentence.root) or sentence.span.text.rstrip().endswith("?"):
            return []
        start, end = span_of(list(sentence.span))
        if self.quotations.holds(sentence):
            inside = self.reading.text[start:end].rstrip('."')
            start, end = start + len(inside) - len(inside.lstrip('"')), start + len(inside)
        return [Attributed(sentence, start, end, sentence.root, speakers)]


def _makes_up(trigger: Token, sentence: Sentence) -> bool:
    """Whether an event is all that a sentence tells: its main verb or the object of that."""
    root = sentence.root
    return trigger == root or (trigger.head == root and trigger.dep_ == "dobj")
